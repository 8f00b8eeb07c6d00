"""Two receivers at one dock: both counts stand, nothing is taken twice, one event is one row."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from fulfillment.domain.receiving import LineCount
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceipt, GoodsReceiptLine
from fulfillment.selectors.receiving import accepted_by_sku
from fulfillment.services.count_entries import count_known
from fulfillment.services.purchasing import purchase_orders_create
from fulfillment.services.receiving import count_record
from leaders.models.accounts import Role, User
from orders.models.ledger import Transfer
from orders.services.campaigns import campaign_freeze
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE_S = 0.4


@pytest.fixture
def line() -> PurchaseOrderLine:
    """Fifteen pieces of K1 are ordered, and the truck is at the dock."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    line = PurchaseOrderLine.objects.get(sku__code="K1")
    counted(line, 0, uuid4())
    return line


def counted(line: PurchaseOrderLine, arrived_qty: int, event_id: UUID) -> int:
    receiver = User.objects.filter(role=Role.WAREHOUSE).first()
    row = count_record(
        purchase_order=line.purchase_order,
        count=LineCount(purchase_line_id=line.pk, arrived_qty=arrived_qty),
        event_id=event_id,
        actor=receiver or UserFactory.create(role=Role.WAREHOUSE),
        now=line.purchase_order.created_at,
    )
    return row.pk


def known_slowly(event_id: UUID, count: LineCount) -> GoodsReceiptLine | None:
    """What is known of an event, and a pause in which others may look, too."""
    known = count_known(event_id, count)
    time.sleep(PAUSE_S)
    return known


def slow() -> AbstractContextManager[object]:
    return patch("fulfillment.services.receiving.count_known", known_slowly)


def unlocked() -> Sequence[AbstractContextManager[object]]:
    """The run is read, and nobody waits for anybody."""

    def read(run_id: int) -> CutoffRun:
        return CutoffRun.objects.get(pk=run_id)

    return [
        slow(),
        patch("fulfillment.services.receiving.run_open_locked", read),
        patch("fulfillment.services.exceptions.run_open_locked", read),
    ]


def count_ten_each(
    line: PurchaseOrderLine, without: Sequence[AbstractContextManager[object]]
) -> list[Outcome[int]]:
    events = [uuid4(), uuid4()]

    def count(runner: Runner) -> int:
        return counted(line, 10, events[runner.number])

    return race(count, processes=2, without=without)


def count_the_same(
    line: PurchaseOrderLine, without: Sequence[AbstractContextManager[object]]
) -> list[Outcome[int]]:
    event_id = uuid4()

    def count(_runner: Runner) -> int:
        return counted(line, 10, event_id)

    return race(count, processes=2, without=without)


def test_two_counts_of_one_line_both_stand_and_nothing_is_taken_twice(
    line: PurchaseOrderLine,
) -> None:
    outcomes = count_ten_each(line, [slow()])

    rows = GoodsReceiptLine.objects.filter(pk__in=values(outcomes))
    assert sorted(rows.values_list("arrived_qty", "excess_qty")) == [(10, 0), (10, 5)]
    assert accepted_by_sku(line.purchase_order.run)[line.sku_id] == 15
    owed = Transfer.objects.filter(event="goods_received").values_list("amount_fen", flat=True)
    assert sorted(owed) == [5 * line.unit_cost_fen, 10 * line.unit_cost_fen]
    assert GoodsReceipt.objects.count() == 1


@pytest.mark.control
def test_without_the_lock_of_the_run_more_is_taken_than_was_ordered(
    line: PurchaseOrderLine,
) -> None:
    count_ten_each(line, unlocked())

    assert accepted_by_sku(line.purchase_order.run)[line.sku_id] == 20


def test_one_event_sent_twice_at_once_is_one_row(line: PurchaseOrderLine) -> None:
    outcomes = count_the_same(line, [slow()])

    assert len(values(outcomes)) == 2
    assert len(set(values(outcomes))) == 1
    assert accepted_by_sku(line.purchase_order.run)[line.sku_id] == 10


@pytest.mark.control
def test_without_the_lock_of_the_run_the_second_sender_sees_an_error(
    line: PurchaseOrderLine,
) -> None:
    outcomes = count_the_same(line, unlocked())

    assert [type(error) for error in errors(outcomes)] == [IntegrityError]
