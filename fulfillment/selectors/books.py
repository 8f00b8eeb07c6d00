"""The books checked from the rows, by other code than the code that wrote them.

Each law is one SQL statement that returns the offenders: a key and what is
wrong with it. No statement uses a figure that a service stored as a total if
the same figure can be summed from the rows below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from fulfillment.selectors.book_laws import (
    goods,
    ledger,
    money,
    night,
    orders,
    settlement,
    totes,
    weights,
)
from fulfillment.selectors.book_laws.law import BookLaw

LAWS = (
    *ledger.LAWS,
    *money.LAWS,
    *settlement.LAWS,
    *orders.LAWS,
    *goods.LAWS,
    *totes.LAWS,
    *weights.LAWS,
    *night.LAWS,
)
# How many offenders of one law are named; the count is always complete.
NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class BookResult:
    """What one law found; `offenders` names the first few."""

    name: str
    law: str
    violations: int
    offenders: tuple[str, ...]


def books_check(laws: Iterable[BookLaw] = LAWS) -> list[BookResult]:
    """Run laws over all rows; a clean book has no violations anywhere."""
    return [_run(law) for law in laws]


def _run(law: BookLaw) -> BookResult:
    with connection.cursor() as cursor:
        cursor.execute(
            law.offenders_sql,
            {
                "zone": settings.TIME_ZONE,
                "weight_refund_min_fen": settings.WEIGHT_REFUND_MIN_FEN,
            },
        )
        offenders = [str(row[0]) for row in cursor.fetchall()]
    return BookResult(
        name=law.name,
        law=law.law,
        violations=len(offenders),
        offenders=tuple(sorted(offenders)[:NAMED_MAX]),
    )
