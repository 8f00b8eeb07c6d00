"""Who has not come for their goods, how often they were reminded, and what may be done now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from fulfillment.domain.pickups import OPEN_DAYS, REMINDERS_A_DAY, disposable_from
from fulfillment.models.allocation import Allocation
from fulfillment.models.pickups import Disposal
from fulfillment.selectors.pickups import PickupCard, pickup_list
from leaders.models.leaders import Leader
from orders.models.catalogue import SkuKind, Storage
from orders.models.outbox import OutboxMessage, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpicked:
    """One order that waits; `reached` counts reminders that a channel took, on all days."""

    card: PickupCard
    reminded_today: int
    reached: int
    may_dispose_at: datetime
    disposal: Disposal | None

    @property
    def may_be_reminded(self) -> bool:
        """Whether another reminder is allowed today."""
        return self.reminded_today < REMINDERS_A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpickedBuilding:
    """The orders of one building."""

    title: str
    rows: tuple[Unpicked, ...]


def unpicked_of_leader(leader: Leader, today: date) -> tuple[Unpicked, ...]:
    """Everybody still to come to the leader's points, by point and door."""
    listed = pickup_list(leader, today).cards
    cards = [card for card in listed if card.pickup is None and card.is_open]
    ids = [card.order_id for card in cards]
    perishable = _perishable(ids)
    disposed = {row.order_id: row for row in Disposal.objects.filter(order__in=ids)}
    reminders = reminders_of((card.order_no, card.delivery_date) for card in cards)
    return tuple(
        Unpicked(
            card=card,
            reminded_today=reminders.on(card.order_no, today),
            reached=reminders.reached[card.order_no],
            may_dispose_at=may_dispose_at(card.delivery_date, card.order_id in perishable),
            disposal=disposed.get(card.order_id),
        )
        for card in cards
    )


def by_building(rows: Sequence[Unpicked]) -> list[UnpickedBuilding]:
    """The orders building by building; they are in the order of doors already."""
    groups: defaultdict[str, list[Unpicked]] = defaultdict(list)
    for row in rows:
        groups[row.card.building].append(row)
    return [UnpickedBuilding(title=title, rows=tuple(own)) for title, own in groups.items()]


def may_dispose_at(delivery_date: date, is_perishable: bool) -> datetime:
    """From when on goods nobody fetched may be disposed of."""
    return timezone.make_aware(disposable_from(delivery_date, is_perishable=is_perishable))


def is_perishable(order_id: int) -> bool:
    """Whether some goods of an order do not keep until the next day."""
    return order_id in _perishable([order_id])


def _perishable(order_ids: Sequence[int]) -> frozenset[int]:
    """Orders with goods that are chilled or weighed: what lies in the open is weighed."""
    rows = Allocation.objects.filter(
        Q(order_line__sku__storage=Storage.CHILL)
        | Q(order_line__sku__kind=SkuKind.CATCH_WEIGHT)
        | Q(substitute_qty__gt=0, substitute_sku__storage=Storage.CHILL),
        Q(allocated_qty__gt=0) | Q(substitute_qty__gt=0),
        order_line__order__in=order_ids,
    )
    return frozenset(rows.values_list("order_line__order_id", flat=True))


@dataclass(frozen=True, slots=True)
class Reminders:
    """Reminders by order and day, and how many of an order reached a channel."""

    by_day: Mapping[tuple[str, str], int]
    reached: Mapping[str, int]

    def on(self, order_no: str, day: date) -> int:
        """How many reminders of an order were written on a day."""
        return self.by_day.get((order_no, day.isoformat()), 0)


def reminder_key(order_no: str, day: date, number: int) -> str:
    """What makes the n-th reminder of an order on a day the only one."""
    return f"{order_no}:{day.isoformat()}:{number}"


def reminders_of(orders: Iterable[tuple[str, date]]) -> Reminders:
    """The reminders of orders, each with its delivery date."""
    keys = [key for order_no, day in orders for key in _keys(order_no, day)]
    rows = OutboxMessage.objects.filter(
        topic=Topic.PICKUP_REMINDER, dedupe_key__in=keys
    ).values_list("dedupe_key", "done_at", "channel")
    by_day: Counter[tuple[str, str]] = Counter()
    reached: Counter[str] = Counter()
    for key, done_at, channel in rows:
        order_no, day, _number = key.rsplit(":", 2)
        by_day[order_no, day] += 1
        reached[order_no] += bool(done_at and channel)
    return Reminders(by_day=by_day, reached=reached)


def _keys(order_no: str, delivery_date: date) -> Iterator[str]:
    """Every key an order can have; reminders end some days after the delivery."""
    for later in range(OPEN_DAYS + 1):
        for number in range(1, REMINDERS_A_DAY + 1):
            yield reminder_key(order_no, delivery_date + timedelta(days=later), number)
