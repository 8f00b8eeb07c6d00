"""A leader's own residents, with their phones masked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from fulfillment.domain.customers import (
    FIGURES_DAYS,
    Liveliness,
    last_order_of,
    liveliness_of,
)
from fulfillment.domain.pickups import OPEN_DAYS
from fulfillment.selectors.pickups import still_waiting
from leaders.domain.phones import phone_last4
from leaders.models.audit import AuditEvent
from leaders.models.care import Script, ScriptOccasion
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import points_minded_by
from orders.models.campaigns import SELLING_STATES, Offer
from orders.models.orders import Order, OrderLine, OrderState
from orders.models.residents import BindingSource, Resident, ResidentBinding
from orders.selectors.demand import DEMANDED_STATES

PHONE_OPENED = "phone.opened"
USUAL_GOODS = 3
PHONE_TAIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One resident of a leader; orders and sales are of the last 30 days.

    `open_order_id` is an order that waits to be fetched, for which the number
    may be opened; `usual` are the goods this resident bought most often, and
    `usual_on_sale` those of them that can be bought now.
    """

    resident_id: int
    name: str
    phone_last4: str
    building: str
    room: str
    bound_at: datetime | None
    binding: str
    last_at: datetime | None
    orders: int
    sales_fen: int
    liveliness: Liveliness
    open_order_id: int | None
    usual: tuple[str, ...]
    usual_on_sale: tuple[str, ...]

    @property
    def is_active(self) -> bool:
        """Whether they ordered within a week."""
        return self.liveliness is Liveliness.ACTIVE


def residents_of_leader(
    leader: Leader, liveliness: Liveliness, query: str, now: datetime
) -> QuerySet[Resident]:
    """The residents bound to a leader that a list shows, who ordered last first.

    Each has `last_at`, `orders_count` and `sales_fen` of orders with this
    leader alone, and `bound_at` and `binding` of the newest binding.
    """
    paid = Q(orders__leader=leader, orders__state__in=DEMANDED_STATES)
    lately = paid & Q(orders__paid_at__gte=_days_ago(now, FIGURES_DAYS - 1))
    newest = ResidentBinding.objects.filter(resident=OuterRef("pk"), leader=leader).order_by("-pk")
    rows = Resident.objects.filter(leader=leader, restricted_at=None).annotate(
        last_at=Max("orders__paid_at", filter=paid),
        orders_count=Count("orders", filter=lately),
        sales_fen=Sum("orders__total_fen", filter=lately, default=0),
        bound_at=Subquery(newest.values("bound_at")[:1], output_field=DateTimeField()),
        binding=Subquery(newest.values("source")[:1], output_field=CharField()),
    )
    found = rows.filter(_matching(query), _last_order(liveliness, now))
    return found.order_by(F("last_at").desc(nulls_last=True), "pk")


def counts_by_liveliness(leader: Leader, now: datetime) -> Mapping[Liveliness, int]:
    """How many residents each list has, in one query."""
    paid = Q(orders__leader=leader, orders__state__in=DEMANDED_STATES)
    last = Resident.objects.filter(leader=leader, restricted_at=None).annotate(
        last_at=Max("orders__paid_at", filter=paid)
    )
    counted = last.aggregate(
        **{f"n_{kind}": Count("pk", filter=_last_order(kind, now)) for kind in Liveliness}
    )
    return {kind: counted[f"n_{kind}"] for kind in Liveliness}


def customers(leader: Leader, residents: Iterable[Resident], now: datetime) -> list[Customer]:
    """What a page of residents shows, in three queries however long it is."""
    rows = list(residents)
    ids = [row.pk for row in rows]
    today = timezone.localdate(now)
    waiting = dict(
        phones_openable(leader, today).filter(resident__in=ids).values_list("resident", "pk")
    )
    usual = _usual_goods(leader, ids)
    on_sale = _skus_on_sale(now) if any(usual.values()) else frozenset()
    return [_customer(row, waiting.get(row.pk), usual[row.pk], on_sale, today) for row in rows]


