"""All files of a run's papers: which document and scope, from which content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fulfillment.models.papers import Document
from fulfillment.models.warehouse import Drop
from fulfillment.papers.check_list import render_check_lists
from fulfillment.papers.delivery_note import render_delivery_notes
from fulfillment.papers.hand_out_list import render_hand_out_lists
from fulfillment.papers.load_sheet import render_load_sheet
from fulfillment.papers.master_list import render_master_list
from fulfillment.papers.paper import RenderedPaper
from fulfillment.papers.purchase_order import render_purchase_order
from fulfillment.papers.receiving_sheet import render_receiving_sheet
from fulfillment.papers.route_sheet import render_route_sheet
from fulfillment.papers.sow_cards import render_sow_cards
from fulfillment.selectors.papers.day import PaperDay
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
from fulfillment.selectors.papers.sorting import (
    check_list,
    drops_by_route,
    master_list_content,
    sow_cards,
)
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.control_code import control_code

UNROUTED_SCOPE = "unrouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperJob:
    """One file to draw: `render(*content)` gives its bytes and figures."""

    document: Document
    scope: str
    control_code: str
    render: Callable[..., RenderedPaper]
    content: tuple[Any, ...]


def paper_jobs(day: PaperDay, stamper: Stamper) -> list[PaperJob]:
    """Every file of the run, the longest to draw first."""
    return [
        *_wave_jobs(day, stamper),
        *_leader_jobs(day, stamper),
        *_route_jobs(day, stamper),
        *_supplier_jobs(day, stamper),
    ]


def _supplier_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    for order in purchase_order_contents(day, stamper):
        yield PaperJob(
            document=Document.PURCHASE_ORDER,
            scope=order.supplier.code,
            control_code=order.stamp.control_code,
            render=render_purchase_order,
            content=(order,),
        )
    for sheet in receiving_sheet_contents(day, stamper):
        yield PaperJob(
            document=Document.RECEIVING_SHEET,
            scope=sheet.supplier.code,
            control_code=sheet.stamp.control_code,
            render=render_receiving_sheet,
            content=(sheet,),
        )


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
        yield PaperJob(
            document=Document.MASTER_LIST,
            scope=wave.code,
            control_code=master.stamp.control_code,
            render=render_master_list,
            content=(master,),
        )


def _route_jobs(day: PaperDay, stamper: Stamper) -> Iterator[PaperJob]:
    for route, drops in drops_by_route(day).items():
        routed = drops[0].pk in day.stops
        yield PaperJob(
            document=Document.CHECK_LIST,
            scope=route if routed else UNROUTED_SCOPE,
            control_code=_drops_code(day, drops),
            render=render_check_lists,
            content=(
                f"{Document.CHECK_LIST} {route}",
                tuple(check_list(day, stamper, drop) for drop in drops),
            ),
        )
    for trip in day.trips:
        load = load_sheet_content(day, stamper, trip)
        yield PaperJob(
            document=Document.LOAD_SHEET,
            scope=load.route,
            control_code=load.stamp.control_code,
            render=render_load_sheet,
            content=(load,),
        )
        way = route_sheet_content(day, stamper, trip)
        yield PaperJob(
            document=Document.ROUTE_SHEET,
            scope=way.route,
            control_code=way.stamp.control_code,
            render=render_route_sheet,
            content=(way,),
        )


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


def _drops_code(day: PaperDay, drops: tuple[Drop, ...]) -> str:
    return control_code(day.quantities(drops))
