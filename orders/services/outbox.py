"""Messages written in the transaction of what they tell about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.models.outbox import OutboxMessage, Topic


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
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                topic=message.topic,
                dedupe_key=message.dedupe_key,
                resident_id=message.resident_id,
                phone=message.phone,
                facts=dict(message.facts),
                available_at=now,
            )
            for message in messages
            if message.phone
        ],
        ignore_conflicts=True,
    )
