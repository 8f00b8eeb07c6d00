"""The applicant's own page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from leaders.models.applications import (
    ApplicationDocument,
    ApplicationState,
    ChecklistItem,
    DocumentKind,
    LeaderApplication,
    QuizAttempt,
)
from leaders.services.accounts import leader_login_make
from leaders.services.application_links import application_token
from leaders.views import apply_status
from tests.factories.applicants import NOW, RIGHT_ANSWERS, AgreementFactory
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory
from tests.orders.photos import photo

pytestmark = pytest.mark.django_db

PHONE = "19911110001"
PAGES = ("", "agreement/", "quiz/", "guide/")
POSTS = ("documents/", "agreement/", "quiz/", "checklist/")


@pytest.fixture(autouse=True)
def _counted_from_nothing(settings: Settings, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def application() -> LeaderApplication:
    return LeaderApplicationFactory.create(phone=PHONE, applicant_name="陈晓梅")


@pytest.fixture
def link(application: LeaderApplication) -> str:
    return f"/apply/{application_token(application)}/"


def files(*shades: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{n}.png", photo(n), "image/png") for n in shades]


def decide(state: ApplicationState) -> None:
    LeaderApplication.objects.update(state=state, reviewed_at=timezone.now())


@pytest.mark.parametrize("page", PAGES)
def test_nothing_personal_but_the_masked_phone_is_shown(
    client: Client, link: str, page: str
) -> None:
    AgreementFactory.create()

    response = client.get(link + page)

    shown = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert not re.search(f"{PHONE}|陈晓梅|花园路|113.68", shown)


def test_the_page_says_what_is_missing(client: Client, link: str) -> None:
    response = client.get(link)

    assert "199****0001" in response.content.decode()
    assert response.context["onboarding"].missing_kinds == (
        DocumentKind.PLACE,
        DocumentKind.IDENTITY,
        DocumentKind.BUSINESS_LICENCE,
    )
    assert response.context["document_form"]["kind"].value() == DocumentKind.PLACE


def test_photos_are_taken_several_at_once(client: Client, link: str) -> None:
    response = client.post(f"{link}documents/", {"kind": "place", "photos": files(1, 2)})

    assert response["Location"] == link
    assert ApplicationDocument.objects.filter(kind="place").count() == 2


@pytest.mark.parametrize(
    ("kind", "photos"),
    [
        pytest.param("site_visit", files(1), id="the_recruiters_photo"),
        pytest.param("place", [], id="no_photo"),
        pytest.param("place", files(*range(7)), id="seven"),
        pytest.param("place", [SimpleUploadedFile("a.jpg", b"%PDF")], id="no_picture"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_reason(
    client: Client, link: str, kind: str, photos: list[SimpleUploadedFile]
) -> None:
    response = client.post(f"{link}documents/", {"kind": kind, "photos": photos})

    assert response.status_code == 422
    assert response.context["document_form"].errors
    assert not ApplicationDocument.objects.exists()


def test_the_agreement_is_signed_with_the_name(
    client: Client, link: str, application: LeaderApplication
) -> None:
    agreement = AgreementFactory.create()

    wrong = client.post(f"{link}agreement/", {"version": agreement.version, "signed_name": "别人"})
    right = client.post(
        f"{link}agreement/", {"version": agreement.version, "signed_name": "陈晓梅"}
    )

    assert wrong.status_code == 422
    assert right["Location"] == link
    assert application.consents.get().signed_name == "陈晓梅"
    assert client.get(f"{link}agreement/").context["onboarding"].consent


def test_without_an_agreement_there_is_nothing_to_sign(client: Client, link: str) -> None:
    assert client.get(f"{link}agreement/")["Location"] == link


def test_the_quiz_explains_after_a_go(client: Client, link: str) -> None:
    before = client.get(f"{link}quiz/").context["questions"]

    client.post(f"{link}quiz/", RIGHT_ANSWERS | {"cutoff": "add_later"})

    after = client.get(f"{link}quiz/").context["questions"]
    assert {question.is_right for question in before} == {None}
    assert [question.code for question in after if not question.is_right] == ["cutoff"]
    assert QuizAttempt.objects.get().is_passed


def test_the_list_is_ticked_one_by_one(
    client: Client, link: str, application: LeaderApplication
) -> None:
    client.post(f"{link}checklist/", {"item": ChecklistItem.GROUP})
    client.post(f"{link}checklist/", {"item": "holiday"})

    assert application.checklist_ticks.get().item == ChecklistItem.GROUP
    assert client.get(link).context["ticked"] == {ChecklistItem.GROUP}


def test_every_state_has_its_next_step_in_words(
    client: Client, link: str, application: LeaderApplication
) -> None:
    said = set()
    for state in ApplicationState:
        application.state = state
        application.reviewed_at = NOW if state in ("approved", "rejected") else None
        LeaderApplication.objects.filter(pk=application.pk).update(
            state=state, reviewed_at=timezone.now() if application.reviewed_at else None
        )
        said.add(str(client.get(link).context["next_step"]))

    assert len(said) == len(ApplicationState)


def test_an_approved_applicant_learns_how_to_log_in(
    client: Client, link: str, application: LeaderApplication
) -> None:
    leader = LeaderFactory.create(code="A00012", user=None)
    leader_login_make(leader=leader, now=NOW)
    decide(ApplicationState.APPROVED)
    LeaderApplication.objects.update(leader=leader)

    shown = client.get(link).content.decode()

    assert "a00012" in shown
    assert 'href="/login/"' in shown
    assert "documents/" not in shown


def test_a_decided_application_takes_nothing_more(client: Client, link: str) -> None:
    AgreementFactory.create(version="v")
    decide(ApplicationState.REJECTED)

    client.post(f"{link}documents/", {"kind": "place", "photos": files(1)})
    client.post(f"{link}agreement/", {"version": "v", "signed_name": "陈晓梅"})
    client.post(f"{link}quiz/", RIGHT_ANSWERS)
    client.post(f"{link}checklist/", {"item": ChecklistItem.GROUP})

    stored = LeaderApplication.objects.get()
    assert not stored.documents.exists()
    assert not stored.consents.exists()
    assert not stored.quiz_attempts.exists()
    assert not stored.checklist_ticks.exists()


def test_a_link_that_is_too_old_or_not_ours_opens_nothing(client: Client, link: str) -> None:
    assert client.get(f"{link[:-2]}/").status_code == 404
    decide(ApplicationState.REJECTED)
    LeaderApplication.objects.update(reviewed_at=timezone.now() - timedelta(days=31))

    for page in (*PAGES, *POSTS):
        assert client.post(link + page).status_code in (404, 405)
        assert client.get(link + page).status_code in (404, 405)


def test_who_guesses_links_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply_status, "BAD_LINKS_PER_HOUR", 1)

    assert [client.get("/apply/1.x/").status_code for _guess in range(2)] == [404, 429]


def test_who_sends_without_end_is_stopped(
    client: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_status, "POSTS_PER_HOUR", 0)

    assert client.post(f"{link}checklist/", {"item": "group"}).status_code == 429
