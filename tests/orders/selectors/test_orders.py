"""What a leader sees of campaigns and orders."""

from datetime import UTC, date, datetime

import pytest

from leaders.models.leaders import Leader
from orders.models.campaigns import CampaignState
from orders.models.orders import OrderState
from orders.selectors.orders import (
    campaign_clocks,
    campaign_in_focus,
    campaigns_visible,
    orders_found,
    orders_of_leader,
)
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import (
    CampaignFactory,
    OrderFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


def test_the_newest_campaign_comes_first_and_drafts_stay_hidden() -> None:
    old = CampaignFactory.create(code="OLD", opens_at=datetime(2026, 3, 1, tzinfo=UTC))
    new = CampaignFactory.create(code="NEW")
    CampaignFactory.create(code="DRAFT", state=CampaignState.DRAFT)
    CampaignFactory.create(code="CANCELLED", state=CampaignState.CANCELLED)

    assert list(campaigns_visible()) == [new, old]


def test_what_arrives_first_is_on_sale_and_after_it_the_newest(lin: Leader) -> None:
    over = CampaignFactory.create(code="OVER", state=CampaignState.DONE)
    tonight = CampaignFactory.create(code="TONIGHT")
    presale = CampaignFactory.create(code="PRE", delivery_date=date(2026, 3, 14))

    assert campaign_in_focus(lin) == tonight
    tonight.state = CampaignState.FROZEN
    tonight.save()
    assert campaign_in_focus(lin) == presale
    presale.delete()
    tonight.delete()
    assert campaign_in_focus(lin) == over


def test_a_leader_sells_what_is_sold_in_their_city(lin: Leader) -> None:
    PickupPointFactory.create(leader=lin, community__city="开封")
    CampaignFactory.create(code="ELSEWHERE", city="郑州")

    assert campaign_in_focus(lin) is None

    here = CampaignFactory.create(code="HERE", city="开封")
    assert campaign_in_focus(lin) == here


def test_a_leader_has_their_own_paid_orders_only(lin: Leader) -> None:
    own = OrderFactory.create(leader=lin)
    OrderFactory.create(leader=lin, state=OrderState.PENDING_PAYMENT)
    OrderFactory.create(leader=lin, state=OrderState.CANCELLED)
    OrderFactory.create()

    assert list(orders_of_leader(lin)) == [own]


@pytest.mark.parametrize(
    ("query", "is_found", "_case"),
    [
        ("", True, "no search"),
        ("  ", True, "blank"),
        ("海燕", True, "part of the name"),
        ("2483", True, "last four digits"),
        ("6912", False, "digits in the middle of the phone"),
        ("483", False, "three digits are no phone search"),
        ("7", True, "pickup number"),
        ("07", True, "pickup number as printed"),
        ("O000077", True, "order number"),
        ("张", False, "another name"),
        ("19906912483", False, "a whole phone number is never a search"),
        ("９", False, "full-width digit"),
    ],
)
def test_a_search_matches_name_phone_tail_or_pickup_no(
    lin: Leader, query: str, is_found: bool, _case: str
) -> None:
    OrderFactory.create(
        leader=lin,
        order_no="O000077",
        pickup_no=7,
        resident_name="毛海燕",
        resident_phone="19906912483",
    )

    assert orders_found(orders_of_leader(lin), query).exists() is is_found


@pytest.mark.parametrize(
    ("now", "past", "next_clock", "_case"),
    [
        (datetime(2026, 3, 9, 12, tzinfo=UTC), 0, 0, "before it opens"),
        (datetime(2026, 3, 10, 14, 58, tzinfo=UTC), 2, 2, "the moment orders close"),
        (datetime(2026, 3, 11, tzinfo=UTC), 4, None, "after the freeze"),
    ],
)
def test_clocks_know_what_has_struck_and_what_is_next(
    now: datetime, past: int, next_clock: int | None, _case: str
) -> None:
    clocks = campaign_clocks(CampaignFactory.build(), now)

    assert [clock.is_past for clock in clocks] == [True] * past + [False] * (4 - past)
    assert [at for at, clock in enumerate(clocks) if clock.is_next] == (
        [] if next_clock is None else [next_clock]
    )
