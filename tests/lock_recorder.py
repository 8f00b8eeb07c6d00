"""Writes down which rows a transaction locks, in the order it locks them first.

A test is a transaction itself, so every transaction of the code under test
begins with a savepoint there; what happens outside of one is a statement of its
own and can be in nobody's way.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """The classes of `orders.services.locks`, in the order in which they are taken."""

    CAMPAIGN = 1
    ORDER = 2
    PAYMENT = 3
    REFUND = 4
    QUOTA = 5
    STOCK = 6
    LEDGER = 7


ROWS = {
    "orders_order": Lock.ORDER,
    "orders_payment": Lock.PAYMENT,
    "orders_refund": Lock.REFUND,
    "orders_residentquota": Lock.QUOTA,
    "orders_offerstock": Lock.STOCK,
}
_UPDATED = re.compile(r'^\s*UPDATE "?(\w+)"?')
_LOCKED = re.compile(r'FROM "?(\w+)"?.*\bFOR (?:NO KEY )?UPDATE', re.DOTALL)


@contextmanager
def locks_recorded() -> Iterator[list[list[Lock]]]:
    """Collect one trail of locks per transaction that runs in the block."""
    trails: list[list[Lock]] = []
    depth = 0

    def record(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        nonlocal depth
        if sql.startswith("SAVEPOINT"):
            if depth == 0:
                trails.append([])
            depth += 1
        elif sql.startswith("RELEASE SAVEPOINT"):
            depth -= 1
        elif depth and (lock := lock_of(sql)) is not None and lock not in trails[-1]:
            trails[-1].append(lock)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield trails


def lock_of(sql: str) -> Lock | None:
    """The class of what a statement locks, None if it locks nothing others wait for."""
    if "INSERT INTO orders_transfer" in sql:
        return Lock.LEDGER
    if "pg_advisory_xact_lock" in sql:
        return Lock.CAMPAIGN
    found = _UPDATED.search(sql) or _LOCKED.search(sql)
    return ROWS.get(found.group(1)) if found else None
