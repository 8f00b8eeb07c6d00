"""Refunds and commission as the leader sees them."""

from datetime import UTC, date, datetime

import pytest

from fulfillment.models.settlement import CommissionKind, CommissionState
from fulfillment.selectors.leader_money import (
    CommissionDay,
    CommissionHeld,
    commission_days_of_leader,
    commission_held_of_leader,
    short_lines_of_leader,
)
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.models.payments import RefundReason, RefundState
from tests.factories.fulfillment import CommissionEntryFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import (
    CampaignFactory,
    OrderLineFactory,
    RefundFactory,
    RefundLineFactory,
)
from tests.factories.settlement import SettlementStatementFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
SECOND = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def campaign() -> Campaign:
    return CampaignFactory.create(code="C1", delivery_date=date(2026, 3, 11))


def test_a_short_line_masks_the_resident_and_says_what_went_back(
    lin: Leader, campaign: Campaign
) -> None:
    line = OrderLineFactory.create(
        order__leader=lin,
        order__campaign=campaign,
        order__pickup_no=7,
        order__resident_name="毛海燕",
        order__resident_phone="19906912483",
        order__building="12栋",
        order__room="404",
        sku_name="西兰花 750g",
        qty=3,
    )
    refund = RefundFactory.create(payment__order=line.order, state=RefundState.SUCCEEDED)
    RefundLineFactory.create(refund=refund, order_line=line, qty=2, amount_fen=1018)

    [short] = short_lines_of_leader(lin, campaign)

    assert (short.resident, short.phone_last4, short.door) == ("毛**", "2483", "12栋 404")
    assert (short.ordered_qty, short.qty, short.refund_fen) == (3, 2, 1018)
    assert (short.pickup_no, short.is_paid_out) == (7, True)


def test_other_refunds_are_no_shortages_of_this_leader(lin: Leader, campaign: Campaign) -> None:
    claim = RefundFactory.create(
        reason=RefundReason.AFTER_SALES,
        payment__order__leader=lin,
        payment__order__campaign=campaign,
    )
    RefundLineFactory.create(refund=claim)
    RefundLineFactory.create(refund__payment__order__campaign=campaign)
    RefundLineFactory.create(refund__payment__order__leader=lin)

    assert short_lines_of_leader(lin, campaign) == ()


def test_commission_is_summed_by_state_and_claw_backs_take_away(lin: Leader) -> None:
    line = OrderLineFactory.create(order__leader=lin)
    CommissionEntryFactory.create(order_line=line, amount_fen=300, hold_until=SECOND)
    CommissionEntryFactory.create(
        order_line=line, amount_fen=70, kind=CommissionKind.CLAWBACK, cause="R1", hold_until=FIRST
    )
    CommissionEntryFactory.create(
        order_line=line, amount_fen=30, kind=CommissionKind.LOSS, cause="R1", hold_until=SECOND
    )
    CommissionEntryFactory.create(
        order_line__order__leader=lin, amount_fen=70, state=CommissionState.RELEASED
    )
    CommissionEntryFactory.create(
        order_line__order__leader=lin,
        amount_fen=900,
        state=CommissionState.PAID,
        statement=SettlementStatementFactory.create(leader=lin),
    )
    CommissionEntryFactory.create(
        order_line__order__leader=lin,
        amount_fen=50,
        state=CommissionState.SETTLED,
        statement=SettlementStatementFactory.create(
            leader=lin, statement_no="JS-NEXT", period_until=date(2026, 3, 22)
        ),
    )
    CommissionEntryFactory.create(amount_fen=400)

    held = commission_held_of_leader(lin)

    assert held == CommissionHeld(
        held_fen=200, next_release_at=FIRST, released_fen=70, settled_fen=50
    )


def test_without_commission_there_is_nothing_to_release(lin: Leader) -> None:
    held = commission_held_of_leader(lin)

    assert held == CommissionHeld(held_fen=0, next_release_at=None, released_fen=0, settled_fen=0)


def test_commission_is_listed_campaign_by_campaign(lin: Leader, campaign: Campaign) -> None:
    order = OrderLineFactory.create(order__leader=lin, order__campaign=campaign).order
    for _ in range(2):
        CommissionEntryFactory.create(
            order_line=OrderLineFactory.create(order=order),
            base_fen=1000,
            amount_fen=100,
            hold_until=FIRST,
        )
    later = CampaignFactory.create(code="C2", delivery_date=date(2026, 3, 12))
    CommissionEntryFactory.create(
        order_line__order__leader=lin,
        order_line__order__campaign=later,
        base_fen=500,
        amount_fen=50,
        hold_until=SECOND,
        state=CommissionState.RELEASED,
    )

    days = commission_days_of_leader(lin)

    assert days == [
        CommissionDay("C2", date(2026, 3, 12), "released", SECOND, 1, 500, 50),
        CommissionDay("C1", date(2026, 3, 11), "held", FIRST, 2, 2000, 200),
    ]
    assert [day.is_held for day in days] == [False, True]
