"""Proof of delivery (送达凭证): when, by whom and how a drop was handed over, or why not.

Drawn when somebody asks for it, from what stands in the books then. Times of
the driver's phone stand beside ours: the phone's are what the driver saw, ours
are what can be relied on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from fulfillment.papers.fonts import clean, fit_line, wrap
from fulfillment.papers.foot import draw_note, draw_totals
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import SOFT, Align, Box, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.table import Column, Flow, Kind, Table, Tone

PICTURE_WIDTH, PICTURE_HEIGHT = 90.0, 68.0
CAPTION_HEIGHT = 7.0
HEADING = Type(13, bold=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofEvent:
    """Something that was reported; `device_at` is None for what people entered at a desk."""

    what: str
    device_at: datetime | None
    server_at: datetime
    by: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPicture:
    """A photo or a signature as bytes of a JPEG or PNG, and what it is."""

    data: bytes
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPart:
    """One stop of the drop; totes and times are None where nobody entered them."""

    route: str
    stop_seq: int
    plate: str
    driver: str
    ending: str
    agreement: str
    method: str
    arrive_from: datetime
    arrive_to: datetime
    handed_at: datetime | None
    confirmed_by: str
    totes_planned: int
    totes_delivered: int | None
    empties: int | None
    note: str
    events: tuple[ProofEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """One SKU: pieces on the vehicle, pieces that arrived, and why they differ."""

    sku_code: str
    name: str
    unit: str
    sent: int
    received: int
    causes: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryProofContent:
    """Everything that is known of one drop; times are aware, in the zone to print."""

    stamp: Stamp
    slot: str
    delivery_on: date
    leader_name: str
    point_name: str
    address: str
    parts: tuple[ProofPart, ...]
    lines: tuple[ProofLine, ...]
    pictures: tuple[ProofPicture, ...] = ()


def render_delivery_proof(content: DeliveryProofContent) -> RenderedPaper:
    """Draw the stops of the drop, its goods, and the pictures."""
    pieces = sum(line.received for line in content.lines)
    sheet = Sheet(content.stamp.number)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    for part in content.parts:
        _draw_part(flow, part)
    _draw_goods(flow, content.lines)
    _draw_pictures(flow, content.pictures)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(
        pdf=sheet.finish(), pages=sheet.pages, lines=len(content.lines), pieces=pieces
    )


def _head(content: DeliveryProofContent, pieces: int) -> Head:
    return Head(
        title=_("Proof of delivery"),
        stamp=content.stamp,
        pieces=pieces,
        key=content.slot,
        subject=f"{content.leader_name} {content.point_name}",
        private=True,
        facts=(
            Fact(_("Leader"), content.leader_name),
            Fact(_("Pickup point"), content.point_name, 2),
            Fact(_("Deliver on"), f"{content.delivery_on:%Y-%m-%d}"),
            Fact(_("Address"), content.address, 4),
        ),
    )


def _draw_part(flow: Flow, part: ProofPart) -> None:
    sheet = flow.sheet
    flow.reserve(52)
    top = flow.take(9)
    title = f"{part.route}  {part.plate}  {part.driver}".strip()
    sheet.fitted(sheet.left, top + 6.5, title, HEADING, width=110)
    words = "  ·  ".join(word for word in (part.ending, part.agreement) if word)
    sheet.text(sheet.right, top + 6.5, words, Type(13, bold=True, align=Align.RIGHT))
    draw_totals(
        flow,
        (
            (_("Announced"), f"{part.arrive_from:%H:%M}–{part.arrive_to:%H:%M}"),
            (_("Handed over"), f"{part.handed_at:%m-%d %H:%M}" if part.handed_at else "—"),
            (_("Proved by"), part.method or "—"),
            (_("Totes / planned"), f"{_figure(part.totes_delivered)} / {part.totes_planned}"),
            (_("Empties taken back"), _figure(part.empties)),
        ),
    )
    if part.confirmed_by:
        draw_note(flow, _("Confirmed by %(person)s") % {"person": clean(part.confirmed_by)})
    for row in wrap(clean(part.note), sheet.right - sheet.left, 9, lines=2) if part.note else ():
        draw_note(flow, row)
    if part.events:
        _draw_events(flow, part.events)
    flow.y += 3


def _draw_events(flow: Flow, events: Sequence[ProofEvent]) -> None:
    small = Type(9)
    table = Table(
        flow,
        (
            Column(heading=_("What was reported"), width=68, type=small, lines=2),
            Column(heading=_("By the phone"), width=28, type=small, lines=1),
            Column(heading=_("By our clock"), width=28, type=small, lines=1),
            Column(heading=_("By"), width=22, type=small, lines=1),
            Column(heading=_("Place (WGS-84)"), width=40, type=small, lines=1),
        ),
        row_height=6.5,
    )
    table.head()
    for event in events:
        device_at = f"{event.device_at:%m-%d %H:%M:%S}" if event.device_at else "—"
        table.row(
            (event.what, device_at, f"{event.server_at:%m-%d %H:%M:%S}", event.by, event.place)
        )


def _draw_goods(flow: Flow, lines: Sequence[ProofLine]) -> None:
    if not lines:
        return
    flow.y += 2
    bold = Type(12, bold=True, align=Align.RIGHT)
    table = Table(
        flow,
        (
            Column(heading=_("SKU"), width=18, kind=Kind.NUMBER, type=Type(10)),
            Column(heading=_("Goods and spec"), width=70, type=Type(10)),
            Column(heading=_("Unit"), width=12, type=Type(10), lines=1),
            Column(heading=_("On the vehicle"), width=20, kind=Kind.NUMBER, type=bold),
            Column(heading=_("Received"), width=20, kind=Kind.NUMBER, type=bold),
            Column(heading=_("What differs"), width=46, type=Type(9)),
        ),
        row_height=7,
    )
    table.band(_("Goods"))
    table.head()
    for line in lines:
        table.row(
            (
                line.sku_code,
                line.name,
                line.unit,
                str(line.sent),
                str(line.received),
                (line.causes, line.decision) if line.decision else line.causes,
            )
        )
    sent, received = (
        sum(line.sent for line in lines),
        sum(line.received for line in lines),
    )
    difference = f"{received - sent:+d}" if received != sent else ""
    table.row(("", _("Total"), "", str(sent), str(received), difference), Tone.TOTAL)


def _draw_pictures(flow: Flow, pictures: Sequence[ProofPicture]) -> None:
    """Draw two pictures side by side, each over its caption."""
    sheet = flow.sheet
    for first in range(0, len(pictures), 2):
        flow.y += 3
        top = flow.take(PICTURE_HEIGHT + CAPTION_HEIGHT)
        for at, picture in enumerate(pictures[first : first + 2]):
            x = sheet.left + at * (PICTURE_WIDTH + 6)
            caption = fit_line(clean(picture.caption), PICTURE_WIDTH, 9)
            sheet.text(x, top + 4, caption, Type(9, grey=SOFT))
            sheet.picture(Box(x, top + 5.5, PICTURE_WIDTH, PICTURE_HEIGHT), picture.data)


def _figure(number: int | None) -> str:
    return "—" if number is None else str(number)
