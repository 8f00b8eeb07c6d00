"""What a law of the books is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BookLaw:
    """One law of the books and the statement that finds who breaks it.

    The statement returns one row per offender, its key first; `%(zone)s` is
    the operator's time zone. `stops_the_day` is False where goods that are
    bought and packed should not wait for the money of other orders.
    """

    name: str
    law: str
    offenders_sql: str
    stops_the_day: bool = True
