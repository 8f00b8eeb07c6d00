"""Two cities cut off on one evening, side by side: nothing of one is found in the other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import F

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.papers import PaperSheet
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.models.warehouse import Drop, Tote, Warehouse, Wave
from fulfillment.papers.numbering import Document, document_code, read_code
from fulfillment.selectors.books import books_check
from fulfillment.selectors.dock_codes import CodeMeaning, dock_code
from fulfillment.selectors.hubs import hub_of
from fulfillment.selectors.paper_codes import run_of_code
from fulfillment.selectors.run_letters import run_letter
from fulfillment.selectors.sort_places import place_of_code
from fulfillment.services.cutoff_run import RunOptions, run_advance
from fulfillment.services.play_day import arrivals_record
from tests.builders import CAMPAIGN, VEHICLE, WAREHOUSE, leader, order, receipt, tiny_day
from tests.factories.fulfillment import CutoffRunFactory
from tests.fulfillment.services.days import BUDGET, imported

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def other_city() -> DayBundle:
    """Another city's day: the same goods of the same suppliers, its own people and vehicle."""
    return replace(
        tiny_day(),
        sha256="b" * 64,
        campaign=replace(CAMPAIGN, code="C2", city="白石"),
        warehouses=(replace(WAREHOUSE, code="W2"),),
        leaders=(leader(3), leader(4)),
        vehicles=(replace(VEHICLE, code="V2", plate="青A·T0002"),),
        orders=(
            order(5, leader_code="L3", lines={"K1": 2, "K2": 1}, minute=10),
            order(6, leader_code="L4", lines={"K2": 2, "K3": 2}, minute=5),
        ),
        receipts=(
            receipt("K1", supplier_code="S1", arrived=2, rejected=0),
            receipt("K2", supplier_code="S1", arrived=2, rejected=0),
            receipt("K3", supplier_code="S2", arrived=2, rejected=0),
        ),
    )


@pytest.fixture
def runs() -> list[CutoffRun]:
    """Both days played step by step in turn, with their papers."""
    bundles = [tiny_day(), other_city()]
    runs = [imported(bundle) for bundle in bundles]
    for run in runs:
        Warehouse.objects.filter(pk=run.warehouse_id).update(city=run.campaign.city)
    options = RunOptions(clock=lambda run, _step: run.campaign.freeze_at, plan=BUDGET)
    stands = [run_advance(run=run, options=options) for run in runs]
    for run, bundle in zip(runs, bundles, strict=True):
        arrivals_record(run=run, receipts=bundle.receipts, now=run.campaign.freeze_at)
    stands += [run_advance(run=run, options=options) for run in runs]
    assert stands == [Step.RECEIVE, Step.RECEIVE, Step.REFUND, Step.REFUND]
    return runs


def code(document: Document, batch: str, scope: str) -> str:
    return document_code(document, batch, scope, 1)


def test_nothing_of_two_cities_mixes(runs: list[CutoffRun]) -> None:
    goods_totes_and_routes_are_apart(runs)
    numbers_and_codes_tell_the_city(runs)
    a_scan_of_the_other_citys_paper_leads_nowhere(runs)
    assert {result.name: result.offenders for result in books_check() if result.violations} == {}


def goods_totes_and_routes_are_apart(runs: list[CutoffRun]) -> None:
    first, second = runs
    leaders = {first: {"L1", "L2"}, second: {"L3", "L4"}}
    for run in runs:
        drops = Drop.objects.filter(wave__run=run)
        assert set(drops.values_list("pickup_point__leader__code", flat=True)) == leaders[run]
        stops = Stop.objects.filter(trip__delivery_run__cutoff_run=run)
        assert set(stops.values_list("drop__wave__run", flat=True)) == {run.pk}
        assert stops.count() == drops.count() == 2
        trips = stops.values_list("trip__vehicle__warehouse", "trip__delivery_run__warehouse")
        assert set(trips) == {(run.warehouse_id, run.warehouse_id)}
        assert hub_of(run.campaign) == run.warehouse
    strangers = Allocation.objects.exclude(order_line__order__campaign=F("run__campaign"))
    assert not strangers.exists()
    assert not Tote.objects.exclude(drop__wave__run__in=runs).exists()
    pieces = [
        sum(Drop.objects.filter(wave__run=run).values_list("pieces", flat=True)) for run in runs
    ]
    assert pieces == [24, 6]


def numbers_and_codes_tell_the_city(runs: list[CutoffRun]) -> None:
    first, second = runs
    assert list(Wave.objects.order_by("run").values_list("code", flat=True)) == ["C1-A", "C2-B"]
    assert list(PurchaseOrder.objects.filter(run=second).values_list("po_no", flat=True)) == [
        "P-C2-S1",
        "P-C2-S2",
    ]
    assert PaperSheet.objects.filter(paper__run=first).count() == 16
    assert PaperSheet.objects.filter(paper__run=second).count() == 16

    for run, batch, bought in ((first, "0311A", "0311"), (second, "0311B", "0311B")):
        for text in (
            code(Document.SOW_CARDS, batch, "K1"),
            code(Document.ROUTE_SHEET, batch, "R01"),
            code(Document.PURCHASE_ORDER, bought, "S1"),
        ):
            parts = read_code(text)
            assert parts is not None
            assert run_of_code(parts) == run, text


def a_scan_of_the_other_citys_paper_leads_nowhere(runs: list[CutoffRun]) -> None:
    first, second = runs

    assert place_of_code(first, code(Document.SOW_CARDS, "0311A", "K1")) is not None
    assert place_of_code(first, code(Document.SOW_CARDS, "0311B", "K1")) is None
    other = dock_code(second, code(Document.PURCHASE_ORDER, "0311", "S1"))
    assert other.meaning is CodeMeaning.OTHER_NIGHT


def test_the_next_evening_begins_with_the_first_letter_again() -> None:
    day = date(2026, 3, 11)
    tonight = CutoffRunFactory.create_batch(2, campaign__delivery_date=day)
    tomorrow = CutoffRunFactory.create(campaign__delivery_date=day + timedelta(days=1))

    assert [run_letter(run) for run in (*tonight, tomorrow)] == ["A", "B", "A"]
