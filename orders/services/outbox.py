"""Messages written in the transaction of what they tell about."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from orders.models.outbox import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to tell one person; `facts` are plain values that the template needs."""

    topic: Topic
    dedupe_key: str
    phone: str
    facts: Mapping[str, object]
    resident_id: int | None = None


def messages_queue(*, messages: Sequence[Message], now: datetime) -> None:
    """Put messages into the outbox; an event that was told before is not told again.

    Call it inside the transaction of the event, after all its locks.
    """
    told = [message for message in messages if message.phone]
    if not told:
        return
    with connection.cursor() as cursor:
        # Every payment ends here; written out, it costs a third of what the ORM makes of it.
        cursor.execute(
            """
            INSERT INTO orders_outboxmessage
                   (topic, dedupe_key, resident_id, phone, facts, available_at, attempts,
                    channel, error)
            SELECT message.*, %s, 0, '', ''
              FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::jsonb[]) AS message
                ON CONFLICT (topic, dedupe_key) DO NOTHING
            """,
            [
                now,
                [message.topic.value for message in told],
                [message.dedupe_key for message in told],
                [message.resident_id for message in told],
                [message.phone for message in told],
                [json.dumps(dict(message.facts), ensure_ascii=False) for message in told],
            ],
        )
