"""Chains as the leader's screens and the parser need them, scoped to one leader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.urls import reverse

from leaders.models.leaders import Leader
from orders.domain.cutoff import Phase
from orders.domain.jielong.chain import Doubt, Entry, Item, Operation, Problem
from orders.domain.jielong.doors import Door, door_of
from orders.domain.jielong.goods import JielongGoods
from orders.domain.jielong.lines import row_parts
from orders.domain.jielong.text import clean, squeezed
from orders.domain.money import yuan_text
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.jielong import (
    JielongEntry,
    JielongEntryState,
    JielongImport,
    JielongItem,
    SkuAlias,
)
from orders.models.orders import Order
from orders.models.residents import Resident
from orders.selectors.cities import sold_by

CANDIDATES_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class JielongRow:
    """One entry with what a leader decides about it."""

    entry: JielongEntry
    items: tuple[JielongItem, ...]
    problems: tuple[Problem, ...]

    @property
    def total_fen(self) -> int:
        """What its items cost at the campaign's prices."""
        return sum(item.qty * item.offer.price_fen for item in self.items)

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces by offer."""
        return {item.offer_id: item.qty for item in self.items}


@dataclass(frozen=True, slots=True)
class JielongCounts:
    """How many rows of an import stand where."""

    unclear: int
    ready: int
    ordered: int
    dismissed: int


def campaigns_for_chains(leader: Leader, now: datetime) -> list[Campaign]:
    """Campaigns of a leader's that take orders at a moment, by arrival."""
    open_ones = Campaign.objects.filter(
        sold_by(leader.pk), state=CampaignState.OPEN, orders_close_at__gt=now
    )
    shown = open_ones.order_by("delivery_date", "orders_close_at", "pk")
    return [each for each in shown if each.timeline.phase_at(now) is Phase.ORDERING]


def imports_of(leader: Leader) -> QuerySet[JielongImport]:
    """A leader's imports, the newest first, with how many rows stand where."""
    states = {
        state.value: Count("entries", filter=Q(entries__state=state))
        for state in (
            JielongEntryState.UNCLEAR,
            JielongEntryState.READY,
            JielongEntryState.ORDERED,
        )
    }
    return JielongImport.objects.filter(leader=leader).select_related("campaign").annotate(**states)


def goods_on_sale(
    campaign: Campaign, leader: Leader | None, marks: Mapping[str, str] | None = None
) -> tuple[JielongGoods, ...]:
    """What a chain may ask for: the campaign's SKUs with everybody's and the leader's words.

    `marks` are letters by SKU code that an earlier header gave.
    """
    offers = Offer.objects.filter(campaign=campaign, sku__is_active=True).select_related("sku")
    aliases: dict[int, list[str]] = {}
    for word, sku_id in words_for_skus(leader).items():
        aliases.setdefault(sku_id, []).append(word)
    letters = marks or {}
    return tuple(
        JielongGoods(
            sku_code=offer.sku.code,
            name=offer.sku.name,
            unit=offer.sku.unit,
            aliases=tuple(aliases.get(offer.sku_id, ())),
            mark=letters.get(offer.sku.code, ""),
        )
        for offer in offers.order_by("sku__code")
    )


def words_for_skus(leader: Leader | None) -> dict[str, int]:
    """What people call SKUs, by word (squeezed); a leader's own meaning wins over everybody's."""
    words = SkuAlias.objects.filter(leader=None).order_by("pk").values_list("alias", "sku_id")
    own = SkuAlias.objects.filter(leader=leader, leader__isnull=False).order_by("pk")
    return {squeezed(word): sku for word, sku in (*words, *own.values_list("alias", "sku_id"))}


def import_newest(leader: Leader, campaign: Campaign) -> JielongImport | None:
    """The newest snapshot of a leader's chain in a campaign."""
    snapshots = JielongImport.objects.filter(leader=leader, campaign=campaign)
    return snapshots.order_by("-snapshot_no").first()


def import_of(leader: Leader, pk: int) -> JielongImport | None:
    """One of a leader's own imports; None for any other."""
    found = JielongImport.objects.filter(leader=leader, pk=pk)
    return found.select_related("campaign", "leader").first()


def entry_of(leader: Leader, pk: int) -> JielongEntry | None:
    """One row of a leader's own imports; None for any other."""
    found = JielongEntry.objects.filter(jielong_import__leader=leader, pk=pk)
    return found.select_related("jielong_import__campaign", "jielong_import__leader").first()


def entry_by_token(token: str) -> JielongEntry | None:
    """The row of a payment link with its import and leader."""
    if not token:
        return None
    found = JielongEntry.objects.filter(token=token)
    return found.select_related(
        "jielong_import__campaign", "jielong_import__leader", "order"
    ).first()


def items_of(entry: JielongEntry) -> tuple[JielongItem, ...]:
    """The items of a row with their offers and SKUs."""
    return tuple(entry.items.select_related("offer__sku").order_by("pk"))


def rows_of(jielong_import: JielongImport) -> tuple[JielongRow, ...]:
    """The rows of an import as a leader decides about them, in a fixed number of queries."""
    items = JielongItem.objects.select_related("offer__sku").order_by("pk")
    entries = (
        jielong_import.entries.exclude(state=JielongEntryState.SUPERSEDED)
        .select_related("order", "jielong_import")
        .prefetch_related(Prefetch("items", queryset=items))
        .order_by("position")
    )
    return tuple(
        JielongRow(entry=entry, items=tuple(entry.items.all()), problems=problems_of(entry))
        for entry in entries
    )


