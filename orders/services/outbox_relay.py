"""The relay: takes messages out of the outbox and hands them to a channel.

A message is taken under a lease, in a short transaction; it is sent outside
any, and its end is noted under the same lease. Two relays never send one
message at the same time. One that is killed after the channel took a message
and before the end is noted leaves it to the next, which sends it again: a
message arrives at least once, and its key is the same each time.
"""

import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from leaders.domain.crashpoints import crashpoint
from orders.domain.messages import (
    ATTEMPTS_MAX,
    OBLIGED,
    Envelope,
    Topic,
    facts_without_secrets,
    retry_pause,
)
from orders.errors import ConsentUsedUp, SenderRefused, SenderUnavailable
from orders.integrations.senders import Sender, sender_for
from orders.models.outbox import OutboxMessage, SubscriptionQuota
from orders.services.message_wording import message_text, message_values

logger = logging.getLogger(__name__)

LIMIT = 200
# Messages are taken by the handful, so that a killed relay holds up only those.
BATCH_SIZE = 20
# Longer than a relay works and its slowest call takes.
LEASE = timedelta(minutes=3)
BATCH_SECONDS = 30.0
RELAY_SECONDS = 45.0
# So often a channel that is down is waited for before the next one is tried.
WAITS_FOR_CHANNEL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """How one attempt ended: with a channel, with a later try, or for good without one."""

    name: str
    channel: str = ""
    error: str = ""


def outbox_relay(
    *, now: datetime, only: Sequence[int] | None = None, limit: int = LIMIT
) -> Mapping[str, int]:
    """Send what waits, at most `limit` messages; return the figures of the round.

    Keys: `messages_sent`, `messages_put_off`, `messages_given_up`. `only`
    names messages by key, for what somebody is waiting for. Call it outside
    any transaction.
    """
    counts = {"messages_sent": 0, "messages_put_off": 0, "messages_given_up": 0}
    stop_at = time.monotonic() + RELAY_SECONDS
    while limit > 0 and time.monotonic() < stop_at:
        batch = _take(now, only, min(limit, BATCH_SIZE))
        if not batch:
            break
        limit -= len(batch)
        for end in _send_all(batch, now):
            counts[f"messages_{end}"] += 1
    return counts


def message_hurry(*, topic: str, dedupe_key: str, now: datetime) -> None:
    """Send one message at once, for somebody who waits for it; what fails is left to the schedule.

    Works without a broker. Call it after the commit of what queued the message.
    """
    waiting = OutboxMessage.objects.filter(topic=topic, dedupe_key=dedupe_key, done_at=None)
    try:
        outbox_relay(now=now, only=list(waiting.values_list("pk", flat=True)))
    except Exception:  # the boundary: the request has done its work already
        logger.exception("Message %s of %s could not be hurried", dedupe_key, topic)


@transaction.atomic
def message_retry(*, message_id: int, now: datetime) -> bool:
    """Let a message that was given up wait again; False if it was not, or holds no code any more.

    A log-in code is never sent again: its secret is gone.
    """
    given_up = OutboxMessage.objects.filter(pk=message_id, done_at__isnull=False, channel="")
    return bool(
        given_up.exclude(topic=Topic.LOGIN_CODE).update(
            done_at=None, attempts=0, error="", available_at=now, lease_until=None, lease_token=None
        )
    )


