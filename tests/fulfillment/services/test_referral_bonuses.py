"""A referral is worth a fixed sum, once, when it is switched on at all."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.selectors.books import books_check
from fulfillment.services.referral_bonuses import referral_bonuses_due
from fulfillment.services.settlement import commission_release
from leaders.models.invites import Referral
from leaders.models.leaders import LeaderState
from orders.models.orders import OrderState
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import OrderFactory, ResidentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bonus(settings: Settings) -> None:
    settings.REFERRAL_BONUS_FEN = 5_000
    settings.REFERRAL_BONUS_ORDERS = 2


def referral_with(completed: int, *, in_hand: int = 0) -> Referral:
    """A referral whose new leader has so many completed orders, and so many in hand."""
    found = Referral.objects.create(
        referee=LeaderFactory.create(), referrer=LeaderFactory.create(), made_at=NOW
    )
    resident = ResidentFactory.create(leader=found.referee)
    for state, many in ((OrderState.COMPLETED, completed), (OrderState.REFUNDED, in_hand)):
        OrderFactory.create_batch(
            many, leader=found.referee, resident=resident, state=state, total_fen=0
        )
    return found


def test_a_bonus_is_earned_once() -> None:
    referral = referral_with(2)

    assert [referral_bonuses_due(now=NOW) for _tick in range(3)] == [1, 0, 0]

    entry = CommissionEntry.objects.get()
    assert (entry.leader, entry.kind, entry.amount_fen) == (
        referral.referrer,
        CommissionKind.BONUS,
        5_000,
    )
    assert next(law for law in books_check() if law.name == "commission").violations == 0
    referral.refresh_from_db()
    assert (referral.bonus_fen, referral.bonus_at) == (5_000, NOW)


def test_it_goes_the_way_of_commission() -> None:
    referral_with(2)
    referral_bonuses_due(now=NOW)

    commission_release(now=NOW)

    assert CommissionEntry.objects.get().state == CommissionState.RELEASED


def test_only_completed_orders_count() -> None:
    referral_with(1, in_hand=5)

    assert referral_bonuses_due(now=NOW) == 0


def test_more_sales_earn_no_more() -> None:
    referral_with(9)

    referral_bonuses_due(now=NOW)

    assert CommissionEntry.objects.get().amount_fen == 5_000


def test_it_is_off_unless_it_is_set(settings: Settings) -> None:
    settings.REFERRAL_BONUS_FEN = 0
    referral_with(2)

    assert referral_bonuses_due(now=NOW) == 0


def test_who_has_left_earns_nothing_more() -> None:
    referral = referral_with(2)
    referral.referrer.state = LeaderState.QUIT
    referral.referrer.save()

    assert referral_bonuses_due(now=NOW) == 0


def test_nobody_earns_on_the_referrals_of_a_referred_leader() -> None:
    first = referral_with(0)
    second = referral_with(2)
    second.referrer = first.referee
    second.save()

    referral_bonuses_due(now=NOW)

    assert CommissionEntry.objects.get().leader == first.referee
