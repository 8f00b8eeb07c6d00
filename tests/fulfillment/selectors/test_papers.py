"""The contents of papers, built from the rows of a run."""

from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.domain.sorting import parse_slot
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.papers import Document
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.jobs import paper_jobs
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
from fulfillment.selectors.papers.sorting import master_list_content, sow_cards
from fulfillment.selectors.papers.stamping import Stamper
from orders.domain.control_code import control_code
from orders.domain.demand import line_key
from tests.builders import SHANGHAI
from tests.fulfillment.papers.days import routed_day
from tests.fulfillment.services.days import imported

# What the day is read with, and what its end is read with: the counts of every stage.
QUERIES = 22
QUERIES_TO_CLOSE = 29

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    return routed_day()


@pytest.fixture
def day(run: CutoffRun) -> PaperDay:
    return paper_day(run.pk)


@pytest.fixture
def stamper() -> Stamper:
    return Stamper(
        delivery_on=date(2026, 3, 11),
        wave="A",
        revision=1,
        printed_at=datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI),
        printed_by="test",
    )


def test_a_day_is_read_in_a_fixed_number_of_queries(
    run: CutoffRun, stamper: Stamper, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES):
        jobs = paper_jobs(paper_day(run.pk), stamper)
    with django_assert_num_queries(QUERIES + QUERIES_TO_CLOSE):
        closing = paper_jobs(paper_day(run.pk), stamper, set(Document))

    assert (len(jobs), len(closing)) == (13, 15)


def test_a_run_without_anything_has_no_papers(stamper: Stamper) -> None:
    assert paper_jobs(paper_day(imported().pk), stamper) == []


def test_purchase_orders_show_need_packs_and_cost(day: PaperDay, stamper: Stamper) -> None:
    lines = [line for order in purchase_order_contents(day, stamper) for line in order.lines]

    assert {
        (line.sku_code, line.need_qty, line.packs, line.ordered_qty, line.unit_cost_fen)
        for line in lines
    } == set(
        PurchaseOrderLine.objects.values_list(
            "sku__code", "need_qty", "packs", "ordered_qty", "unit_cost_fen"
        )
    )


def test_receiving_sheets_show_what_was_counted(day: PaperDay, stamper: Stamper) -> None:
    lines = [line for sheet in receiving_sheet_contents(day, stamper) for line in sheet.lines]

    assert {
        (line.sku_code, line.counted.arrived_qty, line.counted.accepted_qty)
        for line in lines
        if line.counted
    } == set(
        GoodsReceiptLine.objects.values_list(
            "purchase_line__sku__code", "arrived_qty", "accepted_qty"
        )
    )


def test_a_line_nobody_counted_is_not_a_zero(stamper: Stamper, day: PaperDay) -> None:
    day.counted.clear()

    lines = [line for sheet in receiving_sheet_contents(day, stamper) for line in sheet.lines]

    assert {line.counted for line in lines} == {None}


def test_the_master_list_and_the_cards_split_the_same_pieces(
    day: PaperDay, stamper: Stamper
) -> None:
    (wave,) = day.waves

    master = master_list_content(day, stamper, wave)
    assert master.stamp.control_code == day.run.steps.get(name="allocate").figures["control_code"]
    cards = [card for group in sow_cards(day, stamper, wave).values() for card in group]

    assert master.allocated_qty == sum(row.allocated_qty for row in master.rows) == 24
    assert {row.sku_code: row.allocated_qty for row in master.rows} == {
        card.sku_code: sum(drop.qty for drop in card.drops) for card in cards
    }
    tofu = next(row for row in master.rows if row.sku_code == "K2")
    assert tofu.need_qty - tofu.allocated_qty == 3


def test_load_and_route_follow_the_trips_stops(day: PaperDay, stamper: Stamper) -> None:
    (trip,) = Trip.objects.all()

    load = load_sheet_content(day, stamper, day.trips[0])
    route = route_sheet_content(day, stamper, day.trips[0])

    stops = list(Stop.objects.order_by("stop_seq").values_list("stop_seq", "drop__slot_code"))
    assert [(stop.stop_seq, stop.slot) for stop in load.stops] == stops
    assert [(stop.stop_seq, stop.slot) for stop in route.stops] == stops
    assert route.distance_m == trip.return_distance_m + sum(
        Stop.objects.values_list("distance_m", flat=True)
    )
    first = route.stops[0]
    assert first.arrive_from <= Stop.objects.get(stop_seq=1).start_at <= first.arrive_to
    assert first.map_link.startswith("https://uri.amap.com/marker?position=113.7")
    assert load.stamp.control_code == route.stamp.control_code


def test_a_leaders_note_and_list_hold_the_same_pieces(day: PaperDay, stamper: Stamper) -> None:
    for code, drops in drops_by_leader(day).items():
        for drop in drops:
            note = delivery_note(day, stamper, drop)
            listed = hand_out_list(day, stamper, drop)
            mine = Allocation.objects.filter(order_line__order__leader__code=code)

            assert sum(line.shipped_qty for line in note.lines) == listed.shipped_qty
            assert sum(line.qty for line in listed.lines) == drop.pieces
            assert len(listed.lines) == mine.count()
            assert note.stamp.control_code == listed.stamp.control_code
            assert note.stamp.control_code == control_code(
                (line_key(order_no, sku_code), qty)
                for order_no, sku_code, qty in mine.values_list(
                    "order_line__order__order_no", "order_line__sku__code", "allocated_qty"
                )
            )
            assert parse_slot(note.slot).route_no == 1


def test_staff_scan_short_addresses_and_leaders_open_links(day: PaperDay, stamper: Stamper) -> None:
    drop = day.drops[0]
    (wave,) = day.waves

    assert delivery_note(day, stamper, drop).stamp.code == (
        f"http://127.0.0.1:8000/c/D*0311A*{drop.slot_code}*1"
    )
    assert master_list_content(day, stamper, wave).stamp.code == "M*0311A*W1*1"
