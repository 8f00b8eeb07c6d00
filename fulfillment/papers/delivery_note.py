"""D9 配送签收单: what the leader signs for; one copy stays, one goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import natural_key
from fulfillment.papers.figures import (
    in_words,
    reason_legend,
    storage_name,
    tote_counts,
    weight_words,
)
from fulfillment.papers.foot import (
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_check,
    draw_people,
    draw_signatures,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.ordering import STORAGE_RANK
from fulfillment.papers.paper import RenderedPaper, Stamp, Totes
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table, Tone
from leaders.domain.phones import mask_phone
from orders.domain.storage import StorageClass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One SKU handed over; `tote` is empty until totes are sealed.

    `weight_g` is what all pieces of goods sold by weight weigh together, once
    each of them is weighed.
    """

    tote: str
    storage: StorageClass
    sku_code: str
    name: str
    unit: str
    ordered_qty: int
    shipped_qty: int
    reason: str = ""
    weight_g: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNote:
    """One leader's drop; times are aware, in the zone to print.

    `totes_before` are the totes the leader has from earlier days. Until the
    slot is sealed its totes are an estimate. `cold_until` is there where some
    of the goods have the shorter time to report differences.

    A drop no route could take has no arrival and `stop_seq` 0: its goods
    wait in the warehouse with this note. One that travels in parts comes with
    `route` first; `also_on` says how many totes come later, and how.
    """

    stamp: Stamp
    route: str
    slot: str
    stop_seq: int
    stops: int
    leader_name: str
    point_name: str
    address: str
    phone: str
    arrive_from: datetime | None
    arrive_to: datetime | None
    totes: Totes
    claim_until: datetime
    service_phone: str
    lines: tuple[NoteLine, ...]
    is_sealed: bool = False
    totes_before: int = 0
    cold_until: datetime | None = None
    also_on: str = ""


def render_delivery_notes(title: str, notes: Sequence[DeliveryNote]) -> RenderedPaper:
    """Draw each note twice, for the leader and to bring back, into one file."""
    sheet = Sheet(title)
    for note in notes:
        for copy in (_("Leader's copy"), _("Return copy")):
            _draw_note(sheet, note, copy)
    lines = [line for note in notes for line in note.lines if line.shipped_qty]
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=len(lines),
        pieces=sum(line.shipped_qty for line in lines),
    )


def _draw_note(sheet: Sheet, note: DeliveryNote, copy: str) -> None:
    lines = sorted(note.lines, key=_line_order)
    pieces = sum(line.shipped_qty for line in lines)
    head = _head(note, pieces, copy)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    _draw_summary(flow, note)
    table = Table(flow, _columns(), row_height=8)
    table.head()
    number = 0
    for (tote, storage), group in groupby(lines, key=lambda line: (line.tote, line.storage)):
        part = list(group)
        count = _("%(count)d pieces") % {"count": sum(line.shipped_qty for line in part)}
        table.band(f"{storage_name(storage)}  {tote}".strip(), count)
        for line in part:
            number += 1
            table.row(_cells(number, line), Tone.NORMAL if line.shipped_qty else Tone.FADED)
    _draw_end(flow, note, lines)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))


def _line_order(line: NoteLine) -> tuple[object, ...]:
    return STORAGE_RANK[line.storage], natural_key(line.tote), natural_key(line.sku_code)


def _head(note: DeliveryNote, pieces: int, copy: str) -> Head:
    place = f"{note.route}  {note.stop_seq}/{note.stops}" if note.stop_seq else note.route
    return Head(
        title=_("Delivery note"),
        stamp=note.stamp,
        pieces=pieces,
        key=note.slot,
        subject=f"{note.leader_name} {note.point_name}",
        copy=copy,
        private=True,
        facts=(
            Fact(_("Leader"), f"{note.leader_name} {mask_phone(note.phone)}"),
            Fact(_("Pickup point"), note.point_name, 2),
            Fact(_("Route / stop"), place),
            Fact(_("Arrives"), _arrival(note)),
            Fact(_("Address"), note.address, 3),
            Fact(_("In parts"), note.also_on, 3),
        ),
    )


