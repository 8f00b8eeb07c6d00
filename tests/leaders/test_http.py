"""Who may open which page, and how often."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from leaders.http import (
    LeaderRequest,
    UserRequest,
    client_ip,
    is_too_often,
    leader_page,
    pickup_page,
    role_required,
)
from leaders.models.accounts import Role, User
from leaders.models.leaders import LeaderState
from tests.factories.access import ElevationFactory, PickupHelperFactory
from tests.factories.leaders import LeaderFactory, UserFactory, login_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
FORWARDED = "6.6.6.6, 1.2.3.4, 10.0.0.9"


@role_required(Role.WAREHOUSE, Role.DISPATCHER)
def yard_page(request: UserRequest) -> HttpResponse:
    return HttpResponse(f"hello {request.user.username}")


@leader_page
def own_page(request: LeaderRequest) -> HttpResponse:
    return HttpResponse(request.leader.code)


@pickup_page
def counter_page(request: LeaderRequest) -> HttpResponse:
    return HttpResponse(request.leader.code)


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/yard/")
    request.user = user
    return request


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.DISPATCHER])
def test_every_named_role_comes_in(role: Role) -> None:
    user = UserFactory.create(role=role, username="zhou")

    response = yard_page(request_of(user))

    assert isinstance(response, HttpResponse)
    assert response.content == b"hello zhou"


def test_a_superuser_comes_in_without_the_role() -> None:
    user = UserFactory.create(role=Role.BUYER, is_superuser=True)

    response = yard_page(request_of(user))

    assert response.status_code == 200


def test_no_page_behind_a_log_in_is_kept_by_the_browser() -> None:
    user = UserFactory.create(role=Role.WAREHOUSE)

    response = yard_page(request_of(user))

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_another_role_is_refused() -> None:
    user = UserFactory.create(role=Role.LEADER)

    with pytest.raises(PermissionDenied):
        yard_page(request_of(user))


def test_a_stranger_is_sent_to_log_in_and_back() -> None:
    request = RequestFactory().get("/yard/?day=1")
    request.user = AnonymousUser()

    response = yard_page(request)

    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/yard/%3Fday%3D1"


def test_a_leader_page_knows_its_leader() -> None:
    leader = LeaderFactory.create(code="L0007")
    assert leader.user is not None

    response = own_page(request_of(leader.user))

    assert isinstance(response, HttpResponse)
    assert response.content == b"L0007"


@pytest.mark.parametrize("is_superuser", [False, True])
def test_a_leader_page_refuses_a_log_in_without_a_leader(is_superuser: bool) -> None:
    user = UserFactory.create(role=Role.LEADER, is_superuser=is_superuser)

    with pytest.raises(PermissionDenied):
        own_page(request_of(user))


def test_who_hands_out_for_a_leader_comes_to_the_counter_and_no_further() -> None:
    help_given = PickupHelperFactory.create(leader__code="L0007")

    response = counter_page(request_of(help_given.user))

    assert isinstance(response, HttpResponse)
    assert response.content == b"L0007"
    with pytest.raises(PermissionDenied):
        own_page(request_of(help_given.user))


def test_a_leader_stands_at_the_own_counter() -> None:
    leader = LeaderFactory.create(code="L0007")

    response = counter_page(request_of(login_of(leader)))

    assert isinstance(response, HttpResponse)
    assert response.content == b"L0007"


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param({"ended_at": AT}, id="help_ended"),
        pytest.param({"leader__state": LeaderState.QUIT}, id="leader_left"),
    ],
)
def test_help_that_is_over_opens_nothing(ends: dict[str, object]) -> None:
    help_given = PickupHelperFactory.create(**ends)

    with pytest.raises(PermissionDenied):
        counter_page(request_of(help_given.user))


def test_borrowed_rights_open_the_pages_of_their_role() -> None:
    borrower = ElevationFactory.create(role=Role.DISPATCHER).user

    response = yard_page(request_of(User.objects.get(pk=borrower.pk)))

    assert response.status_code == 200


def test_a_view_says_whom_it_opens_to() -> None:
    assert vars(yard_page)["opens_to"] == {Role.WAREHOUSE, Role.DISPATCHER}
    assert vars(counter_page)["opens_to"] == {Role.LEADER, Role.HELPER}


@pytest.mark.parametrize(
    ("proxies", "address"),
    [
        pytest.param(0, "10.0.0.1", id="nobody_in_front"),
        pytest.param(1, "10.0.0.9", id="what_our_proxy_saw"),
        pytest.param(2, "1.2.3.4", id="what_our_outer_proxy_saw"),
        pytest.param(9, "6.6.6.6", id="fewer_than_we_thought"),
    ],
)
def test_an_address_others_wrote_is_not_believed(
    settings: Settings, proxies: int, address: str
) -> None:
    settings.REST_FRAMEWORK = {"NUM_PROXIES": proxies}

    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": FORWARDED}, REMOTE_ADDR="10.0.0.1"
    )

    assert client_ip(request) == address


def test_without_a_forwarded_address_the_peer_counts(settings: Settings) -> None:
    settings.REST_FRAMEWORK = {"NUM_PROXIES": 1}

    assert client_ip(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


def test_attempts_are_counted_by_who_and_what() -> None:
    cache.clear()

    first = [is_too_often("a", "x", most=2, period_s=60) for _attempt in range(3)]
    other = is_too_often("a", "y", most=2, period_s=60)

    assert first == [False, False, True]
    assert not other
