"""All files of a run's papers: which document and scope, from which content."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from fulfillment.domain.wave_letters import wave_letter
from fulfillment.models.papers import Document
from fulfillment.models.warehouse import Drop
from fulfillment.papers.check_list import render_check_lists
from fulfillment.papers.day_close_sheet import render_day_close
from fulfillment.papers.delivery_note import render_delivery_notes
from fulfillment.papers.exception_sheet import render_exception_sheet
from fulfillment.papers.hand_out_list import render_hand_out_lists
from fulfillment.papers.load_sheet import render_load_sheet
from fulfillment.papers.master_list import render_master_list
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.purchase_order import render_purchase_order
from fulfillment.papers.receiving_sheet import render_receiving_sheet
from fulfillment.papers.route_sheet import render_route_sheet
from fulfillment.papers.shopping_list import render_shopping_list
from fulfillment.papers.sow_cards import render_sow_cards
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.day_close import (
    DAY_SCOPE,
    day_close_content,
    exception_sheet_content,
)
from fulfillment.selectors.papers.leader_packs import (
    delivery_note,
    drops_by_leader,
    hand_out_list,
)
from fulfillment.selectors.papers.purchasing import (
    purchase_order_contents,
    receiving_sheet_contents,
)
from fulfillment.selectors.papers.routes import load_sheet_content, route_sheet_content
from fulfillment.selectors.papers.shopping import MARKET_SCOPE, shopping_list_content
from fulfillment.selectors.papers.sorting import (
    check_list,
    drops_by_route,
    look_alikes_of,
    master_list_content,
    sow_cards,
)
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.control_code import control_code

UNROUTED_SCOPE = "unrouted"
# Made when somebody closes the day, and not with the papers of the night.
ON_REQUEST = {Document.EXCEPTION_SHEET, Document.DAY_CLOSE}


class Stamped(Protocol):
    """Content that carries its own stamp."""

    @property
    def stamp(self) -> Stamp:
        """Number, revision and control code."""
        ...


Sheet = TypeVar("Sheet", bound=Stamped)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperJob:
    """One file to draw: `render(*content)` gives its bytes and figures."""

    document: Document
    scope: str
    control_code: str
    render: Callable[..., RenderedPaper]
    content: tuple[Any, ...]


def paper_jobs(
    day: PaperDay, stamper: Stamper, documents: Collection[Document] | None = None
) -> list[PaperJob]:
    """Every file of the night, or those of some kinds of paper; the longest to draw first."""
    wanted = set(Document) - ON_REQUEST if documents is None else set(documents)
    return [
        job
        for kinds, jobs_of in _DESKS
        if wanted & kinds
        for job in jobs_of(day, stamper)
        if job.document in wanted
    ]


def _supplier_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    """Bought for the whole day, and before there are waves: the first run's number names none."""
    if stamper.wave == wave_letter(0):
        stamper = replace(stamper, wave="")
    for order in purchase_order_contents(day, stamper):
        yield _sheet(Document.PURCHASE_ORDER, order.supplier.code, render_purchase_order, order)
    for sheet in receiving_sheet_contents(day, stamper):
        yield _sheet(Document.RECEIVING_SHEET, sheet.supplier.code, render_receiving_sheet, sheet)
    shopping = shopping_list_content(day, stamper)
    if shopping is not None:
        yield _sheet(Document.SHOPPING_LIST, MARKET_SCOPE, render_shopping_list, shopping)


def _closing_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    """One sheet each for the day once it is shared out, from what is known by then."""
    if not day.lines:
        return
    exceptions = exception_sheet_content(day, stamper)
    yield _sheet(Document.EXCEPTION_SHEET, DAY_SCOPE, render_exception_sheet, exceptions)
    close = day_close_content(day, stamper)
    yield _sheet(Document.DAY_CLOSE, DAY_SCOPE, render_day_close, close)


def _wave_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    for wave in day.waves:
        for storage, cards in sow_cards(day, stamper, wave).items():
            quantities = [
                (f"{card.sku_code}:{drop.slot}", drop.qty) for card in cards for drop in card.drops
            ]
            yield PaperJob(
                document=Document.SOW_CARDS,
                scope=f"{wave.code}-{storage}",
                control_code=control_code(quantities),
                render=render_sow_cards,
                content=(f"{Document.SOW_CARDS} {wave.code}", cards),
            )
        master = master_list_content(day, stamper, wave)
        yield _sheet(Document.MASTER_LIST, wave.code, render_master_list, master)


def _route_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    alike = look_alikes_of(day).keys()
    for route, drops in drops_by_route(day).items():
        routed = drops[0].pk in day.stops
        yield PaperJob(
            document=Document.CHECK_LIST,
            scope=route if routed else UNROUTED_SCOPE,
            control_code=_drops_code(day, drops),
            render=render_check_lists,
            content=(
                f"{Document.CHECK_LIST} {route}",
                tuple(check_list(day, stamper, drop, alike) for drop in drops),
            ),
        )
    for trip in day.trips:
        load = load_sheet_content(day, stamper, trip)
        yield _sheet(Document.LOAD_SHEET, load.route, render_load_sheet, load)
        way = route_sheet_content(day, stamper, trip)
        yield _sheet(Document.ROUTE_SHEET, way.route, render_route_sheet, way)


def _leader_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    """A leader's papers cover all of the leader's points."""
    for leader_code, drops in drops_by_leader(day).items():
        code = _drops_code(day, drops)
        yield PaperJob(
            document=Document.HAND_OUT_LIST,
            scope=leader_code,
            control_code=code,
            render=render_hand_out_lists,
            content=(
                f"{Document.HAND_OUT_LIST} {leader_code}",
                tuple(hand_out_list(day, stamper, drop) for drop in drops),
            ),
        )
        yield PaperJob(
            document=Document.DELIVERY_NOTE,
            scope=leader_code,
            control_code=code,
            render=render_delivery_notes,
            content=(
                f"{Document.DELIVERY_NOTE} {leader_code}",
                tuple(delivery_note(day, stamper, drop) for drop in drops),
            ),
        )


def _sheet(
    document: Document,
    scope: str,
    render: Callable[[Sheet], RenderedPaper],
    content: Sheet,
) -> PaperJob:
    """A file of one sheet, under the sheet's own code; other files bundle several."""
    return PaperJob(
        document=document,
        scope=scope,
        control_code=content.stamp.control_code,
        render=render,
        content=(content,),
    )


def _drops_code(day: PaperDay, drops: tuple[Drop, ...]) -> str:
    return control_code(day.quantities(drops))


# Who prints what, in the order of drawing.
_DESKS: tuple[tuple[set[Document], Callable[[PaperDay, Stamper], Iterator[PaperJob]]], ...] = (
    ({Document.SOW_CARDS, Document.MASTER_LIST}, _wave_jobs),
    ({Document.HAND_OUT_LIST, Document.DELIVERY_NOTE}, _leader_jobs),
    ({Document.CHECK_LIST, Document.LOAD_SHEET, Document.ROUTE_SHEET}, _route_jobs),
    (
        {Document.PURCHASE_ORDER, Document.RECEIVING_SHEET, Document.SHOPPING_LIST},
        _supplier_jobs,
    ),
    ({Document.EXCEPTION_SHEET, Document.DAY_CLOSE}, _closing_jobs),
)
