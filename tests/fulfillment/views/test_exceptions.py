"""Exceptions on a phone: the list, a new one, the decision, the claim."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.models.warehouse import Drop
from fulfillment.services.exceptions import CaseDraft, case_open
from leaders.models.accounts import Role
from orders.models.catalogue import Sku
from orders.models.claims import Claim
from tests.factories.exceptions import ExceptionCaseFactory
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played
from tests.fulfillment.services.test_exceptions import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    return played()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def url(name: str, run: CutoffRun, **keys: int) -> str:
    return reverse(name, kwargs={"code": run.campaign.code, **keys})


def page_of(client: Client, address: str) -> str:
    with override("en"):
        answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def lost(run: CutoffRun, stage: Stage = Stage.HANDOVER) -> ExceptionCase:
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    draft = CaseDraft(
        stage=stage,
        cause=Cause.SHORT,
        qty=2,
        sku_id=Sku.objects.get(code="K1").pk,
        drop_id=drop.pk,
    )
    return case_open(run_id=run.pk, draft=draft, actor=None, now=timezone.now())


def typed(run: CutoffRun, **changes: object) -> dict[str, object]:
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    return {
        "event": uuid4(),
        "stage": "handover",
        "cause": "damaged",
        "sku": Sku.objects.get(code="K1").pk,
        "drop": drop.pk,
        "qty": 2,
        "note": "",
        **changes,
    }


def test_open_cases_come_by_stage_and_decided_ones_on_request(desk: Client, run: CutoffRun) -> None:
    case = lost(run)
    done = lost(run, Stage.LOAD)
    desk.post(url("exception-decide", run, pk=done.pk), {"bearer": "warehouse"})

    page, everything = (
        page_of(desk, url("exceptions", run)),
        page_of(desk, url("exceptions", run) + "?show=all"),
    )

    assert f"#{case.pk}" in page
    assert f"#{done.pk}" not in page
    assert f"#{done.pk}" in everything


def test_a_case_is_typed_in_once(desk: Client, run: CutoffRun) -> None:
    form = typed(run)
    before = ExceptionCase.objects.count()

    first, second = (desk.post(url("exception-new", run), form) for _again in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert ExceptionCase.objects.count() == before + 1


def test_a_case_takes_a_photo(
    desk: Client, run: CutoffRun, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    photo = SimpleUploadedFile("a.jpg", picture(), content_type="image/jpeg")

    desk.post(url("exception-new", run), typed(run, photo=photo))

    case = ExceptionCase.objects.latest("pk")
    answer = desk.get(url("exception-photo", run, pk=case.pk))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert desk.get(url("exception-photo", run, pk=lost(run).pk)).status_code == 404


@pytest.mark.parametrize("change", [{"qty": ""}, {"drop": ""}, {"sku": "0"}])
def test_a_case_without_its_figures_is_asked_again(
    desk: Client, run: CutoffRun, change: dict[str, object]
) -> None:
    before = ExceptionCase.objects.count()

    answer = desk.post(url("exception-new", run), typed(run, **change))

    assert answer.status_code == 422
    assert ExceptionCase.objects.count() == before


def test_a_case_is_decided_and_taken_back(desk: Client, run: CutoffRun) -> None:
    case = lost(run)

    assert "The counts propose" in page_of(desk, url("exception", run, pk=case.pk))
    desk.post(url("exception-decide", run, pk=case.pk), {"bearer": "leader", "note": "点错"})
    case.refresh_from_db()
    decided = case.bearer
    desk.post(url("exception-reopen", run, pk=case.pk))
    case.refresh_from_db()

    assert (decided, case.bearer) == (Bearer.LEADER, "")


def test_a_case_shows_the_counts_of_its_slot(desk: Client, run: CutoffRun) -> None:
    page = page_of(desk, url("exception", run, pk=lost(run).pk))

    assert "Counts of this slot" in page
    assert page.count("is-unknown") == 3


def test_a_stage_is_decided_at_once(desk: Client, run: CutoffRun) -> None:
    for _number in range(3):
        lost(run)

    desk.post(url("exceptions-decide", run), {"stage": "handover"})

    handover = ExceptionCase.objects.filter(stage="handover")
    assert set(handover.values_list("bearer", flat=True)) == {"driver"}


def test_the_supplier_is_asked_for_what_it_bears(desk: Client, run: CutoffRun) -> None:
    case = lost(run)
    desk.post(url("exception-decide", run, pk=case.pk), {"bearer": "supplier"})

    before = page_of(desk, url("exception", run, pk=case.pk))
    desk.post(url("exception-claim", run, pk=case.pk))
    after = page_of(desk, url("exception", run, pk=case.pk))

    assert "Claim the cost of 2 pieces" in before
    assert "Claimed from" in after
    assert case.supplier_claim.amount_fen == 2 * 300


def test_a_closed_day_only_shows(desk: Client, run: CutoffRun) -> None:
    case = lost(run)
    CutoffRun.objects.update(day_closed_at=timezone.now())

    page = page_of(desk, url("exception", run, pk=case.pk))
    desk.post(url("exception-decide", run, pk=case.pk), {"bearer": "leader"})
    answer = desk.post(url("exception-new", run), typed(run))

    case.refresh_from_db()
    assert "Never decided" in page
    assert case.bearer == ""
    assert answer.status_code == 422


def test_cases_of_other_nights_and_other_people_stay_away(
    client: Client, desk: Client, run: CutoffRun
) -> None:
    other = ExceptionCaseFactory.create()

    assert desk.get(url("exception", run, pk=other.pk)).status_code == 404
    client.force_login(UserFactory.create(role=Role.LEADER))
    assert client.get(url("exceptions", run)).status_code == 403


def test_residents_are_paid_back_by_one_press_once_it_is_decided(
    desk: Client, run: CutoffRun
) -> None:
    case = lost(run)
    page = url("exception", run, pk=case.pk)
    assert "Pay the residents back" not in page_of(desk, page)
    desk.post(url("exception-refund", run, pk=case.pk))
    assert not Claim.objects.exists()

    desk.post(url("exception-decide", run, pk=case.pk), {"bearer": "driver", "note": ""})
    assert "Refund 2 pieces to their residents" in page_of(desk, page)
    desk.post(url("exception-refund", run, pk=case.pk))

    assert sum(Claim.objects.values_list("qty", flat=True)) == 2
    assert "Pay the residents back" not in page_of(desk, page)
