"""A campaign ends before its clock when two buyers stand for it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from leaders.errors import CountersignatureOver, CountersignatureWaits, SecondPersonNeeded
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.countersignatures import Countersignature
from orders.domain.gateway import TradeReport, TradeState
from orders.errors import CampaignNotSelling
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.orders import Order, OrderState
from orders.models.payments import PaymentState, Verdict
from orders.services.campaigns import campaign_freeze
from orders.services.forced_freeze import forced_freeze_ask, forced_freeze_sign
from orders.services.payment_reports import trade_report_apply
from tests.factories.leaders import PickupPointFactory, UserFactory
from tests.factories.orders import (
    CampaignFactory,
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def buyers() -> list[User]:
    return UserFactory.create_batch(2, role=Role.BUYER)


@pytest.fixture
def offer(settings: Settings) -> Offer:
    settings.PAYMENT_MINUTES = 15
    made: Offer = OfferFactory.create()
    return made


def ask(campaign: Campaign, actor: User) -> Countersignature:
    return forced_freeze_ask(
        campaign_id=campaign.pk, reason="供货商停电", actor=actor, now=NOON - MINUTE
    )


def close(campaign: Campaign, buyers: list[User]) -> Campaign:
    return forced_freeze_sign(
        countersignature=ask(campaign, buyers[0]), actor=buyers[1], now=NOON, clock=lambda: NOON
    )


def unpaid(offer: Offer, *, pay_by: datetime | None) -> Order:
    order: Order = OrderFactory.create(
        campaign=offer.campaign, state=OrderState.PENDING_PAYMENT, pay_by=pay_by, total_fen=500
    )
    OrderLineFactory.create(order=order, offer=offer, sku=offer.sku, qty=1)
    return order


def test_until_somebody_signs_it_goes_on_selling(offer: Offer, buyers: list[User]) -> None:
    before = offer.campaign.timeline

    asked = ask(offer.campaign, buyers[0])

    offer.campaign.refresh_from_db()
    assert (offer.campaign.state, offer.campaign.timeline) == (CampaignState.OPEN, before)
    assert (asked.deed, asked.object_id) == ("campaign.freeze", str(offer.campaign.pk))
    assert asked.facts["freeze_at"] == "2026-03-10T15:03:00+00:00"


def test_with_the_signature_orders_close_at_once(offer: Offer, buyers: list[User]) -> None:
    closed = close(offer.campaign, buyers)

    assert closed.state == CampaignState.CLOSING
    assert closed.orders_close_at == NOON
    assert closed.payments_close_at == NOON + 3 * MINUTE
    assert closed.freeze_at == NOON + 5 * MINUTE
    event = AuditEvent.objects.get(action="campaign.freeze_forced")
    assert (event.actor, event.reason) == (buyers[1], "供货商停电")
    assert event.facts["before"]["orders_close_at"] == "2026-03-10T14:58:00+00:00"
    assert event.facts["after"]["orders_close_at"] == "2026-03-10T04:00:00+00:00"


def test_who_asked_does_not_close_it(offer: Offer, buyers: list[User]) -> None:
    asked = ask(offer.campaign, buyers[0])

    with pytest.raises(SecondPersonNeeded):
        forced_freeze_sign(countersignature=asked, actor=buyers[0], now=NOON, clock=lambda: NOON)

    offer.campaign.refresh_from_db()
    assert offer.campaign.state == CampaignState.OPEN


def test_whoever_holds_an_order_keeps_their_time_to_pay(offer: Offer, buyers: list[User]) -> None:
    first = unpaid(offer, pay_by=NOON + 11 * MINUTE)
    unpaid(offer, pay_by=NOON + 4 * MINUTE)

    closed = close(offer.campaign, buyers)

    assert closed.payments_close_at == first.pay_by
    assert closed.freeze_at == NOON + 13 * MINUTE


def test_an_attempt_without_a_promise_of_its_own_gets_the_time_of_a_new_order(
    offer: Offer, buyers: list[User]
) -> None:
    order = unpaid(offer, pay_by=None)
    PaymentFactory.create(
        order=order,
        state=PaymentState.SUBMITTED,
        verdict="",
        expires_at=offer.campaign.payments_close_at,
    )

    closed = close(offer.campaign, buyers)

    assert closed.payments_close_at == NOON + 15 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "verdict", "state"),
    [
        (11, Verdict.PAID, OrderState.FROZEN),
        (12, Verdict.REFUND_LATE, OrderState.LATE_PAID),
    ],
)
def test_money_in_time_is_bought_for_and_money_after_goes_back(
    offer: Offer, buyers: list[User], minutes: int, verdict: Verdict, state: OrderState
) -> None:
    order = unpaid(offer, pay_by=NOON + 11 * MINUTE)
    payment = PaymentFactory.create(
        order=order, state=PaymentState.SUBMITTED, verdict="", expires_at=NOON + 11 * MINUTE
    )
    closed = close(offer.campaign, buyers)

    report = TradeReport(
        out_trade_no=payment.out_trade_no,
        state=TradeState.SUCCESS,
        transaction_id="T1",
        amount_fen=500,
        succeeded_at=NOON + minutes * MINUTE,
    )
    trade_report_apply(provider=payment.provider, report=report, now=NOON + minutes * MINUTE)
    snapshot = campaign_freeze(campaign_id=closed.pk, now=closed.freeze_at)

    payment.refresh_from_db()
    order.refresh_from_db()
    assert (payment.verdict, order.state) == (verdict, state)
    assert snapshot.orders == (1 if verdict == Verdict.PAID else 0)


@pytest.mark.parametrize("state", [s for s in CampaignState if s != CampaignState.OPEN])
def test_only_what_sells_can_be_closed(state: CampaignState, buyers: list[User]) -> None:
    campaign = CampaignFactory.create(state=state)

    with pytest.raises(CampaignNotSelling):
        ask(campaign, buyers[0])


def test_after_its_own_close_nothing_is_left_to_sign(offer: Offer, buyers: list[User]) -> None:
    asked = ask(offer.campaign, buyers[0])
    late = offer.campaign.orders_close_at

    with pytest.raises(CampaignNotSelling):
        forced_freeze_sign(countersignature=asked, actor=buyers[1], now=NOON, clock=lambda: late)


def test_it_is_asked_for_and_signed_once(offer: Offer, buyers: list[User]) -> None:
    asked = ask(offer.campaign, buyers[0])
    with pytest.raises(CountersignatureWaits):
        ask(offer.campaign, buyers[1])
    Countersignature.objects.filter(pk=asked.pk).update(state="lapsed")

    with pytest.raises(CountersignatureOver):
        forced_freeze_sign(countersignature=asked, actor=buyers[1], now=NOON, clock=lambda: NOON)


def test_residents_see_it_closed(client: Client, offer: Offer, buyers: list[User]) -> None:
    point = PickupPointFactory.create()
    now = datetime.now(UTC)
    Campaign.objects.filter(pk=offer.campaign_id).update(
        opens_at=now - timedelta(hours=1),
        orders_close_at=now + timedelta(hours=5),
        payments_close_at=now + timedelta(hours=5, minutes=3),
        freeze_at=now + timedelta(hours=5, minutes=5),
    )
    asked = forced_freeze_ask(
        campaign_id=offer.campaign_id, reason="停电", actor=buyers[0], now=now
    )
    address = f"/g/{point.leader.code}/"
    before = client.get(address, headers={"accept-language": "en"}).content.decode()

    forced_freeze_sign(countersignature=asked, actor=buyers[1], now=now)
    after = client.get(address, headers={"accept-language": "en"}).content.decode()

    assert "Ordering is closed" not in before
    assert "Ordering is closed" in after
