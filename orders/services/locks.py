"""The locks of the ordering rules, and the one order they are taken in.

1. the campaign (shared by orders and payments, exclusive for closing and
   freezing), 2. the order, by key, 3. its payments, then its refunds, by key,
4. quotas by offer, then stock by (offer, bucket), so that the hottest rows are
held for the shortest time, 5. inserts only: ledger (held shared by whoever
posts, alone by whoever closes a day), events, messages. Whoever
takes two of them takes them in this order, each class in one statement, and a
deadlock cannot happen (docs/reliability.md).
"""

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

# The first number of the pair names what is locked, the second which one. 1 to 9
# belong to this app, 11 to 19 to fulfillment.
CAMPAIGN_LOCK = 1
PHONE_LOCK = 2
LEDGER_LOCK = 3
CLAIMS_LOCK = 4
# A resident waits at most this long for the closer or for hot goods.
PATIENCE = "3s"
# Closing a day waits less than PostgreSQL waits before it looks for deadlocks,
# and comes back later: nobody who posts is ever the victim.
CLOSER_PATIENCE = "500ms"


def campaign_lock_shared(campaign_id: int) -> None:
    """Hold the campaign beside other orders until the commit; wait at most `PATIENCE`.

    An advisory lock, because its queue is fair: with row locks new sharers
    overtake the waiting closer for as long as orders keep coming. The patience
    counts for every later lock of the transaction, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock_shared(%s, %s)",
            [PATIENCE, CAMPAIGN_LOCK, campaign_id],
        )


def campaign_lock_exclusive(campaign_id: int) -> None:
    """Wait for everyone who holds the campaign shared; held until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CAMPAIGN_LOCK, campaign_id])


def phone_lock(phone: str) -> None:
    """Let one transaction at a time send codes to a phone; taken alone, before any other lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PHONE_LOCK, phone])


def claims_lock(resident_id: int) -> None:
    """Let one transaction at a time approve a resident's claims by rule; taken before the order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLAIMS_LOCK, resident_id])


def ledger_lock_exclusive() -> bool:
    """Keep everybody from posting until the commit; False if somebody would not end in time.

    Whoever posts holds the ledger shared (`orders.services.ledger`), so after
    this no transfer of a day that is over is still on its way.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [CLOSER_PATIENCE])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LEDGER_LOCK])
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return False
    return True
