"""The print centre from the outside."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.papers import Document
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.factories.fulfillment import CutoffRunFactory, PaperFactory, StepRecordFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory
from tests.factories.plans import planned_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A planned day with load sheets and hand-out lists, at the step of printing."""
    run: CutoffRun = CutoffRunFactory.create(campaign__code="C1")
    planned_day(run)
    for route in ("R01", "R02"):
        PaperFactory.create(
            run=run, document=Document.LOAD_SHEET, scope=route, control_code=f"K{route}"
        )
    for leader in Leader.objects.all():
        PaperFactory.create(run=run, document=Document.HAND_OUT_LIST, scope=leader.code)
    for position, step in enumerate(Step):
        StepRecordFactory.create(run=run, name=step, position=position)
    return run


@pytest.fixture
def warehouse(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_run_it_says_so(warehouse: Client) -> None:
    assert "empty__title" in page_of(warehouse, "/papers/")


def test_the_newest_delivery_opens_first(warehouse: Client, run: CutoffRun) -> None:
    CutoffRunFactory.create(campaign=CampaignFactory.create(code="C0", delivery_date="2026-03-10"))

    assert "C1 ·" in page_of(warehouse, "/papers/")
    assert "C0 ·" in page_of(warehouse, "/papers/?run=C0")


def test_a_day_nobody_knows_is_not_found(warehouse: Client, run: CutoffRun) -> None:
    assert warehouse.get("/papers/?run=C9").status_code == 404


def test_papers_show_revision_and_control_code(warehouse: Client, run: CutoffRun) -> None:
    PaperFactory.create(
        run=run, document=Document.LOAD_SHEET, scope="R02", revision=2, file="r2.pdf"
    )

    page = page_of(warehouse, "/papers/?pack=route")

    assert "KR01" in page
    assert "KR02" not in page
    assert "badge--caution" in page


def test_a_search_narrows_the_pack(warehouse: Client, run: CutoffRun) -> None:
    page = page_of(warehouse, "/papers/?pack=route&q=R02")

    assert "KR02" in page
    assert "KR01" not in page


def test_a_pack_of_another_role_falls_back_to_the_first_of_ones_own(
    client: Client, run: CutoffRun
) -> None:
    client.force_login(UserFactory.create(role=Role.DISPATCHER))

    page = page_of(client, "/papers/?pack=supervisor")

    assert "KR01" in page


def test_the_progress_refreshes_itself_until_the_day_is_done(
    warehouse: Client, run: CutoffRun
) -> None:
    assert 'data-refresh="/papers/progress/C1/"' in page_of(warehouse, "/papers/")
    assert "data-finished" not in page_of(warehouse, "/papers/progress/C1/")

    run.steps.update(state=StepState.DONE, finished_at=run.created_at)

    assert "data-refresh" not in page_of(warehouse, "/papers/")
    assert "data-finished" in page_of(warehouse, "/papers/progress/C1/")


def test_a_failed_step_shows_its_error(warehouse: Client, run: CutoffRun) -> None:
    run.steps.filter(name=Step.FREEZE).update(state=StepState.FAILED, error="disk full")

    assert "disk full" in page_of(warehouse, "/papers/")


@pytest.mark.parametrize("address", ["/papers/", "/papers/progress/C1/"])
def test_leaders_have_no_print_centre(client: Client, run: CutoffRun, address: str) -> None:
    client.force_login(UserFactory.create(role=Role.LEADER))

    assert client.get(address).status_code == 403


def test_many_leaders_come_in_pages(warehouse: Client, run: CutoffRun) -> None:
    for number in range(40):
        PaperFactory.create(run=run, document=Document.HAND_OUT_LIST, scope=f"X{number:03d}")

    page = page_of(warehouse, "/papers/?pack=leader")

    assert "page=2" in page
    assert "X039" in page_of(warehouse, "/papers/?pack=leader&page=2")


def test_the_number_of_queries_is_fixed(
    warehouse: Client, run: CutoffRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(13):
        page_of(warehouse, "/papers/?pack=leader")
