"""WeChat subscription consents: each allows one message of a topic."""

from collections.abc import Mapping

from django.db import connection, transaction

from orders.models.outbox import Topic

# WeChat stops asking long before; more is a client that counts wrong.
REMAINING_MAX = 100


@transaction.atomic
def subscriptions_add(*, resident_id: int, counts: Mapping[Topic, int]) -> None:
    """Add what a resident has just consented to, one statement for all topics."""
    topics = sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orders_subscriptionquota (resident_id, topic, remaining)
            SELECT %s, added.topic, least(added.qty, %s)
              FROM unnest(%s::text[], %s::integer[]) AS added(topic, qty)
                ON CONFLICT (resident_id, topic) DO UPDATE
               SET remaining = least(orders_subscriptionquota.remaining + excluded.remaining, %s)
            """,
            [
                resident_id,
                REMAINING_MAX,
                [str(topic) for topic in topics],
                [counts[topic] for topic in topics],
                REMAINING_MAX,
            ],
        )
