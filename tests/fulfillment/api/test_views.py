"""The plan of a delivery run as JSON."""

import pytest
from django.test import Client

from fulfillment.models.delivery import DeliveryRun
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db

ADDRESS = "/api/delivery-runs/D-C1/plan/"


@pytest.fixture
def plan() -> DeliveryRun:
    return planned_day(CutoffRunFactory.create(campaign__code="C1"), trips=2, stops=3)


def as_role(client: Client, role: Role) -> Client:
    client.force_login(UserFactory.create(role=role))
    return client


def test_it_answers_the_whole_plan(client: Client, plan: DeliveryRun) -> None:
    answer = as_role(client, Role.DISPATCHER).get(ADDRESS).json()

    assert answer["run_no"] == "D-C1"
    assert answer["warehouse"] == {"name": "郑州中心仓", "lng": 113.774, "lat": 34.721}
    assert [trip["route"] for trip in answer["trips"]] == ["R01", "R02"]
    assert [stop["slot_code"] for stop in answer["trips"][1]["stops"]] == ["2-01", "2-02", "2-03"]
    assert [drop["slot_code"] for drop in answer["unserved"]] == ["3-01"]


def test_a_stop_has_its_place_times_and_load(client: Client, plan: DeliveryRun) -> None:
    stop = as_role(client, Role.DISPATCHER).get(ADDRESS).json()["trips"][0]["stops"][0]

    assert (stop["lng"], stop["lat"]) == (113.62, 34.72)
    assert stop["arrive_at"] == "2026-03-11T06:20:00+08:00"
    assert (stop["totes"], stop["weight_g"], stop["volume_ml"]) == (2, 5000, 20_000)


def test_it_tells_no_phone_number(client: Client, plan: DeliveryRun) -> None:
    text = as_role(client, Role.DISPATCHER).get(ADDRESS).content.decode()

    assert [
        phone for phone in Leader.objects.values_list("phone", flat=True) if phone in text
    ] == []


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.BUYER, Role.LEADER])
def test_other_roles_are_refused(client: Client, plan: DeliveryRun, role: Role) -> None:
    assert as_role(client, role).get(ADDRESS).status_code == 403


def test_strangers_are_refused(client: Client, plan: DeliveryRun) -> None:
    assert client.get(ADDRESS).status_code == 403


def test_a_run_nobody_knows_is_not_found(client: Client) -> None:
    assert as_role(client, Role.DISPATCHER).get(ADDRESS).status_code == 404