def _arrival(note: DeliveryNote) -> str:
    if note.arrive_from is None or note.arrive_to is None:
        return _("not on a route")
    return f"{note.arrive_from:%m-%d %H:%M}–{note.arrive_to:%H:%M}"


def _draw_summary(flow: Flow, note: DeliveryNote) -> None:
    total = note.totes.total
    words = in_words(total)
    count = f"{total} ({words})" if words else str(total)
    totals = [
        (_("Totes") if note.is_sealed else _("Totes (estimated)"), count),
        (_("Ambient / chilled / frozen"), tote_counts(note.totes)),
        (_("Pieces"), str(sum(line.shipped_qty for line in note.lines))),
        (_("Report differences until"), f"{note.claim_until:%m-%d %H:%M}"),
    ]
    if note.cold_until is not None:
        totals.append((_("Cold goods until"), f"{note.cold_until:%m-%d %H:%M}"))
    if note.totes_before:
        totals.append((_("Totes you had before"), str(note.totes_before)))
    if note.service_phone:
        totals.append((_("Service phone"), note.service_phone))
    draw_totals(flow, totals, rule=False)
    flow.y += 1.5


def _columns() -> tuple[Column, ...]:
    return (
        Column(key="number", heading=_("No."), width=10, type=Type(9, align=Align.CENTER), lines=1),
        Column(key="sku", heading=_("SKU"), width=17, kind=Kind.NUMBER, type=Type(10)),
        Column(heading=_("Goods and spec"), width=70),
        Column(key="unit", heading=_("Unit"), width=11, type=Type(11, align=Align.CENTER), lines=1),
        Column(
            key="ordered",
            heading=_("Ordered"),
            width=15,
            kind=Kind.NUMBER,
            type=Type(11, align=Align.RIGHT),
        ),
        Column(heading=_("Shipped"), width=19, kind=Kind.QUANTITY),
        Column(heading=_("Short and reason"), width=26, type=Type(9), lines=1),
        Column(heading=_("Received"), width=18, kind=Kind.BLANK),
    )


def _cells(number: int, line: NoteLine) -> tuple[Cell, ...]:
    missing = line.ordered_qty - line.shipped_qty
    short = _("short %(count)d") % {"count": missing} if missing else ""
    return (
        str(number),
        line.sku_code,
        (line.name, weight_words(line.weight_g)),
        line.unit,
        str(line.ordered_qty),
        str(line.shipped_qty),
        (short, line.reason) if short else "",
        "",
    )


def _draw_end(flow: Flow, note: DeliveryNote, lines: Sequence[NoteLine]) -> None:
    ordered = sum(line.ordered_qty for line in lines)
    shipped = sum(line.shipped_qty for line in lines)
    short = sum(line.ordered_qty - line.shipped_qty for line in lines)
    flow.reserve(TOTALS_HEIGHT + CHECK_HEIGHT + 2 * SIGN_HEIGHT + 6)
    draw_totals(
        flow,
        (
            (_("Lines"), str(sum(1 for line in lines if line.shipped_qty))),
            (_("Ordered"), str(ordered)),
            (_("Shipped"), str(shipped)),
            (_("Short"), str(short)),
        ),
    )
    words = _("Check: ordered %(ordered)d − short %(short)d") % {
        "ordered": ordered,
        "short": short,
    }
    draw_check(
        flow,
        (words, ordered - short),
        (_("shipped %(shipped)d") % {"shipped": shipped}, shipped),
    )
    draw_signatures(
        flow,
        (_("Totes received (of %(total)d)") % {"total": note.totes.total}, _("Empties returned")),
    )
    draw_people(flow, (_("Leader signs / code"), _("Time"), _("Driver")))
    top = flow.take(6)
    sheet = flow.sheet
    sheet.tick_box(sheet.left + 2.1, top + 3, 3.6)
    sheet.text(sheet.left + 6, top + 4.3, _("Photo taken"), Type(9))
    sheet.text(sheet.right, top + 4.3, reason_legend(), Type(9, align=Align.RIGHT))
