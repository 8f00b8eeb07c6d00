"""D8 路线单: the driver's way, stop by stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from fulfillment.papers.figures import kilometres, tote_counts
from fulfillment.papers.fonts import clean, text_width, wrap
from fulfillment.papers.foot import (
    SIGN_HEIGHT,
    draw_note,
    draw_people,
    draw_signatures,
    draw_totals,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import BLACK, SOFT, WHITE, Align, Box, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp, Totes
from fulfillment.papers.table import Flow
from leaders.domain.phones import mask_phone, phone_digits

STOP_HEIGHT = 44.0
MARKER_HEIGHT = 8.0
QR_SIDE = 24.0
NOTE_HEIGHT = 5.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStop:
    """One stop; times are aware, in the zone to print.

    `arrive_from` and `arrive_to` are the window told to the leader,
    `phone` is the leader's number (printed masked, its QR calls it),
    `map_link` opens the place on a phone, `empties_due` are the totes the
    leader has from earlier days. Until the slot is sealed its totes are an
    estimate. `also_on` says where the rest of a drop in parts travels; its
    pieces count on one of its sheets, and are 0 on the others.
    """

    stop_seq: int
    slot: str
    arrive_from: datetime
    arrive_to: datetime
    distance_m: int
    leader_name: str
    point_name: str
    address: str
    phone: str
    access_note: str
    specials: str
    totes: Totes
    bulky: int
    pieces: int
    map_link: str
    is_sealed: bool = False
    empties_due: int = 0
    also_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSheetContent:
    """One vehicle trip from the warehouse and back."""

    stamp: Stamp
    route: str
    plate: str
    vehicle: str
    driver: str
    warehouse: str
    departs_at: datetime
    returns_at: datetime
    distance_m: int
    service_phone: str
    stops: tuple[RouteStop, ...]


def render_route_sheet(content: RouteSheetContent) -> RenderedPaper:
    """Draw the way in stop order, a card per stop with its map and phone codes."""
    stops = sorted(content.stops, key=lambda stop: stop.stop_seq)
    pieces = sum(stop.pieces for stop in stops)
    sheet = Sheet(content.stamp.number)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    _draw_summary(flow, content, stops)
    start = _("Start of route · %(place)s · departs %(time)s")
    end = _("End of route · %(count)d stops · back at %(place)s %(time)s")
    _draw_marker(flow, start % {"place": content.warehouse, "time": f"{content.departs_at:%H:%M}"})
    for stop in stops:
        _draw_stop(flow, stop, len(stops))
    _draw_marker(
        flow,
        end
        % {
            "count": len(stops),
            "place": content.warehouse,
            "time": f"{content.returns_at:%H:%M}",
        },
    )
    _draw_end(flow)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(stops), pieces=pieces)


def _head(content: RouteSheetContent, pieces: int) -> Head:
    return Head(
        title=_("Route sheet"),
        stamp=content.stamp,
        pieces=pieces,
        key=content.route,
        subject=f"{content.plate} {content.vehicle}",
        private=True,
        facts=(
            Fact(_("Vehicle"), f"{content.plate} {content.vehicle}", 2),
            Fact(_("Departs"), f"{content.departs_at:%m-%d %H:%M}"),
            Fact(_("Driver"), content.driver),
            Fact(_("Service phone"), content.service_phone),
        ),
    )


def _draw_summary(flow: Flow, content: RouteSheetContent, stops: Sequence[RouteStop]) -> None:
    totes = Totes(
        ambient=sum(stop.totes.ambient for stop in stops),
        chill=sum(stop.totes.chill for stop in stops),
        frozen=sum(stop.totes.frozen for stop in stops),
    )
    draw_totals(
        flow,
        (
            (_("Stops"), str(len(stops))),
            (_("Totes out"), str(totes.total)),
            (_("Totes ambient / chilled / frozen"), tote_counts(totes)),
            (_("Pieces"), str(sum(stop.pieces for stop in stops))),
            (_("km"), kilometres(content.distance_m)),
            (_("Back at"), f"{content.returns_at:%H:%M}"),
        ),
        rule=False,
    )


def _draw_marker(flow: Flow, text: str) -> None:
    sheet = flow.sheet
    top = flow.take(MARKER_HEIGHT)
    width = sheet.right - sheet.left
    sheet.fill(Box(sheet.left, top + 0.6, width, MARKER_HEIGHT - 1.2), BLACK)
    sheet.fitted(sheet.left + 2, top + 5.2, text, Type(11, bold=True, grey=WHITE), width=width - 4)


def _draw_stop(flow: Flow, stop: RouteStop, stops: int) -> None:
    sheet = flow.sheet
    top = flow.take(STOP_HEIGHT)
    bottom = top + STOP_HEIGHT
    sheet.text(sheet.left, top + 11.5, str(stop.stop_seq), Type(30, bold=True))
    x = sheet.left + 17
    sheet.text(sheet.left, top + 18, _("of %(stops)d") % {"stops": stops}, Type(8, grey=SOFT))
    sheet.text(sheet.left, top + 25, f"{stop.arrive_from:%H:%M}", Type(11, bold=True))
    sheet.text(sheet.left, top + 30, f"–{stop.arrive_to:%H:%M}", Type(11, bold=True))
    sheet.text(sheet.left, top + 35.5, f"{kilometres(stop.distance_m)} km", Type(8, grey=SOFT))
    qr_left = sheet.right - 2 * QR_SIDE - 3
    _draw_place(sheet, stop, x, top, qr_left - 3)
    _draw_codes(sheet, stop, qr_left, top)
    _draw_blanks(sheet, stop, x, bottom - 3.2)
    sheet.rule(bottom, width=0.35)


def _draw_place(sheet: Sheet, stop: RouteStop, x: float, top: float, right: float) -> None:
    room = right - x
    slot_width = text_width(stop.slot, 24, True) + 3
    sheet.text(right, top + 9.5, stop.slot, Type(24, bold=True, align=Align.RIGHT))
    sheet.fitted(x, top + 5.6, stop.point_name, Type(12, bold=True), width=room - slot_width)
    person = f"{stop.leader_name}  {mask_phone(stop.phone)}"
    sheet.fitted(x, top + 11, person, Type(11), width=room - slot_width)
    for index, row in enumerate(wrap(clean(stop.address), room, 11, lines=2)):
        sheet.text(x, top + 17 + index * 4.8, row, Type(11))
    words = _("Totes %(counts)s = %(total)d    bulky %(bulky)d    pieces %(pieces)d")
    if not stop.is_sealed:
        words = _("Totes about %(counts)s = %(total)d    bulky %(bulky)d    pieces %(pieces)d")
    if stop.also_on and not stop.pieces:
        words = _("Totes %(counts)s = %(total)d")
    totes = words % {
        "counts": tote_counts(stop.totes),
        "total": stop.totes.total,
        "bulky": stop.bulky,
        "pieces": stop.pieces,
    }
    sheet.fitted(x, top + 27.4, totes, Type(11, bold=True), width=room)
    parts = (stop.also_on, stop.access_note, stop.specials)
    notes = "  ·  ".join(note for note in parts if note)
    sheet.fitted(x, top + 32.2, notes, Type(9), width=room)


def _draw_codes(sheet: Sheet, stop: RouteStop, left: float, top: float) -> None:
    center = Type(8, align=Align.CENTER)
    codes = ((_("map"), stop.map_link), (_("call"), _call_link(stop.phone)))
    for index, (label, payload) in enumerate(codes):
        x = left + index * (QR_SIDE + 3)
        if payload:
            sheet.qr(x, top + 1, QR_SIDE, payload)
            sheet.text(x + QR_SIDE / 2, top + QR_SIDE + 3.2, label, center)


def _call_link(phone: str) -> str:
    digits = phone_digits(phone)
    return f"tel:{digits}" if digits else ""


def _draw_blanks(sheet: Sheet, stop: RouteStop, x: float, baseline: float) -> None:
    empties = _("Empties")
    if stop.empties_due:
        empties = _("Empties of %(count)d") % {"count": stop.empties_due}
    labels = (_("Arrived"), _("Left"), empties, _("Returned goods"), _("Result"))
    width = (sheet.right - x) / len(labels)
    for index, label in enumerate(labels):
        left = x + index * width
        sheet.text(left, baseline, label, Type(9))
        start = left + text_width(label, 9) + 1.5
        sheet.line((start, baseline + 0.8), (left + width - 3, baseline + 0.8), width=0.2)


def _draw_end(flow: Flow) -> None:
    flow.reserve(2 * SIGN_HEIGHT + NOTE_HEIGHT)
    draw_note(flow, _("Totes out = delivered + brought back. No cash is taken at the door."))
    draw_signatures(
        flow, (_("Totes delivered"), _("Totes brought back"), _("Empties in"), _("km driven"))
    )
    draw_people(flow, (_("Incidents"), _("Driver"), _("Time")))
