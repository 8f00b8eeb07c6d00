"""Refunds of what does not come: differences only, however often and late they are asked for.

The tiny day: of tofu (K2, 2.90 yuan) O3 lacks all 3 pieces when it is shared out.
"""

from datetime import datetime, timedelta

import pytest

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import AllocationCause
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.selectors.books import books_check
from fulfillment.services.advance import due_work_begin
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.refunds import shortages_refund, shortages_refund_later
from orders.models.ledger import Transfer
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import Payment, Refund, RefundLine
from tests.builders import OPENS_AT
from tests.factories.shortages import lose, sku_of
from tests.fulfillment.services.days import played, sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=5)


def lost(run: CutoffRun, pieces: int) -> None:
    lose(run, "K2", pieces, at=NIGHT)
    allocation_rerun(
        run=run,
        sku_id=sku_of("K2").pk,
        cause=AllocationCause.SORT_GAP,
        actor=None,
        now=NIGHT,
    )


def refunds() -> list[tuple[str, int]]:
    return list(Refund.objects.order_by("pk").values_list("out_refund_no", "amount_fen"))


def violations() -> list[str]:
    return [result.name for result in books_check() if result.violations]


def test_a_later_loss_is_refunded_under_the_next_number() -> None:
    run = played()
    lost(run, 1)

    figures = shortages_refund(run=run, now=NIGHT)

    assert refunds() == [("C1-O3-S1", 870), ("C1-O1-S1", 290)]
    assert (figures["refunds"], figures["pieces_short"], figures["refund_fen"]) == (1, 4, 1160)
    assert violations() == []


def test_each_refund_of_an_order_carries_only_what_is_new() -> None:
    run = played()

    for _loss in range(3):
        lost(run, 1)
        shortages_refund(run=run, now=NIGHT)

    assert refunds()[1:] == [("C1-O1-S1", 290), ("C1-O1-S2", 290), ("C1-O1-S3", 290)]
    assert set(RefundLine.objects.filter(refund__out_refund_no="C1-O1-S3").values_list("qty")) == {
        (1,)
    }
    assert Payment.objects.get(order__source_no="O1").refund_reserved_fen == 870
    assert violations() == []


def test_asking_again_changes_nothing() -> None:
    run = played()
    lost(run, 2)
    shortages_refund(run=run, now=NIGHT)
    transfers = Transfer.objects.count()

    figures = shortages_refund(run=run, now=NIGHT + timedelta(hours=1))

    assert figures["refunds"] == 0
    assert Transfer.objects.count() == transfers


def test_the_schedule_refunds_what_was_lost_after_the_refunds() -> None:
    run = played()
    assert shortages_refund_later(now=NIGHT) == 0
    lost(run, 1)
    assert violations() == []  # a moment later it will be refunded

    work = due_work_begin(now=NIGHT)

    assert (work.failed, work.figures["shortages_refunded"]) == ((), 1)
    assert shortages_refund_later(now=NIGHT) == 0
    assert violations() == []


def test_on_a_closed_day_a_loss_nobody_refunded_is_found() -> None:
    run = played()
    lost(run, 1)

    CutoffRun.objects.update(day_closed_at=NIGHT)

    assert "shortage_refunds" in violations()


def test_before_the_refund_step_nothing_goes_back_by_itself() -> None:
    run = sharing()
    lost(run, 1)

    assert shortages_refund_later(now=NIGHT) == 0
    assert not Refund.objects.exists()


def test_a_further_refund_takes_its_commission_back() -> None:
    run = played()
    line = CommissionEntry.objects.get(
        order_line__order__source_no="O1", order_line__sku__code="K2"
    )
    lost(run, 1)

    shortages_refund(run=run, now=NIGHT)

    taken = CommissionEntry.objects.get(kind=CommissionKind.CLAWBACK)
    # 4 pieces of 2.90 earned 1.16; 3 are left.
    assert (line.base_fen, line.amount_fen) == (1160, 116)
    assert (taken.order_line_id, taken.base_fen, taken.amount_fen) == (line.order_line_id, 290, 29)
    assert (taken.state, taken.hold_until) == (CommissionState.HELD, line.hold_until)
    posted = Transfer.objects.get(event="commission_clawback")
    assert (posted.amount_fen, posted.ref_id) == (29, "C1-O1-S1")
    assert violations() == []


def test_each_refund_of_a_line_takes_its_own_part_back() -> None:
    run = played()

    for _loss in range(4):
        lost(run, 1)
        shortages_refund(run=run, now=NIGHT)

    taken = CommissionEntry.objects.filter(kind=CommissionKind.CLAWBACK).order_by("pk")
    assert list(taken.values_list("cause", "base_fen", "amount_fen")) == [
        (f"C1-O1-S{number}", 290, 29) for number in range(1, 5)
    ]
    assert Transfer.objects.filter(event="commission_clawback").count() == 4
    assert violations() == []


def test_what_was_lost_before_the_refunds_earns_nothing_and_is_not_taken_back() -> None:
    run = sharing()
    lost(run, 1)

    played()

    assert refunds() == [("C1-O1-S1", 290), ("C1-O3-S1", 870)]
    assert not CommissionEntry.objects.filter(kind=CommissionKind.CLAWBACK).exists()
    assert run.steps.get(name=Step.COMMISSION).figures["commission_held_fen"] == 1254 - 29
    assert violations() == []


def test_each_refund_is_told_once() -> None:
    run = played()
    Payment.objects.filter(order__source_no="O1").update(provider="sandbox")
    for _loss in range(2):
        lost(run, 1)
        shortages_refund(run=run, now=NIGHT)
        shortages_refund(run=run, now=NIGHT)

    told = OutboxMessage.objects.filter(topic=Topic.SHORTAGE_REFUNDED)
    assert sorted(told.values_list("dedupe_key", flat=True)) == ["C1-O1-S1", "C1-O1-S2"]
