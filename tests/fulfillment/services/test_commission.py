"""Commission by the rule of the payment, shared with a reseller, taken back by every refund.

The tiny day: O1 ordered 4 tofu (K2, 2.90 yuan each), and all of them came.
"""

from datetime import datetime

import pytest

from fulfillment.models.settlement import (
    CommissionEntry,
    CommissionKind,
    CommissionState,
)
from fulfillment.selectors.books import books_check
from fulfillment.services.settlement import commission_hold, commissions_take_back
from leaders.errors import NoCommissionPlan
from leaders.models.leaders import Leader
from orders.models.ledger import Transfer
from orders.models.orders import Order, OrderLine
from orders.models.payments import Payment, RefundReason
from orders.services.refunds import LineRefund, refund_request
from tests.builders import OPENS_AT
from tests.factories.leaders import CommissionPlanFactory, LeaderFactory
from tests.factories.settlement import SettlementStatementFactory
from tests.fulfillment.services.days import played, sharing

pytestmark = pytest.mark.django_db

LATER: datetime = OPENS_AT.replace(day=20, hour=5)


def tofu() -> OrderLine:
    return OrderLine.objects.get(order__source_no="O1", sku__code="K2")


def earned(kind: CommissionKind = CommissionKind.SALE) -> CommissionEntry:
    return CommissionEntry.objects.get(order_line=tofu(), kind=kind)


def claimed(number: int, amount_fen: int) -> None:
    """Give so much back of the tofu after a claim."""
    line = tofu()
    payment = Payment.objects.get(order=line.order_id)
    refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=amount_fen,
        refund_no=f"R{number}",
        now=LATER,
        lines=[
            LineRefund(
                order_no=line.order.order_no, order_line_id=line.pk, qty=1, amount_fen=amount_fen
            )
        ],
    )


def taken() -> list[tuple[str, int, int, str]]:
    rows = CommissionEntry.objects.filter(kind=CommissionKind.CLAWBACK).order_by("pk")
    return list(rows.values_list("cause", "base_fen", "amount_fen", "state"))


def violations() -> list[str]:
    return [result.name for result in books_check() if result.violations]


def resold(rate_bp: int) -> Leader:
    """The tiny day, in which another leader sold O1."""
    reseller = LeaderFactory.create()
    sharing()
    Order.objects.filter(source_no="O1").update(reseller=reseller, resell_rate_bp=rate_bp)
    played()
    return reseller


def test_a_claim_takes_its_commission_back_while_it_is_held() -> None:
    played()
    claimed(1, 290)

    assert commissions_take_back(now=LATER) == 29

    assert taken() == [("R1", 290, 29, "held")]
    assert CommissionEntry.objects.get(cause="R1").hold_until == earned().hold_until
    assert violations() == []


def test_a_claim_after_the_payout_lowers_the_next_statement() -> None:
    played()
    CommissionEntry.objects.filter(pk=earned().pk).update(
        state=CommissionState.PAID,
        statement=SettlementStatementFactory.create(leader=earned().leader),
    )
    claimed(1, 580)

    commissions_take_back(now=LATER)

    assert taken() == [("R1", 580, 58, "released")]
    assert earned().state == CommissionState.PAID


def test_each_claim_is_answered_once_however_often_asked() -> None:
    played()
    claimed(1, 290)
    commissions_take_back(now=LATER)
    claimed(2, 100)
    commissions_take_back(now=LATER)

    assert commissions_take_back(now=LATER) == 0

    assert [row[:3] for row in taken()] == [("R1", 290, 29), ("R2", 100, 10)]
    assert Transfer.objects.filter(event="commission_clawback").count() == 2
    assert violations() == []


def test_a_later_change_of_plan_leaves_what_was_sold_alone() -> None:
    sharing()
    Leader.objects.update(commission_plan=CommissionPlanFactory.create(code="GOLD", rate_bp=2000))

    played()

    assert (earned().plan_code, earned().rate_bp, earned().amount_fen) == ("standard", 1000, 116)


def test_an_order_paid_without_a_plan_stops_the_step_in_words() -> None:
    run = played()
    CommissionEntry.objects.all().delete()
    Order.objects.filter(source_no="O1").update(
        commission_plan_code="", commission_rate_bp=None, commission_hold_days=None
    )

    with pytest.raises(NoCommissionPlan):
        commission_hold(run=run, now=LATER)


def test_a_resold_order_pays_the_reseller_and_leaves_the_rest_to_the_owner() -> None:
    reseller = resold(400)

    share = earned(CommissionKind.RESELL)
    assert (share.leader, share.plan_code, share.rate_bp, share.amount_fen) == (
        reseller,
        "resale",
        400,
        46,
    )
    assert (earned().amount_fen, earned().leader) == (70, tofu().order.leader)
    assert violations() == []


def test_a_claim_on_a_resold_order_is_taken_back_from_both() -> None:
    reseller = resold(400)
    claimed(1, 1160)

    commissions_take_back(now=LATER)

    rows = CommissionEntry.objects.filter(kind=CommissionKind.CLAWBACK)
    assert dict(rows.values_list("leader", "amount_fen")) == {
        reseller.pk: 46,
        tofu().order.leader_id: 70,
    }
    assert violations() == []
