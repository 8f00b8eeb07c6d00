"""The start of a night from the outside."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.cutoff_run import CutoffRun
from leaders.models.accounts import Role
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A planned night of six drops on two routes."""
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
    planned_day(run)
    return run


@pytest.fixture
def warehouse(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def test_before_the_first_cutoff_it_says_so(warehouse: Client) -> None:
    answer = warehouse.get("/warehouse/")

    assert answer.status_code == 200
    assert "empty__title" in answer.content.decode()


def test_it_opens_the_newest_night(warehouse: Client, run: CutoffRun) -> None:
    CutoffRunFactory.create(campaign=CampaignFactory.create(code="C0", delivery_date="2026-03-10"))

    assert warehouse.get("/warehouse/")["Location"] == "/warehouse/C1/"


def test_it_starts_with_what_the_warehouse_does_at_night(warehouse: Client, run: CutoffRun) -> None:
    assert warehouse.get("/")["Location"] == "/warehouse/"


def test_it_shows_the_desks_in_a_fixed_number_of_queries(
    warehouse: Client, run: CutoffRun, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(20):
        page = warehouse.get("/warehouse/C1/").content.decode()

    assert "C1" in page


@pytest.mark.parametrize(
    ("role", "desks"),
    [
        (Role.RECEIVER, {"receiving", "labels"}),
        (Role.SORTER, {"sorting", "weighing", "totes", "labels"}),
    ],
)
def test_each_hand_of_the_night_finds_its_own_desks_only(
    client: Client, run: CutoffRun, role: Role, desks: set[str]
) -> None:
    client.force_login(UserFactory.create(role=role))

    page = client.get("/warehouse/C1/").content.decode()

    assert set(re.findall(r'href="/warehouse/C1/([\w-]+)/"', page)) == desks
    assert "/papers/" not in page


@pytest.mark.parametrize("role", [Role.LEADER])
def test_leaders_are_turned_away(client: Client, run: CutoffRun, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/warehouse/C1/").status_code == 403


def test_a_night_nobody_knows_is_not_found(warehouse: Client) -> None:
    assert warehouse.get("/warehouse/C9/").status_code == 404
