"""D7 装车单: what goes into the vehicle, last stop first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import load_rank
from fulfillment.papers.figures import kilograms
from fulfillment.papers.foot import (
    BARS_HEIGHT,
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_bars,
    draw_check,
    draw_note,
    draw_people,
    draw_signatures,
    draw_totals,
    draw_warning,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import Align, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp, Totes
from fulfillment.papers.table import Cell, Column, Flow, Kind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStop:
    """One leader's goods on the vehicle; `bulky` counts loose big items.

    `lane` is where they stand on the floor. Until the slot is sealed its
    totes are an estimate. `also_on` says where the rest of a drop in parts
    travels; its pieces count on one of its sheets, and are 0 on the others.
    """

    stop_seq: int
    slot: str
    leader_name: str
    point_name: str
    totes: Totes
    bulky: int
    pieces: int
    weight_g: int
    lane: str = ""
    is_sealed: bool = False
    also_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSheetContent:
    """One vehicle trip; times are aware, in the zone to print.

    `totes_before` is what the driver's account of totes opens with,
    `sealed_totes` how many rows are sealed for the trip.
    """

    stamp: Stamp
    route: str
    plate: str
    vehicle: str
    driver: str
    capacity_g: int
    capacity_totes: int
    departs_at: datetime
    stops: tuple[LoadStop, ...]
    totes_before: int = 0
    sealed_totes: int = 0

    @property
    def is_sealed(self) -> bool:
        """Whether every slot of the trip is sealed, so that no figure is an estimate."""
        return bool(self.stops) and all(stop.is_sealed for stop in self.stops)


def render_load_sheet(content: LoadSheetContent) -> RenderedPaper:
    """Draw the sheet in load order: the last stop goes in first."""
    stops = sorted(content.stops, key=lambda stop: load_rank(stop.stop_seq))
    pieces = sum(stop.pieces for stop in stops)
    sheet = Sheet(content.stamp.number)
    head = _head(content, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    table = Table(flow, _columns(), row_height=14)
    table.head()
    for rank, stop in enumerate(stops, start=1):
        table.row(_cells(rank, stop))
    _draw_end(flow, content, stops)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))
    return RenderedPaper(pdf=sheet.finish(), pages=sheet.pages, lines=len(stops), pieces=pieces)


def _head(content: LoadSheetContent, pieces: int) -> Head:
    capacity = _("%(kg)s kg / %(totes)d totes") % {
        "kg": kilograms(content.capacity_g),
        "totes": content.capacity_totes,
    }
    return Head(
        title=_("Load sheet"),
        stamp=content.stamp,
        pieces=pieces,
        key=content.route,
        subject=f"{content.plate} {content.vehicle}",
        facts=(
            Fact(_("Vehicle"), f"{content.plate} {content.vehicle}", 2),
            Fact(_("Capacity"), capacity),
            Fact(_("Departs"), f"{content.departs_at:%m-%d %H:%M}"),
            Fact(_("Totes on the driver's account"), str(content.totes_before)),
            Fact(_("Driver"), content.driver),
        ),
    )


def _columns() -> tuple[Column, ...]:
    figure = Type(14, bold=True, align=Align.RIGHT)
    return (
        Column(
            heading=_("Load order"), width=11, kind=Kind.NUMBER, type=Type(14, align=Align.CENTER)
        ),
        Column(heading=_("Slot"), width=28, kind=Kind.NUMBER, type=Type(24, bold=True)),
        Column(heading=_("Leader"), width=32),
        Column(heading=_("Ambient"), width=11, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Chilled"), width=11, kind=Kind.NUMBER, type=figure),
        Column(heading=_("Frozen"), width=11, kind=Kind.NUMBER, type=figure),
        Column(key="bulky", heading=_("Bulky"), width=10, kind=Kind.NUMBER, type=figure),
        Column(
            key="pieces",
            heading=_("Pieces"),
            width=12,
            kind=Kind.NUMBER,
            type=Type(11, align=Align.RIGHT),
        ),
        Column(heading=_("kg"), width=12, kind=Kind.NUMBER, type=Type(11, align=Align.RIGHT)),
        Column(key="lane", heading=_("Lane"), width=9, kind=Kind.NUMBER, type=figure),
        Column(heading=_("On board"), width=14, kind=Kind.TICK),
        Column(key="seal", heading=_("Seal no."), width=16, kind=Kind.BLANK),
        Column(heading=_("Stop"), width=9, kind=Kind.NUMBER, type=Type(9, align=Align.CENTER)),
    )


def _cells(rank: int, stop: LoadStop) -> tuple[Cell, ...]:
    return (
        str(rank),
        stop.slot if stop.is_sealed else (stop.slot, _("estimated")),
        (stop.leader_name, stop.also_on or stop.point_name),
        _figure(stop.totes.ambient),
        _figure(stop.totes.chill),
        _figure(stop.totes.frozen),
        _figure(stop.bulky),
        _figure(stop.pieces) if stop.also_on else str(stop.pieces),
        kilograms(stop.weight_g),
        stop.lane,
        "",
        "",
        str(stop.stop_seq),
    )


def _figure(count: int) -> str:
    return str(count) if count else "·"


def _draw_end(flow: Flow, content: LoadSheetContent, stops: Sequence[LoadStop]) -> None:
    flow.reserve(2 * TOTALS_HEIGHT + 2 * CHECK_HEIGHT + 2 * SIGN_HEIGHT + BARS_HEIGHT)
    ambient = sum(stop.totes.ambient for stop in stops)
    chill = sum(stop.totes.chill for stop in stops)
    frozen = sum(stop.totes.frozen for stop in stops)
    weight_g = sum(stop.weight_g for stop in stops)
    totes = ambient + chill + frozen
    draw_totals(
        flow,
        (
            (_("Stops"), str(len(stops))),
            (_("Totes ambient / chilled / frozen"), f"{ambient} / {chill} / {frozen}"),
            (_("Totes out"), str(totes)),
            (_("Bulky"), str(sum(stop.bulky for stop in stops))),
            (_("Pieces"), str(sum(stop.pieces for stop in stops))),
            (_("kg"), kilograms(weight_g)),
        ),
    )
    share = _("Load: %(kg)s of %(most_kg)s kg, %(totes)d of %(most_totes)d totes")
    figures = {
        "kg": kilograms(weight_g),
        "most_kg": kilograms(content.capacity_g),
        "totes": totes,
        "most_totes": content.capacity_totes,
    }
    if weight_g > content.capacity_g or totes > content.capacity_totes:
        draw_warning(flow, _("Over the vehicle's capacity") + "  " + share % figures)
    else:
        draw_note(flow, share % figures)
    _draw_sealed(flow, content, totes)
    draw_note(flow, _("Last stop first, heavy before light, cold goods where the vehicle is cold."))
    draw_note(flow, _("A missing tote needs a reason before signing."))
    draw_signatures(flow, (_("Loader"), _("Driver"), _("Totes counted"), _("Time")))
    draw_people(flow, (_("Odometer out"), _("Odometer in"), _("Empty totes back")))
    draw_bars(flow, content.stamp.code, _("Scan to confirm the load"))


def _draw_sealed(flow: Flow, content: LoadSheetContent, totes: int) -> None:
    """Hold the totes printed against the sealed ones, or say that they are an estimate."""
    if not content.is_sealed:
        draw_warning(flow, _("Totes are estimated: not every slot is sealed. Print again after."))
        return
    draw_check(
        flow,
        (_("Check: totes out %(totes)d") % {"totes": totes}, totes),
        (_("sealed %(totes)d") % {"totes": content.sealed_totes}, content.sealed_totes),
    )
