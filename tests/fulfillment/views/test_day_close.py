"""The page of the day close: what is open first, then the button."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.delivery import Stop
from fulfillment.models.papers import Paper
from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import imported, played

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    return played()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def url(name: str, run: CutoffRun) -> str:
    return reverse(name, kwargs={"code": run.campaign.code})


def page_of(client: Client, run: CutoffRun) -> str:
    with override("en"):
        answer = client.get(url("day-close", run), headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def declare_all(client: Client, run: CutoffRun) -> None:
    """Press "not recorded" at every line of the page."""
    fields = re.findall(
        r'name="stage" value="(\w+)">\s*<input type="hidden" name="counted" value="(\w+)">'
        r'\s*<input type="hidden" name="pk" value="(\d+)">',
        page_of(client, run),
    )
    for stage, counted, pk in fields:
        client.post(
            url("count-declare", run),
            {"stage": stage, "counted": counted, "pk": pk, "reason": "纸质"},
        )


def test_what_is_missing_leads_to_where_it_is_entered(desk: Client, run: CutoffRun) -> None:
    page = page_of(desk, run)

    assert "5 counts missing" in page
    assert "Sort card K1" in page
    assert "sorting/cards/" in page
    assert 'action="' in page
    assert "is-unknown" in page


def test_a_day_on_paper_is_declared_and_closed_on_its_page(desk: Client, run: CutoffRun) -> None:
    desk.post(reverse("exceptions-decide", args=[run.campaign.code]), {"stage": "receive"})
    declare_all(desk, run)

    ready = page_of(desk, run)
    desk.post(url("day-close", run))
    closed = page_of(desk, run)

    run.refresh_from_db()
    assert UnrecordedCount.objects.count() == 5
    assert "The day can be closed" in ready
    assert run.day_closed_at is not None
    assert "Closed 20" in closed
    assert "Note an exception" not in closed


def test_a_day_that_is_not_explained_stays_open(desk: Client, run: CutoffRun) -> None:
    desk.post(url("day-close", run))

    run.refresh_from_db()
    assert run.day_closed_at is None
    assert "notice--danger" in page_of(desk, run)


def test_a_gap_leads_to_a_new_exception(desk: Client, run: CutoffRun) -> None:
    declare_all(desk, run)
    Stop.objects.update(state="failed")

    page = page_of(desk, run)
    link = re.search(r'href="([^"]*exceptions/new/[^"]*)"', page)

    assert "Gaps that nothing explains" in page
    assert link is not None
    form = desk.get(link.group(1).replace("&amp;", "&")).content.decode()
    assert form.count(" selected") >= 3


def test_all_counts_of_a_stage_are_declared_at_once(desk: Client, run: CutoffRun) -> None:
    desk.post(url("counts-declare", run), {"stage": "sort", "reason": ""})
    none = UnrecordedCount.objects.count()
    desk.post(url("counts-declare", run), {"stage": "sort", "reason": "纸质"})

    assert (none, UnrecordedCount.objects.filter(stage="sort").count()) == (0, 3)
    assert "2 counts missing" in page_of(desk, run)


def test_a_declaration_needs_a_reason(desk: Client, run: CutoffRun) -> None:
    desk.post(
        url("count-declare", run), {"stage": "load", "counted": "trip", "pk": 1, "reason": ""}
    )

    assert not UnrecordedCount.objects.exists()


def test_a_day_before_its_first_step_has_a_page(desk: Client) -> None:
    page = page_of(desk, imported())

    assert "The dock is not closed" in page
    assert "button--primary" not in page


def test_the_sheets_are_printed_before_the_day_is_closed(
    desk: Client, run: CutoffRun, settings: LazySettings, tmp_path: Path
) -> None:
    settings.PAPERS_ROOT = tmp_path

    answer = desk.post(url("day-close-print", run))

    assert answer.headers["Location"] == "/papers/?run=C1"
    assert sorted(Paper.objects.values_list("document", flat=True)) == [
        "day_close",
        "exception_sheet",
    ]
