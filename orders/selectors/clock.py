"""The one clock that decides: the database's, the same for every host."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection

Clock = Callable[[], datetime]


def database_now() -> datetime:
    """The database's time of this very statement, not of the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
