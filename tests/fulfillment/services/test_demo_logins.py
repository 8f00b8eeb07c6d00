"""The demo log-ins exist once, work, and open the right doors."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.test.utils import override_settings

from fulfillment.services.demo_logins import demo_logins_create, demo_password
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.selectors.access import helped_leader
from tests.factories.fulfillment import TripFactory
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import (
    CampaignFactory,
    OrderFactory,
    RefundFactory,
    RefundLineFactory,
)


@pytest.fixture
def seller() -> Leader:
    """A leader without a log-in who sold in the newest campaign, and one who did not."""
    LeaderFactory.create(code="L0001", user=None)
    seller = LeaderFactory.create(code="L0002", user=None)
    OrderFactory.create_batch(2, leader=seller, campaign=CampaignFactory.create())
    return seller


@pytest.mark.django_db
def test_every_role_and_a_selling_leader_can_log_in(seller: Leader) -> None:
    logins = demo_logins_create(password="open-sesame-9")

    assert [(login.username, login.role) for login in logins] == [
        ("l0002", Role.LEADER),
        ("helper", Role.HELPER),
        ("warehouse", Role.WAREHOUSE),
        ("receiver", Role.RECEIVER),
        ("sorter", Role.SORTER),
        ("dispatcher", Role.DISPATCHER),
        ("buyer", Role.BUYER),
        ("recruiter", Role.RECRUITER),
        ("service", Role.SERVICE),
        ("finance", Role.FINANCE),
        ("finance2", Role.FINANCE),
        ("compliance", Role.COMPLIANCE),
        ("administrator", Role.ADMINISTRATOR),
        ("admin", ""),
    ]
    for login in logins:
        assert authenticate(username=login.username, password="open-sesame-9") is not None
    seller.refresh_from_db()
    assert seller.user == User.objects.get(username="l0002")
    assert helped_leader(User.objects.get(username="helper")) == seller


@pytest.mark.django_db
def test_the_buyer_is_staff_with_permissions_and_only_the_admin_is_a_superuser() -> None:
    demo_logins_create(password="open-sesame-9")

    buyer = User.objects.get(username="buyer")
    assert (buyer.is_staff, buyer.is_superuser) == (True, False)
    assert buyer.has_perm("orders.change_offer")
    assert not User.objects.get(username="warehouse").is_staff
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["admin"]


@pytest.mark.django_db
def test_calling_again_creates_nobody_and_keeps_sessions_alive(seller: Leader) -> None:
    first = demo_logins_create(password="open-sesame-9")
    hashes = dict(User.objects.values_list("username", "password"))

    second = demo_logins_create(password="open-sesame-9")

    assert second == first
    assert dict(User.objects.values_list("username", "password")) == hashes


@pytest.mark.django_db
def test_leaders_whose_pages_show_shortages_come_first() -> None:
    campaign = CampaignFactory.create()
    for code in ("L0001", "L0002", "L0003"):
        LeaderFactory.create(code=code, user=None)
        OrderFactory.create_batch(2, leader=Leader.objects.get(code=code), campaign=campaign)
    refund = RefundFactory.create(
        payment__order__leader=Leader.objects.get(code="L0003"), payment__order__campaign=campaign
    )
    RefundLineFactory.create(refund=refund)

    logins = demo_logins_create(password="open-sesame-9")

    assert [login.username for login in logins[:2]] == ["l0003", "l0001"]


@pytest.mark.django_db
def test_a_leader_keeps_the_log_in_they_have() -> None:
    leader = LeaderFactory.create(user=UserFactory.create(username="lin"))
    OrderFactory.create(leader=leader)

    logins = demo_logins_create(password="open-sesame-9")

    assert logins[0].username == "lin"
    assert authenticate(username="lin", password="open-sesame-9") == leader.user


def test_the_password_is_stable_and_belongs_to_one_installation() -> None:
    with override_settings(SECRET_KEY="one"):
        first, again = demo_password(), demo_password()
    with override_settings(SECRET_KEY="two"):
        other = demo_password()

    assert first == again
    assert len(first) == 12
    assert other != first


@pytest.mark.django_db
def test_the_driver_of_the_newest_trip_can_log_in() -> None:
    late = datetime(2026, 3, 11, 22, 0, tzinfo=UTC)
    TripFactory.create(vehicle__code="V1")
    trip = TripFactory.create(
        vehicle__code="V2", departs_at=late, returns_at=late + timedelta(hours=3)
    )

    logins = demo_logins_create(password="open-sesame-9")
    again = demo_logins_create(password="open-sesame-9")

    trip.refresh_from_db()
    assert trip.driver is not None
    assert trip.driver.user == authenticate(username="driver", password="open-sesame-9")
    assert [login.username for login in logins][-2:] == ["driver", "admin"]
    assert again == logins
