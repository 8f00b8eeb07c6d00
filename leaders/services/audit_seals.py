"""Audit events are sealed in blocks, each with the digest of the one before."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from leaders.domain.audit_chain import ORIGIN, block_digest
from leaders.domain.crashpoints import crashpoint
from leaders.models.audit import AuditEvent, AuditSeal
from leaders.selectors.audit_seals import events_chained, seal_newest

# 1 to 9 belong to orders, 11 to 19 to fulfillment; the chain has one part.
SEAL_LOCK = 21
BLOCK_SIZE = 1_000
# Younger events wait, so that a quiet hour makes few blocks.
SEALS_AFTER = timedelta(minutes=5)

# Whoever has an event on its way holds this lock until it is in the rows or gone.
WRITERS_SQL = """
SELECT EXISTS (
    SELECT FROM pg_locks l
     WHERE l.relation = 'leaders_auditevent'::regclass
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid()
)
"""


def audit_seal_due(*, now: datetime) -> int:
    """Seal what is old enough, block after block; return how many events.

    Ids are given before rows are seen, so a block is made only when nobody is
    writing an event: nothing can appear behind it afterwards. Otherwise it is
    left to the next round.
    """
    until_id = (
        AuditEvent.objects.filter(at__lt=now - SEALS_AFTER)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    # Asked after the id was read: who writes a lower one is still seen writing.
    if until_id is None or _is_being_written():
        return 0
    sealed = 0
    while events := _block_seal(until_id, now):
        sealed += events
    return sealed


@transaction.atomic
def _block_seal(until_id: int, now: datetime) -> int:
    """Make the next block of the chain; return its events, 0 where there is none to make."""
    if not _is_alone():
        return 0
    newest = seal_newest()
    block = events_chained(
        after_id=newest.last_id if newest else 0, until_id=until_id, most=BLOCK_SIZE
    )
    if not block:
        return 0
    crashpoint("audit_seal.block_read")
    AuditSeal.objects.create(
        first_id=block[0].event_id,
        last_id=block[-1].event_id,
        events=len(block),
        digest=block_digest(newest.digest if newest else ORIGIN, block),
        sealed_at=now,
    )
    return len(block)


def _is_alone() -> bool:
    """Whether no other process makes a block; holds the chain until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [SEAL_LOCK])
        return bool(cursor.fetchone()[0])


def _is_being_written() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS_SQL)
        return bool(cursor.fetchone()[0])