def phones_openable(leader: Leader, today: date) -> QuerySet[Order]:
    """Orders for which this leader may ring: there, not fetched, and theirs to hand out.

    They are of the leader's own group, or wait at a point the leader minds
    for somebody else that day.
    """
    theirs = Q(leader=leader) | Q(pickup_point__in=points_minded_by(leader, today))
    days = (today - timedelta(days=OPEN_DAYS), today)
    there = Order.objects.filter(
        theirs, state=OrderState.FROZEN, campaign__delivery_date__range=days
    ).exclude(resident_phone="")
    return still_waiting(there)


def orders_answered_by(leader: Leader, today: date) -> QuerySet[Order]:
    """Orders a leader may know of at all: of the own group, or at a point minded today."""
    return Order.objects.filter(
        Q(leader=leader) | Q(pickup_point__in=points_minded_by(leader, today))
    )


def phones_opened(leader: Leader) -> QuerySet[AuditEvent]:
    """Every number that was opened as this leader, the newest first."""
    return (
        AuditEvent.objects.filter(action=PHONE_OPENED, facts__leader=leader.code)
        .select_related("actor")
        .order_by("-pk")
    )


def win_back_script() -> str:
    """The words the operator suggests for winning somebody back; empty if there are none."""
    scripts = Script.objects.filter(occasion=ScriptOccasion.WIN_BACK, is_active=True)
    return scripts.order_by("rank", "pk").values_list("body", flat=True).first() or ""


def _customer(
    row: Resident,
    open_order_id: int | None,
    usual: Sequence[tuple[int, str]],
    on_sale: frozenset[int],
    today: date,
) -> Customer:
    facts = vars(row)
    last_at: datetime | None = facts["last_at"]
    last_day = timezone.localdate(last_at) if last_at else None
    source = facts["binding"]
    return Customer(
        resident_id=row.pk,
        name=row.name,
        phone_last4=phone_last4(row.phone),
        building=row.building,
        room=row.room,
        bound_at=facts["bound_at"],
        binding=str(BindingSource(source).label) if source else "",
        last_at=last_at,
        orders=facts["orders_count"],
        sales_fen=facts["sales_fen"],
        liveliness=liveliness_of(last_day, today),
        open_order_id=open_order_id,
        usual=tuple(name for _sku, name in usual),
        usual_on_sale=tuple(name for sku, name in usual if sku in on_sale),
    )


def _usual_goods(
    leader: Leader, residents: Sequence[int]
) -> defaultdict[int, list[tuple[int, str]]]:
    """The goods each resident ordered most often with this leader, with their SKUs."""
    rows = (
        OrderLine.objects.filter(
            order__resident__in=residents,
            order__leader=leader,
            order__state__in=DEMANDED_STATES,
            is_void=False,
        )
        .values_list("order__resident", "sku", "sku__name")
        .annotate(times=Count("pk"))
        .order_by("order__resident", "-times", "sku")
    )
    usual: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for resident, sku, name, _times in rows:
        if len(usual[resident]) < USUAL_GOODS:
            usual[resident].append((sku, name))
    return usual


def _skus_on_sale(now: datetime) -> frozenset[int]:
    offers = Offer.objects.filter(
        campaign__state__in=SELLING_STATES,
        campaign__opens_at__lte=now,
        campaign__orders_close_at__gt=now,
        sku__is_active=True,
    )
    return frozenset(offers.values_list("sku", flat=True))


def _matching(query: str) -> Q:
    text = query.strip()
    if not text:
        return Q()
    match = Q(name__icontains=text) | Q(building__icontains=text) | Q(room__iexact=text)
    if text.isascii() and text.isdigit() and len(text) == PHONE_TAIL:
        match |= Q(phone__endswith=text)
    return match


def _last_order(liveliness: Liveliness, now: datetime) -> Q:
    span = last_order_of(liveliness, timezone.localdate(now))
    match = Q()
    if span.since is not None:
        match &= Q(last_at__gte=_day_start(span.since))
    if span.before is not None:
        match &= Q(last_at__lt=_day_start(span.before))
    if span.has_never and match:
        match |= Q(last_at__isnull=True)
    return match


def _days_ago(now: datetime, days: int) -> datetime:
    return _day_start(timezone.localdate(now) - timedelta(days=days))


def _day_start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
