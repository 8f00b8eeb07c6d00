"""Contents of a leader's papers: the note to sign and the list to hand out by."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.models.delivery import Stop
from fulfillment.models.warehouse import Drop
from fulfillment.papers.delivery_note import DeliveryNote, NoteLine
from fulfillment.papers.hand_out_list import HandOutLine, HandOutList
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Freeze, Totes
from fulfillment.selectors.handover import claim_hours
from fulfillment.selectors.papers.day import AllocatedLine, PaperDay
from fulfillment.selectors.papers.sorting import route_of
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.storage import StorageClass

# Until when, where no arrival is planned.
LAST_CLAIM = time(22, 0)


def drops_by_leader(day: PaperDay) -> dict[str, tuple[Drop, ...]]:
    """Leader code → the drops at the leader's points, in order of the point's code."""
    leaders: dict[str, list[Drop]] = {}
    for drop in day.drops:
        leaders.setdefault(drop.pickup_point.leader.code, []).append(drop)
    return {code: tuple(drops) for code, drops in sorted(leaders.items())}


def delivery_note(day: PaperDay, stamper: Stamper, drop: Drop) -> DeliveryNote:
    """What the leader signs for at one point."""
    point = drop.pickup_point
    stop = day.stops.get(drop.pk)
    window = arrival_window(timezone.localtime(stop.start_at)) if stop else None
    lines = tuple(_note_lines(day, drop))
    parts = day.parts.get(drop.pk, ())
    last = max((timezone.localtime(part.start_at) for part in parts), default=None)
    claim_until, cold_until = _claim_times(day, arrival_window(last) if last else None, lines)
    return DeliveryNote(
        stamp=stamper.stamp(
            Document.DELIVERY_NOTE,
            drop.slot_code,
            day.quantities((drop,)),
            freeze=Freeze.TOTES if drop.pk in day.sealed else None,
        ),
        route=route_of(day, drop),
        slot=drop.slot_code,
        stop_seq=stop.stop_seq if stop else 0,
        stops=day.stops_of_trip[stop.trip_id] if stop else 0,
        leader_name=point.leader.name,
        point_name=point.name,
        address=point.address,
        phone=point.leader.phone,
        arrive_from=window.arrive_from if window else None,
        arrive_to=window.arrive_to if window else None,
        totes=day.totes.get(drop.pk, Totes()),
        claim_until=claim_until,
        service_phone=stamper.template(Document.DELIVERY_NOTE).service_phone,
        lines=lines,
        is_sealed=drop.pk in day.sealed,
        totes_before=day.opening.leaders.get(point.leader_id, 0),
        cold_until=cold_until,
        also_on=" · ".join(_parts_words(parts)),
    )


def _parts_words(parts: Sequence[Stop]) -> Iterator[str]:
    """How many totes of a drop in parts come with each of its trips, in words."""
    if len(parts) > 1:
        for part in parts:
            yield _("%(route)s about %(time)s: %(totes)s totes") % {
                "route": str(part.trip),
                "time": f"{timezone.localtime(part.start_at):%H:%M}",
                "totes": part.totes,
            }


def hand_out_list(day: PaperDay, stamper: Stamper, drop: Drop) -> HandOutList:
    """What every resident of one point gets."""
    point = drop.pickup_point
    return HandOutList(
        stamp=stamper.stamp(Document.HAND_OUT_LIST, drop.slot_code, day.quantities((drop,))),
        slot=drop.slot_code,
        leader_name=point.leader.name,
        point_name=point.name,
        pickup_on=day.run.campaign.delivery_date,
        pickup_window=f"{point.opens_at:%H:%M}–{point.closes_at:%H:%M}",
        shipped_qty=drop.pieces,
        lines=tuple(_hand_out_lines(day, drop)),
    )


def _claim_times(
    day: PaperDay, window: ArrivalWindow | None, lines: Sequence[NoteLine]
) -> tuple[datetime, datetime | None]:
    """Until when differences can be reported, and of cold goods, where that is sooner."""
    if window is None:
        on = day.run.campaign.delivery_date
        return timezone.make_aware(datetime.combine(on, LAST_CLAIM)), None
    hours = claim_hours()
    storages = {line.storage for line in lines if line.shipped_qty}
    until = hours.until(storages or {StorageClass.AMBIENT}, window.arrive_to)
    cold = [
        hours.line_until(storage, window.arrive_to)
        for storage in storages
        if storage is not StorageClass.AMBIENT
    ]
    cold_until = max(cold, default=until)
    return until, cold_until if cold_until < until else None


def _tote_numbers(day: PaperDay, drop: Drop, storage: StorageClass) -> str:
    """Which of the drop's totes hold a class, as their labels say it: `1–2/3`.

    Nothing until the drop is sealed.
    """
    totes = day.sealed_totes.get(drop.pk)
    if totes is None or drop.pk not in day.sealed:
        return ""
    counts = {
        StorageClass.AMBIENT: (0, totes.ambient),
        StorageClass.CHILL: (totes.ambient, totes.chill),
        StorageClass.FROZEN: (totes.ambient + totes.chill, totes.frozen),
    }
    before, number = counts[storage]
    if not number:
        return ""
    first, last = before + 1, before + number
    numbers = str(first) if first == last else f"{first}–{last}"
    return f"{numbers}/{totes.total}"


def _note_lines(day: PaperDay, drop: Drop) -> Iterator[NoteLine]:
    for sku_id, replaces_sku_id, share in day.goods_of_point(drop.pickup_point_id):
        sku = day.skus[sku_id]
        yield NoteLine(
            tote=_tote_numbers(day, drop, StorageClass(sku.storage)),
            storage=StorageClass(sku.storage),
            sku_code=sku.code,
            name=day.marked(sku.name, replaces_sku_id),
            unit=sku.unit,
            ordered_qty=share.ordered_qty,
            shipped_qty=share.allocated_qty,
            reason=_("money returned") if share.short_qty else "",
            weight_g=None if replaces_sku_id else _point_weight_g(day, drop, sku_id),
        )


def _hand_out_lines(day: PaperDay, drop: Drop) -> Iterator[HandOutLine]:
    for line in day.lines_of_point[drop.pickup_point_id]:
        short_qty = line.ordered_qty - line.allocated_qty
        weighed = None
        if line.replaces_sku_id is None:
            weighed = day.weighed.get((line.order_no, line.sku_id))
        settled = weighed.settlement() if weighed else None
        yield HandOutLine(
            building=line.building,
            room=line.room,
            pickup_no="" if line.pickup_no is None else str(line.pickup_no),
            resident_name=line.resident_name,
            resident_phone=line.resident_phone,
            sku_code=_group_code(day, line),
            name=day.marked(line.sku_name, line.replaces_sku_id),
            unit=line.unit,
            qty=line.allocated_qty,
            short_qty=short_qty,
            reason=_("money returned") if short_qty else "",
            weight_g=weighed.weight_g if weighed else None,
            has_weight_refund=bool(settled and settled.refund_fen),
        )


def _point_weight_g(day: PaperDay, drop: Drop, sku_id: int) -> int | None:
    """What a point's pieces of a SKU weigh together; None until every one is weighed."""
    lines = [
        line
        for line in day.lines_of_point[drop.pickup_point_id]
        if line.sku_id == sku_id and line.replaces_sku_id is None and line.allocated_qty
    ]
    weighed = [day.weighed.get((line.order_no, sku_id)) for line in lines]
    if not weighed or None in weighed:
        return None
    return sum(line.weight_g for line in weighed if line)


def _group_code(day: PaperDay, line: AllocatedLine) -> str:
    """The code a list groups goods by; substitutes follow the goods they are, apart from them."""
    code = day.skus[line.sku_id].code
    if line.replaces_sku_id is None:
        return code
    return f"{code}+{day.skus[line.replaces_sku_id].code}"