def counts_of(rows: Iterable[JielongRow]) -> JielongCounts:
    """How many of these rows stand where."""
    states = [row.entry.state for row in rows]
    return JielongCounts(
        unclear=states.count(JielongEntryState.UNCLEAR),
        ready=states.count(JielongEntryState.READY),
        ordered=states.count(JielongEntryState.ORDERED),
        dismissed=states.count(JielongEntryState.DISMISSED),
    )


def problems_of(entry: JielongEntry) -> tuple[Problem, ...]:
    """The doubts about a row as values."""
    return tuple(Problem(Doubt(each["doubt"]), each["words"]) for each in entry.problems)


class Neighbours:
    """A leader's residents by door and by name, to be asked about many rows."""

    def __init__(self, leader_id: int) -> None:
        self._at_door: dict[Door, list[Resident]] = {}
        self._named: dict[str, list[Resident]] = {}
        known = Resident.objects.filter(leader=leader_id, restricted_at=None)
        for resident in known.order_by("pk"):
            door = door_of(resident.building, resident.room)
            self._at_door.setdefault(door, []).append(resident)
            self._named.setdefault(squeezed(resident.name), []).append(resident)

    def at_door(self, door: Door) -> tuple[Resident, ...]:
        """Who lives behind a door; nobody behind one without a room."""
        return tuple(self._at_door.get(door, ())) if door.room else ()

    def like(self, nickname: str, door: Door) -> tuple[Resident, ...]:
        """Who may have written a row: those of its door, then those of its name."""
        named = self._named.get(squeezed(nickname), ()) if nickname else ()
        return tuple(dict.fromkeys((*self.at_door(door), *named)))[:CANDIDATES_MAX]


def candidates_of(row: JielongRow) -> tuple[Resident, ...]:
    """Residents of the leader who may have written a row."""
    entry = row.entry
    neighbours = Neighbours(entry.jielong_import.leader_id)
    return neighbours.like(entry.nickname, Door(entry.building, entry.room))


def entry_value(entry: JielongEntry) -> Entry:
    """A stored row as the value that snapshots are compared by."""
    first_line = clean(entry.raw.split("\n", 1)[0])
    parts = row_parts(first_line, None)
    items = items_of(entry)
    return Entry(
        position=entry.position,
        number=parts[0] if parts else None,
        raw=entry.raw,
        nickname=entry.nickname,
        building=entry.building,
        room=entry.room,
        items=tuple(Item(item.offer.sku.code, item.qty, item.raw) for item in items),
        operation=Operation(entry.operation) if entry.operation else None,
        confidence_bp=entry.confidence_bp,
        problems=problems_of(entry),
    )


def prepaid_waiting(jielong_import: JielongImport) -> QuerySet[Order]:
    """Orders of an import that its leader placed and has not paid, the most urgent first."""
    orders = Order.objects.filter(
        jielong_entry__jielong_import=jielong_import,
        payer_leader=jielong_import.leader_id,
        state="pending_payment",
    )
    return orders.order_by("pay_by", "pk")


def prepaid_total_fen(orders: QuerySet[Order]) -> int:
    """What these orders cost together."""
    total: int | None = orders.aggregate(total=Sum("total_fen"))["total"]
    return total or 0


def offers_to_pick(
    jielong_import: JielongImport, row: JielongRow
) -> tuple[tuple[Offer, int, bool], ...]:
    """The campaign's offers with the row's quantity, and whether they are asked for in this chain.

    Those come first: they are the ones a leader taps.
    """
    in_chain = set(
        JielongItem.objects.filter(entry__jielong_import=jielong_import).values_list(
            "offer_id", flat=True
        )
    )
    offers = Offer.objects.filter(
        campaign=jielong_import.campaign_id, sku__is_active=True
    ).select_related("sku")
    picked = row.quantities
    listed = [(each, picked.get(each.pk, 0), each.pk in in_chain) for each in offers]
    return tuple(sorted(listed, key=lambda each: (not each[1], not each[2], each[0].sku.code)))


def unknown_words(row: JielongRow) -> tuple[str, ...]:
    """Words of a row that mean nothing on sale, without the quantities behind them."""
    words = (
        problem.words.rstrip("0123456789一二两三四五六七八九十xX×*份个盒袋包箱板瓶斤 ")
        for problem in row.problems
        if problem.doubt is Doubt.GOODS_UNKNOWN
    )
    return tuple(dict.fromkeys(word for word in words if word))


def links_text(rows: Iterable[JielongRow]) -> str:
    """The payment links of ready rows as one text for the group."""
    lines = []
    for row in rows:
        goods = "、".join(f"{item.offer.sku.name}×{item.qty}" for item in row.items)
        address = reverse("jielong-pay", args=[row.entry.token])
        who = row.entry.nickname or f"{row.entry.building}-{row.entry.room}"
        url = f"{settings.SITE_URL.rstrip('/')}{address}"
        lines.append(f"@{who} {goods} {yuan_text(row.total_fen)}\n{url}")
    return "\n".join(lines)


def masked_nickname(nickname: str) -> str:
    """A nickname as strangers may see it: its first letter."""
    return f"{nickname[:1]}**" if nickname else ""
