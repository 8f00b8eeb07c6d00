"""Paid orders of other tools become orders of a campaign, each once.

What an export says was paid is a fact: prices are the file's, and no limit per
resident counts. Stock does: what is sold out here cannot be promised twice. A
row that does not come in has its reason; the rest goes on.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.services.audit import audit
from orders.domain.foreign_orders.bundle_rows import understand_bundle
from orders.domain.foreign_orders.reconciling import Figure, reconcile
from orders.domain.foreign_orders.sheets import (
    SUMMARIES,
    ForeignFile,
    Layout,
    Sheet,
    layout_of,
)
from orders.domain.foreign_orders.understanding import (
    ForeignOrder,
    ForeignOrders,
    Refusal,
    Refused,
    understand,
)
from orders.domain.jielong.goods import core_of
from orders.domain.jielong.text import squeezed
from orders.jielong_errors import ImportTooLate, OrderFileUnreadable
from orders.models.campaigns import SELLING_STATES, Campaign, Offer
from orders.models.orders import Order, OrderLine, OrderSource, OrderState
from orders.selectors.jielong import words_for_skus
from orders.services.imported_payments import imported_pay
from orders.services.locks import campaign_lock_shared
from orders.services.residents import neighbour_of_leader
from orders.services.stock import StockAsk, stock_take

NUMBER_DIGITS = 10
AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOrders:
    """A file as it was understood, held against its own summaries."""

    found: ForeignOrders
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: new orders, orders that were here already, and what was refused."""

    new: int
    known: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One line of an order with the offer it is of."""

    offer: Offer
    qty: int
    unit_price_fen: int


def file_orders(file: ForeignFile, layout: str = AUTO) -> FileOrders:
    """Understand a file. Raises `OrderFileUnreadable` if no sheet has the layout, or any."""
    for sheet in file.sheets:
        known = layout_of(sheet.headings)
        if known is None or known in SUMMARIES or layout not in (AUTO, known.value):
            continue
        found = _understood(file, sheet, known)
        return FileOrders(found=found, figures=reconcile(file, found))
    raise OrderFileUnreadable(
        "No sheet of this file has a layout that is known.", file=file.name, layout=layout
    )


def order_import(
    *,
    found: ForeignOrders,
    campaign: Campaign,
    leader: Leader | None,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
) -> Imported:
    """Write the orders of a file as paid facts of a campaign; all of it or nothing.

    Goods are matched by name, code or alias, never by a part of a name. The
    same file again changes nothing. `leader` counts for orders that name none.
    Raises `ImportTooLate` once the campaign is cut off.
    """
    with transaction.atomic():
        campaign_lock_shared(campaign.pk)
        campaign.refresh_from_db()
        if campaign.state not in SELLING_STATES:
            raise ImportTooLate("This campaign takes no more orders.", campaign=campaign.code)
        imported = _orders_write(found, campaign, leader, now)
        if dry_run:
            transaction.set_rollback(True)
        elif imported.new:
            audit(
                action="orders.imported",
                about=campaign,
                actor=actor,
                now=now,
                facts={"layout": found.layout.value, "orders": imported.new},
            )
    return imported


def _understood(file: ForeignFile, sheet: Sheet, layout: Layout) -> ForeignOrders:
    if layout is Layout.DAY_BUNDLE:
        return understand_bundle(sheet)
    return understand(file, sheet, layout)


def _orders_write(
    found: ForeignOrders, campaign: Campaign, leader: Leader | None, now: datetime
) -> Imported:
    codes = {order.leader_code for order in found.orders if order.leader_code}
    leaders = {each.code: each for each in Leader.objects.filter(code__in=codes)}
    goods: dict[int, _Goods] = {}
    refused: list[Refused] = []
    new: list[Order] = []
    known = 0
    for at, order in enumerate(found.orders):
        owner = leaders.get(order.leader_code) if order.leader_code else leader
        if owner is None:
            refused.append(Refused(order.row, Refusal.LEADER_UNKNOWN, order.leader_code))
            continue
        if owner.pk not in goods:
            goods[owner.pk] = _Goods(campaign, owner)
        order_no = _order_no(campaign, owner, order)
        if Order.objects.filter(order_no=order_no).exists():
            known += 1
            continue
        lines = goods[owner.pk].lines(order)
        if isinstance(lines, Refused):
            refused.append(lines)
            continue
        # The file's order stays the order of payment where it has no times.
        moment = _moment(order.paid_at) or now + timedelta(microseconds=at)
        row = _order_write(order, order_no, campaign, owner, lines, moment)
        if row is None:
            words = "、".join(line.name for line in order.lines)
            refused.append(Refused(order.row, Refusal.SOLD_OUT, words))
        else:
            new.append(row)
    imported_pay(orders=new, now=now)
    return Imported(new=len(new), known=known, refused=tuple(refused))


class _Goods:
    """What goods of a campaign are called, exactly."""

    def __init__(self, campaign: Campaign, leader: Leader) -> None:
        self._by_name: dict[str, dict[int, Offer]] = {}
        self._by_core: dict[str, dict[int, Offer]] = {}
        offers = {
            offer.sku_id: offer
            for offer in Offer.objects.filter(campaign=campaign).select_related("sku")
        }
        for offer in offers.values():
            for name in (offer.sku.code, offer.sku.name):
                self._by_name.setdefault(squeezed(name), {})[offer.pk] = offer
            self._by_core.setdefault(squeezed(core_of(offer.sku.name)), {})[offer.pk] = offer
        for word, sku_id in words_for_skus(leader).items():
            if sku_id in offers:
                # What was settled by hand wins over names that happen to be alike.
                self._by_name[word] = {offers[sku_id].pk: offers[sku_id]}

    def lines(self, order: ForeignOrder) -> Sequence[_Wanted] | Refused:
        """The lines of an order, or why it is refused; goods named twice are one line."""
        wanted: dict[int, _Wanted] = {}
        for line in order.lines:
            offers = self._offers(line.name, line.spec)
            if len(offers) != 1:
                reason = Refusal.GOODS_AMBIGUOUS if offers else Refusal.GOODS_UNKNOWN
                return Refused(order.row, reason, f"{line.name} {line.spec}".strip())
            (offer,) = offers.values()
            price = offer.price_fen if line.amount_fen is None else line.amount_fen // line.qty
            before = wanted.get(offer.pk)
            if before and before.unit_price_fen != price:
                return Refused(order.row, Refusal.AMOUNT_NOT_PER_PIECE, line.name)
            qty = line.qty + (before.qty if before else 0)
            wanted[offer.pk] = _Wanted(offer, qty, price)
        return list(wanted.values())

    def _offers(self, name: str, spec: str) -> Mapping[int, Offer]:
        for key in (f"{name}{spec}", name):
            if found := self._by_name.get(squeezed(key)):
                return found
        return self._by_core.get(squeezed(core_of(name)), {})


def _order_write(
    order: ForeignOrder,
    order_no: str,
    campaign: Campaign,
    leader: Leader,
    lines: Sequence[_Wanted],
    moment: datetime,
) -> Order | None:
    """Write one order with its lines; None if the goods are sold out."""
    point = leader.pickup_points.filter(is_open=True).order_by("code").first()
    digits = phone_digits(order.phone)
    phone = digits if is_mobile_number(digits) else ""
    resident = neighbour_of_leader(
        leader=leader,
        name=order.receiver[:60],
        phone=phone,
        building=order.place.building[:30],
        room=order.place.room[:30],
    )
    with transaction.atomic():
        row = Order.objects.create(
            order_no=order_no,
            campaign=campaign,
            leader=leader,
            pickup_point=point or leader.pickup_points.order_by("code")[0],
            resident=resident,
            state=OrderState.PAID,
            source=OrderSource.IMPORT,
            source_no=order.source_no[:60],
            resident_name=order.receiver[:60],
            resident_phone=phone,
            building=order.place.building[:30],
            room=order.place.room[:30],
            total_fen=sum(line.qty * line.unit_price_fen for line in lines),
            placed_at=moment,
            paid_at=moment,
        )
        OrderLine.objects.bulk_create(
            OrderLine(
                order=row,
                line_no=line_no,
                offer=line.offer,
                sku=line.offer.sku,
                sku_name=line.offer.sku.name,
                unit=line.offer.sku.unit,
                qty=line.qty,
                unit_price_fen=line.unit_price_fen,
                commission_rate_bp=line.offer.commission_rate_bp,
            )
            for line_no, line in enumerate(lines, start=1)
        )
        asks = [
            StockAsk(line.offer.pk, line.qty, line.offer.stock_buckets)
            for line in lines
            if line.offer.stock_cap is not None
        ]
        if stock_take(asks=asks, preferred=row.pk):
            transaction.set_rollback(True)
            return None
    return row


def _order_no(campaign: Campaign, leader: Leader, order: ForeignOrder) -> str:
    """One number for one order, whichever file brings it: by its number there, goods and person."""
    names = sorted(line.name for line in order.lines)
    told = "|".join((leader.code, order.source_no, order.receiver, order.phone, *names))
    digest = hashlib.sha256(told.encode()).hexdigest()[:NUMBER_DIGITS].upper()
    return f"{campaign.code}-I{digest}"


def _moment(text: str) -> datetime | None:
    """A time of a file; without an offset it is ours. None for what is no time."""
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        return None
    if moment is None:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
