"""Whole transactions that are tried again when the database asks for it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import Error, IntegrityError, OperationalError, transaction

from orders.errors import PlatformBusy

Value = TypeVar("Value")

TRIES = 3
DEADLOCK_DETECTED = "40P01"
SERIALIZATION_FAILURE = "40001"
LOCK_NOT_AVAILABLE = "55P03"


def in_transaction(
    work: Callable[[], Value], *, unless_taken: frozenset[str] = frozenset()
) -> Value:
    """Run `work` in a transaction of its own and return what it returns.

    A deadlock or a serialization failure ends the transaction, not the
    request: it is run again, at most `TRIES` times in all; so is one whose
    random number was taken already, if the unique constraint is named in
    `unless_taken`. Nothing outside the database may happen in `work`. Raises
    `PlatformBusy` when a lock was waited for in vain, or the tries are over.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except (OperationalError, IntegrityError) as error:
            state = sqlstate(error)
            if state == LOCK_NOT_AVAILABLE:
                raise _busy() from error
            again = state in (DEADLOCK_DETECTED, SERIALIZATION_FAILURE)
            if not again and constraint(error) not in unless_taken:
                raise
            if attempt == TRIES:
                raise _busy() from error
    raise _busy()


def sqlstate(error: Error) -> str:
    """PostgreSQL's five letters for what it refused, or ''."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def constraint(error: Error) -> str:
    """The name of the constraint that was hurt, or ''."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _busy() -> PlatformBusy:
    return PlatformBusy("Very many people are ordering right now. Please send it again.")
