"""Where a batch went: one query, and the same answer as a walk through the rows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.receiving import Batch, GoodsReceiptLine
from fulfillment.selectors.trace import BatchTrace, TraceQuery, batch_trace
from orders.models.orders import Order
from tests.factories.fulfillment import (
    AllocationFactory,
    BatchFactory,
    CutoffRunFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.orders import CampaignFactory, OrderLineFactory, SkuFactory
from tests.factories.receiving import ReceiptLineVoidFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db


def by_hand(batch: Batch) -> set[tuple[str, int]]:
    """(order, pieces) of everybody who may have the batch, walked row by row."""
    line = batch.receipt_line.purchase_line
    if not batch.receipt_line.accepted_qty:
        return set()
    runs, waiting = set(), [line.purchase_order.run_id]
    while waiting:
        run_id = waiting.pop()
        if run_id not in runs:
            runs.add(run_id)
            waiting += [
                move.used_run_id
                for move in LeftoverMovement.objects.all()
                if move.origin_run_id == run_id
                and move.sku_id == line.sku_id
                and move.used_run_id is not None
            ]
    pieces: dict[str, int] = {}
    for row in Allocation.objects.select_related("order_line__order"):
        if row.run_id in runs:
            got = row.allocated_qty if row.order_line.sku_id == line.sku_id else 0
            got += row.substitute_qty if row.substitute_sku_id == line.sku_id else 0
            order_no = row.order_line.order.order_no
            pieces[order_no] = pieces.get(order_no, 0) + got
    return {(order_no, got) for order_no, got in pieces.items() if got}


def traced(**asked: Any) -> list[BatchTrace]:
    return batch_trace(replace(TraceQuery(), **asked), with_phones=True)


def people(found: BatchTrace) -> set[tuple[str, int]]:
    return {(resident.order_no, resident.pieces) for resident in found.residents}


@pytest.fixture
def run() -> CutoffRun:
    """A played day of three SKUs, with K2 short."""
    return played()


def batch_of(run: CutoffRun, sku_code: str) -> Batch:
    return Batch.objects.select_related("receipt_line__purchase_line__purchase_order").get(
        receipt_line__purchase_line__sku__code=sku_code,
        receipt_line__purchase_line__purchase_order__run=run,
    )


@pytest.mark.parametrize("sku_code", ["K1", "K2", "K3"])
def test_a_batch_leads_to_its_residents_in_one_query(
    run: CutoffRun, sku_code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = batch_of(run, sku_code)

    with django_assert_num_queries(1):
        (found,) = traced(batch_no=batch.batch_no)

    assert people(found) == by_hand(batch) != set()
    assert found.sku_code == sku_code
    assert not found.is_mixed


def test_the_answer_names_the_supplier_and_groups_by_leader(run: CutoffRun) -> None:
    Batch.objects.filter(pk=batch_of(run, "K2").pk).update(certificate_no="HG-1", origin="山东")

    (found,) = traced(certificate_no="hg-1")

    assert (found.supplier_code, found.po_no, found.origin) == ("S1", "P-C1-S1", "山东")
    assert [leader.code for leader in found.leaders] == ["L1", "L2"]
    for leader in found.leaders:
        orders = Order.objects.filter(leader__code=leader.code)
        assert {one.order_no for one in leader.residents} <= set(
            orders.values_list("order_no", flat=True)
        )
    assert sum(leader.pieces for leader in found.leaders) == found.accepted_qty == 6


def test_goods_are_searched_in_any_case_and_in_one_night_if_asked(run: CutoffRun) -> None:
    other = CutoffRunFactory.create()

    assert [found.sku_code for found in traced(sku_code="k1")] == ["K1"]
    assert [found.sku_code for found in traced(sku_code="K1", run_id=run.pk)] == ["K1"]
    assert traced(sku_code="K1", run_id=other.pk) == []


def test_two_batches_of_one_sku_make_everybody_a_suspect(run: CutoffRun) -> None:
    row = batch_of(run, "K1").receipt_line
    second = BatchFactory.create(
        receipt_line__receipt=row.receipt,
        receipt_line__purchase_line=row.purchase_line,
        batch_no="B-OTHER",
    )

    found = traced(sku_code="K1")

    assert [batch.is_mixed for batch in found] == [True, True]
    assert people(found[0]) == people(found[1]) == by_hand(second)


def test_one_batch_counted_in_two_parts_is_one_batch(run: CutoffRun) -> None:
    batch = batch_of(run, "K1")
    BatchFactory.create(
        receipt_line__receipt=batch.receipt_line.receipt,
        receipt_line__purchase_line=batch.receipt_line.purchase_line,
        receipt_line__arrived_qty=3,
        batch_no=batch.batch_no,
    )

    (found,) = traced(batch_no=batch.batch_no)

    assert (found.accepted_qty, found.is_mixed) == (18, False)
    assert people(found) == by_hand(batch)


def test_a_batch_whose_count_was_taken_back_is_not_there(run: CutoffRun) -> None:
    batch = batch_of(run, "K1")
    ReceiptLineVoidFactory.create(receipt_line=batch.receipt_line)

    assert traced(batch_no=batch.batch_no) == []


def test_a_batch_that_was_rejected_reached_nobody(run: CutoffRun) -> None:
    row = batch_of(run, "K1").receipt_line
    BatchFactory.create(
        receipt_line__receipt=row.receipt,
        receipt_line__purchase_line=row.purchase_line,
        receipt_line__arrived_qty=5,
        receipt_line__rejected_qty=5,
        batch_no="B-BAD",
    )

    (bad,) = traced(batch_no="B-BAD")
    (good,) = traced(batch_no=batch_no_of(row))

    assert (bad.residents, bad.is_mixed) == ((), False)
    assert not good.is_mixed


def batch_no_of(row: GoodsReceiptLine) -> str:
    return row.batch.batch_no


def later_run(run: CutoffRun, days: int) -> CutoffRun:
    day = run.campaign.delivery_date + timedelta(days=days)
    later: CutoffRun = CutoffRunFactory.create(campaign=CampaignFactory.create(delivery_date=day))
    return later


def use_leftovers(origin: CutoffRun, later: CutoffRun, batch: Batch, qty: int) -> None:
    LeftoverMovement.objects.create(
        origin_run=origin,
        used_run=later,
        sku=batch.receipt_line.purchase_line.sku,
        kind=LeftoverKind.USED,
        qty=-qty,
        at=later.created_at,
    )


def test_leftovers_carry_a_batch_into_later_nights(run: CutoffRun) -> None:
    batch = batch_of(run, "K1")
    second, third = later_run(run, 1), later_run(run, 2)
    for later in (second, third):
        line = OrderLineFactory.create(
            order__campaign=later.campaign, sku=batch.receipt_line.purchase_line.sku
        )
        AllocationFactory.create(order_line=line, run=later)
    before = by_hand(batch)
    use_leftovers(run, second, batch, 2)
    use_leftovers(second, third, batch, 1)

    (found,) = traced(batch_no=batch.batch_no)

    assert people(found) == by_hand(batch)
    assert len(people(found)) == len(before) + 2
    assert {leader.campaign_code for leader in found.leaders} == {
        run.campaign.code,
        second.campaign.code,
        third.campaign.code,
    }
    assert not found.is_mixed


def test_leftovers_of_another_night_make_suspects(run: CutoffRun) -> None:
    batch = batch_of(run, "K1")
    use_leftovers(CutoffRunFactory.create(), run, batch, 2)

    (found,) = traced(batch_no=batch.batch_no)

    assert found.is_mixed


def test_substitutes_are_followed_and_what_they_replaced_is_not(run: CutoffRun) -> None:
    batch = batch_of(run, "K3")
    row = Allocation.objects.filter(run=run, order_line__sku__code="K2", short_qty__gt=0).first()
    assert row is not None
    Allocation.objects.filter(pk=row.pk).update(
        substitute_sku=batch.receipt_line.purchase_line.sku, substitute_qty=row.short_qty
    )

    (found,) = traced(batch_no=batch.batch_no)

    assert people(found) == by_hand(batch)
    assert row.order_line.order.order_no in {one.order_no for one in found.residents}


def test_phones_are_masked_unless_they_are_asked_for(run: CutoffRun) -> None:
    query = TraceQuery(sku_code="K1")

    (masked,) = batch_trace(query, with_phones=False)
    (plain,) = batch_trace(query, with_phones=True)

    assert all("*" in one.phone for one in masked.residents)
    assert {one.phone for one in plain.residents} == set(
        Order.objects.filter(lines__sku__code="K1").values_list("resident_phone", flat=True)
    )


def test_nothing_is_searched_without_a_word(
    run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert traced(run_id=run.pk) == []


def test_goods_of_other_skus_are_left_alone(run: CutoffRun) -> None:
    PurchaseOrderLineFactory.create(purchase_order__run=run, sku=SkuFactory.create(code="K9"))

    assert traced(sku_code="K9") == []