@transaction.atomic(durable=True)
def _take(now: datetime, only: Sequence[int] | None, count: int) -> list[OutboxMessage]:
    """Lease messages that are due and that nobody else holds, oldest first."""
    due = OutboxMessage.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), done_at=None, available_at__lte=now
    )
    if only is not None:
        due = due.filter(pk__in=only)
    batch = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("resident")
        .order_by("available_at", "pk")[:count]
    )
    token = uuid.uuid4()
    OutboxMessage.objects.filter(pk__in=[message.pk for message in batch]).update(
        lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    for message in batch:
        message.lease_token = token
        message.attempts += 1
    return batch


def _send_all(batch: Sequence[OutboxMessage], now: datetime) -> Iterator[str]:
    """Send a batch; what its time does not allow is given back untried."""
    crashpoint("relay.taken")
    stop_at = time.monotonic() + BATCH_SECONDS
    for position, message in enumerate(batch):
        if time.monotonic() > stop_at:
            _give_back(batch[position:])
            return
        end = _try(message, now)
        crashpoint("relay.sent")
        _note(message, end, now)
        yield end.name


def _try(message: OutboxMessage, now: datetime) -> _End:
    """One attempt; whatever goes wrong with this message is its own affair."""
    if _is_stale(message, now):
        return _End(name="given_up", error="too old to be of use")
    if _is_unwanted(message):
        return _End(name="given_up", error="the data of this resident are restricted")
    try:
        end = _deliver(message, _envelope(message))
    except Exception as error:  # the boundary: the next message must still go out
        logger.exception("Message %s could not be sent", message.pk)
        end = _End(name="put_off", error=f"{type(error).__name__}: {error}")
    if end.name == "put_off" and message.attempts >= ATTEMPTS_MAX:
        return _End(name="given_up", error=end.error)
    return end


def _deliver(message: OutboxMessage, envelope: Envelope) -> _End:
    """Try the channels in their order until one takes the message."""
    troubles = []
    is_down = False
    for channel in settings.MESSAGE_CHANNELS:
        sender = sender_for(channel)
        if not sender.can_reach(envelope):
            troubles.append(f"{channel}: no address or no template")
            continue
        if sender.needs_consent and not _consent_take(message):
            troubles.append(f"{channel}: no consent left")
            continue
        try:
            _send(sender, message, envelope)
        except SenderRefused as refusal:
            troubles.append(f"{channel}: {refusal} {dict(refusal.details)}")
        except SenderUnavailable as outage:
            is_down = True
            troubles.append(f"{channel}: {outage} {dict(outage.details)}")
            if message.attempts <= WAITS_FOR_CHANNEL:
                break
        else:
            return _End(name="sent", channel=channel)
    return _End(name="put_off" if is_down else "given_up", error="; ".join(troubles))


def _send(sender: Sender, message: OutboxMessage, envelope: Envelope) -> None:
    """Send once; a consent that was taken and not used up is given back."""
    try:
        number = sender.send(envelope)
    except ConsentUsedUp:
        _consents(message).update(remaining=0)
        raise
    except (SenderRefused, SenderUnavailable):
        # Whether a lost answer used it up only WeChat knows, and it will say so.
        if sender.needs_consent:
            _consents(message).update(remaining=F("remaining") + 1)
        raise
    logger.info("Message %s is on its way as %s", message.pk, number)


def _consent_take(message: OutboxMessage) -> bool:
    """Count a consent down before it is used: two relays cannot use the last one twice."""
    taken = _consents(message).filter(remaining__gt=0).update(remaining=F("remaining") - 1)
    crashpoint("relay.consent_taken")
    return bool(taken)


def _consents(message: OutboxMessage) -> QuerySet[SubscriptionQuota]:
    return SubscriptionQuota.objects.filter(resident=message.resident, topic=message.topic)


def _note(message: OutboxMessage, end: _End, now: datetime) -> None:
    """Write the end down, if the lease is still ours."""
    topic = Topic(message.topic)
    mine = OutboxMessage.objects.filter(
        pk=message.pk, lease_token=message.lease_token, done_at=None
    )
    error = end.error[:200]
    if end.name == "put_off":
        mine.update(
            lease_until=None,
            lease_token=None,
            available_at=now + retry_pause(message.attempts),
            error=error,
        )
        return
    is_kept = settings.SHOW_LOGIN_CODES
    mine.update(
        lease_until=None,
        lease_token=None,
        done_at=now,
        channel=end.channel,
        error=error,
        facts=message.facts if is_kept else facts_without_secrets(topic, message.facts),
    )


def _give_back(messages: Sequence[OutboxMessage]) -> None:
    OutboxMessage.objects.filter(
        pk__in=[message.pk for message in messages], lease_token=messages[0].lease_token
    ).update(lease_until=None, lease_token=None, attempts=F("attempts") - 1)


def _is_stale(message: OutboxMessage, now: datetime) -> bool:
    expires_at = message.facts.get("expires_at")
    return expires_at is not None and datetime.fromisoformat(expires_at) <= now


def _is_unwanted(message: OutboxMessage) -> bool:
    """Whether the resident's data are restricted, and nothing obliges us to tell this."""
    is_restricted = message.resident is not None and message.resident.restricted_at is not None
    return is_restricted and Topic(message.topic) not in OBLIGED


def _envelope(message: OutboxMessage) -> Envelope:
    topic = Topic(message.topic)
    return Envelope(
        topic=topic,
        key=f"{message.topic}:{message.dedupe_key}",
        phone=message.phone,
        openid=message.resident.openid if message.resident else "",
        text=message_text(topic, message.facts),
        fields=message_values(message.facts),
    )
