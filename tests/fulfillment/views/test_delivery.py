"""The dispatcher's pages from the outside."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.delivery import DeliveryRun, Linehaul
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import Warehouse
from leaders.models.accounts import Role
from tests.factories.fulfillment import CutoffRunFactory, DeliveryRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> DeliveryRun:
    return planned_day(CutoffRunFactory.create(campaign__code="C1"), trips=2, stops=3)


@pytest.fixture
def dispatcher(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.DISPATCHER))
    return client


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_leads_to_each_plan(dispatcher: Client, plan: DeliveryRun) -> None:
    assert 'href="/routes/D-C1/"' in page_of(dispatcher, "/routes/")


def test_without_plans_the_list_says_so(dispatcher: Client) -> None:
    assert "empty__title" in page_of(dispatcher, "/routes/")


def test_a_plan_shows_every_stop_in_its_table(dispatcher: Client, plan: DeliveryRun) -> None:
    page = page_of(dispatcher, "/routes/D-C1/")

    assert [f'id="stop-{trip}-{stop}"' in page for trip in (1, 2) for stop in (1, 2, 3)] == [
        True
    ] * 6
    assert "06:20" in page


def test_one_trip_can_be_looked_at_alone(dispatcher: Client, plan: DeliveryRun) -> None:
    page = page_of(dispatcher, "/routes/D-C1/?trip=2")

    assert 'id="stop-2-1"' in page
    assert 'id="stop-1-1"' not in page


def test_a_trip_nobody_knows_shows_them_all(dispatcher: Client, plan: DeliveryRun) -> None:
    assert 'id="stop-1-1"' in page_of(dispatcher, "/routes/D-C1/?trip=99")


def test_the_timeline_has_bars_without_style_attributes(
    dispatcher: Client, plan: DeliveryRun
) -> None:
    page = page_of(dispatcher, "/routes/D-C1/")

    assert page.count("bar--unload") == 6 + 1
    assert " style=" not in page


def test_drops_on_no_trip_are_named(dispatcher: Client, plan: DeliveryRun) -> None:
    page = page_of(dispatcher, "/routes/D-C1/")

    assert "notice--danger" in page
    assert "3-01" in page


def test_no_tile_server_is_named_unless_it_is_set(dispatcher: Client, plan: DeliveryRun) -> None:
    assert 'data-tiles=""' in page_of(dispatcher, "/routes/D-C1/")


def test_a_plan_says_whether_its_drivers_see_it(dispatcher: Client, plan: DeliveryRun) -> None:
    assert "/routes/D-C1/board/publish/" in page_of(dispatcher, "/routes/D-C1/")

    DeliveryRun.objects.update(published_at=plan.planned_at, published_by=UserFactory.create())

    assert "/routes/D-C1/board/publish/" not in page_of(dispatcher, "/routes/D-C1/")


def test_a_plan_leads_to_its_board_and_shows_costs_and_shares(
    dispatcher: Client, plan: DeliveryRun
) -> None:
    page = page_of(dispatcher, "/routes/D-C1/")

    assert 'href="/routes/D-C1/board/"' in page
    assert 'id="shares"' in page
    assert "100%" in page


def test_the_warehouses_of_a_run_stand_together_each_with_its_own_unserved(
    dispatcher: Client, plan: DeliveryRun
) -> None:
    grid = Warehouse.objects.create(
        code="G1", name="航空港网格仓", address="", lng=113.8, lat=34.5, hub=plan.warehouse
    )
    DeliveryRunFactory.create(cutoff_run=plan.cutoff_run, warehouse=grid, run_no="D-C1-G1")

    listed = page_of(dispatcher, "/routes/")
    own, beside = (page_of(dispatcher, f"/routes/{run_no}/") for run_no in ("D-C1", "D-C1-G1"))

    assert listed.index("郑州中心仓") > listed.index("航空港网格仓")
    assert 'href="/routes/D-C1-G1/"' in own
    assert 'aria-current="page">航空港网格仓' in beside
    assert ("3-01" in own, "3-01" in beside) == (True, False)


def test_line_hauls_are_listed_with_the_run(dispatcher: Client, plan: DeliveryRun) -> None:
    grid = Warehouse.objects.create(
        code="G1", name="航空港网格仓", address="", lng=113.8, lat=34.5, hub=plan.warehouse
    )
    trip = plan.trips.select_related("vehicle").order_by("route_no")[0]
    Linehaul.objects.create(
        cutoff_run=plan.cutoff_run,
        warehouse=grid,
        vehicle=trip.vehicle,
        trip_no=1,
        stop_seq=1,
        totes=87,
        weight_g=900_000,
        volume_ml=1,
        distance_m=31_000,
        leaves_at=trip.departs_at,
        arrive_at=trip.departs_at,
        depart_at=trip.returns_at,
    )

    page = page_of(dispatcher, "/routes/D-C1/")

    assert 'id="linehauls"' in page
    assert "31.0 km" in page


def test_first_plans_on_their_way_are_listed(dispatcher: Client) -> None:
    run = CutoffRunFactory.create(campaign__code="C7")
    PlanDraft.objects.create(
        cutoff_run=run,
        warehouse=run.warehouse,
        origin=PlanOrigin.FIRST,
        state=PlanDraftState.SOLVING,
        progress_percent=35,
        created_at=run.created_at,
    )

    assert 'value="35"' in page_of(dispatcher, "/routes/")


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.BUYER, Role.LEADER])
@pytest.mark.parametrize("address", ["/routes/", "/routes/D-C1/"])
def test_the_pages_belong_to_the_dispatcher(
    client: Client, plan: DeliveryRun, role: Role, address: str
) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get(address).status_code == 403


def test_a_plan_nobody_knows_is_not_found(dispatcher: Client) -> None:
    assert dispatcher.get("/routes/D-C9/").status_code == 404


@pytest.mark.parametrize("trips", [1, 5])
def test_the_number_of_queries_does_not_grow_with_the_plan(
    dispatcher: Client, trips: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    planned_day(CutoffRunFactory.create(campaign__code="C2"), trips=trips)

    with django_assert_num_queries(8):
        page_of(dispatcher, "/routes/D-C2/")
