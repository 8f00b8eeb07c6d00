"""Who gets through before any view is asked."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django.fixtures import Settings

from config.access import BorrowedRightsBackend
from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.factories.access import ElevationFactory
from tests.factories.leaders import PASSWORD, UserFactory
from tests.factories.second_factors import phone_of, shown

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SET_UP, VERIFY = "/access/totp/", "/access/totp/verify/"


@pytest.fixture
def required(settings: Settings) -> None:
    settings.STAFF_TOTP_REQUIRED = True


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def finance() -> User:
    return UserFactory.create(role=Role.FINANCE, username="qian", is_staff=True)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("page", ["/", "/settlement/", "/admin/", "/apply/", "/nowhere/"])
def test_without_a_second_factor_every_way_leads_to_setting_one_up(
    client: Client, finance: User, page: str
) -> None:
    client.force_login(finance)

    answer = client.get(page)

    assert answer["Location"].startswith(f"{SET_UP}?next=")


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("log_in", ["/login/", "/admin/login/"])
def test_no_log_in_leads_around_it(client: Client, finance: User, log_in: str) -> None:
    phone_of(finance)
    client.post(log_in, {"username": "qian", "password": PASSWORD})

    assert client.get("/admin/")["Location"] == f"{VERIFY}?next=%2Fadmin%2F"
    assert client.post("/settlement/")["Location"] == VERIFY
    assert client.get("/logout/").status_code == 405


@pytest.mark.usefixtures("required", "clock")
def test_a_code_opens_this_session_and_no_other(client: Client, finance: User) -> None:
    phone = phone_of(finance)
    client.force_login(finance)
    other = Client()
    other.force_login(finance)

    answer = client.post(VERIFY, {"code": shown(phone), "next": "/settlement/"})

    assert answer["Location"] == "/settlement/"
    assert client.get("/settlement/").status_code == 200
    assert other.get("/settlement/")["Location"].startswith(VERIFY)


@pytest.mark.usefixtures("required", "clock")
def test_after_a_reset_the_open_session_is_asked_again(client: Client, finance: User) -> None:
    phone = phone_of(finance)
    client.force_login(finance)
    client.post(VERIFY, {"code": shown(phone)})

    phone.delete()

    assert client.get("/settlement/")["Location"].startswith(SET_UP)


@pytest.mark.usefixtures("required")
def test_who_asks_for_data_is_refused_in_data(client: Client, finance: User) -> None:
    client.force_login(finance)

    answer = client.get("/api/delivery-runs/R1/plan/")

    assert answer.status_code == 403
    assert answer.json()["code"] == "second_factor_needed"


@pytest.mark.usefixtures("required")
def test_a_part_of_a_page_sends_the_whole_page_there(client: Client, finance: User) -> None:
    client.force_login(finance)

    answer = client.get("/settlement/", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == SET_UP


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", [Role.LEADER, Role.HELPER, Role.DRIVER, Role.WAREHOUSE])
def test_phones_that_are_handed_on_are_not_asked(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert not client.get("/")["Location"].startswith("/access/")


def test_where_it_is_not_required_nobody_is_asked(client: Client, finance: User) -> None:
    client.force_login(finance)

    assert client.get("/settlement/").status_code == 200


def test_borrowed_permissions_are_those_of_the_table_and_end_with_the_loan() -> None:
    role_permissions_apply(Role.ADMINISTRATOR)
    elevation = ElevationFactory.create(role=Role.RECRUITER)
    role_permissions_apply(Role.ADMINISTRATOR)
    own = PERMISSIONS_BY_ROLE["administrator"]

    borrower = User.objects.get(pk=elevation.user_id)
    assert borrower.get_all_permissions() == own | PERMISSIONS_BY_ROLE["recruiter"]
    assert borrower.has_module_perms("leaders")
    assert not borrower.has_module_perms("orders")

    elevation.ended_at = elevation.begun_at
    elevation.save()
    assert User.objects.get(pk=elevation.user_id).get_all_permissions() == own


def test_who_is_switched_off_or_unknown_borrows_no_permission() -> None:
    elevation = ElevationFactory.create(role=Role.RECRUITER, user__is_active=False)
    backend = BorrowedRightsBackend()

    assert backend.get_user_permissions(elevation.user) == set()
    assert backend.get_user_permissions(AnonymousUser()) == set()
    assert backend.authenticate(None, username="x", password="x") is None
