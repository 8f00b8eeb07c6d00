"""What an applicant does: apply, hand in documents, agree, learn, get ready."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from leaders.errors import (
    ApplicationAlreadyOpen,
    ApplicationClosed,
    ConsentRefused,
    DocumentRefused,
    InviteCodeRefused,
    PhotoRefused,
    PrivacyNotAgreed,
)
from leaders.models.applications import (
    ApplicationDocument,
    ApplicationState,
    ChecklistItem,
    DocumentKind,
    LeaderApplication,
)
from leaders.models.audit import AuditEvent
from leaders.services import applications
from leaders.services.applications import (
    application_submit,
    checklist_tick,
    consent_give,
    document_add,
    quiz_take,
)
from tests.factories.applicants import (
    DETAILS,
    NOW,
    RIGHT_ANSWERS,
    AgreementFactory,
    InviteCodeFactory,
)
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory, UserFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PHONE = "19911110001"


@pytest.fixture(autouse=True)
def photos_in(settings: Settings, tmp_path: Path) -> Path:
    """Photos of a test stay in its own place."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def application() -> LeaderApplication:
    return LeaderApplicationFactory.create()


def lead(state: ApplicationState = ApplicationState.LEAD) -> LeaderApplication:
    return LeaderApplication.objects.create(
        applicant_name="陈姐", phone=PHONE, state=state, submitted_at=NOW - timedelta(days=3)
    )


def decided(state: ApplicationState) -> LeaderApplication:
    return LeaderApplicationFactory.create(phone=PHONE, state=state, reviewed_at=NOW)


def test_an_application_keeps_what_was_said_and_waits() -> None:
    details = replace(
        DETAILS,
        opens_at=time(7),
        closes_at=time(21),
        has_fridge=True,
        group_size=230,
        introduction="开店六年",
    )

    application = application_submit(details=details, now=NOW)

    stored = LeaderApplication.objects.get(pk=application.pk)
    assert stored.phone == PHONE
    assert (stored.lng, stored.lat) == (113.68, 34.79)
    assert (stored.opens_at, stored.closes_at) == (time(7), time(21))
    assert (stored.has_fridge, stored.is_ground_floor, stored.group_size) == (True, False, 230)
    assert stored.introduction == "开店六年"
    assert stored.state == ApplicationState.APPLIED
    assert (stored.submitted_at, stored.privacy_agreed_at) == (NOW, NOW)


def test_the_log_names_no_number() -> None:
    application = application_submit(details=DETAILS, now=NOW)

    event = AuditEvent.objects.get(action="application.submitted")
    assert event.object_id == str(application.pk)
    assert event.facts == {"phone": "199****0001", "noted_as": "", "invite": None}


def test_nothing_is_kept_without_a_yes_to_the_privacy_notice() -> None:
    with pytest.raises(PrivacyNotAgreed):
        application_submit(details=replace(DETAILS, has_agreed_to_privacy=False), now=NOW)

    assert not LeaderApplication.objects.exists()


def test_the_same_answers_twice_are_one_application() -> None:
    first = application_submit(details=DETAILS, now=NOW)
    second = application_submit(details=DETAILS, now=NOW + timedelta(minutes=1))

    assert first == second
    assert AuditEvent.objects.count() == 1


def test_other_answers_of_a_phone_with_an_open_application_are_refused() -> None:
    application_submit(details=DETAILS, now=NOW)

    with pytest.raises(ApplicationAlreadyOpen):
        application_submit(details=replace(DETAILS, address="别处 1 号"), now=NOW)

    assert LeaderApplication.objects.get().address == DETAILS.address


@pytest.mark.parametrize("state", [ApplicationState.LEAD, ApplicationState.CONTACTED])
def test_a_noted_lead_applies_under_the_recruiters_note(state: ApplicationState) -> None:
    note = lead(state)

    application = application_submit(details=DETAILS, now=NOW)

    assert application.pk == note.pk
    assert (application.state, application.applicant_name) == (ApplicationState.APPLIED, "陈晓梅")
    assert application.submitted_at == NOW
    assert AuditEvent.objects.get().facts["noted_as"] == state


@pytest.mark.parametrize("state", [ApplicationState.APPROVED, ApplicationState.REJECTED])
def test_who_was_decided_on_may_apply_again(state: ApplicationState) -> None:
    before = decided(state)

    assert application_submit(details=DETAILS, now=NOW).pk != before.pk


def test_an_invite_code_is_kept_in_whatever_case_it_was_typed() -> None:
    invite = InviteCodeFactory.create(code="TUANX234")

    application = application_submit(details=replace(DETAILS, invite_code=" tuanx234 "), now=NOW)

    assert application.invite == invite


def test_a_lead_keeps_the_recruiters_invite_code_unless_it_types_another() -> None:
    note = lead()
    note.invite = InviteCodeFactory.create()
    note.save()

    assert application_submit(details=DETAILS, now=NOW).invite == note.invite


def test_an_invite_code_is_good_for_one_application_only() -> None:
    invite = InviteCodeFactory.create()
    LeaderApplicationFactory.create(invite=invite, state=ApplicationState.REJECTED, reviewed_at=NOW)

    with pytest.raises(InviteCodeRefused, match="used"):
        application_submit(details=replace(DETAILS, invite_code=invite.code), now=NOW)


def test_a_code_that_is_taken_in_the_same_moment_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invite = InviteCodeFactory.create()
    LeaderApplicationFactory.create(invite=invite)
    monkeypatch.setattr(applications, "_invite_of", lambda *_asked: invite)

    with pytest.raises(InviteCodeRefused, match="used"):
        application_submit(details=replace(DETAILS, invite_code=invite.code), now=NOW)


def test_unknown_old_and_own_codes_are_refused() -> None:
    old = InviteCodeFactory.create(expires_at=NOW)
    own = InviteCodeFactory.create(inviter=LeaderFactory.create(phone=PHONE))

    for code in ("NOSUCH", old.code, own.code):
        with pytest.raises(InviteCodeRefused):
            application_submit(details=replace(DETAILS, invite_code=code), now=NOW)

    assert not LeaderApplication.objects.exists()


def test_a_document_is_encoded_anew_and_kept_once(
    application: LeaderApplication, photos_in: Path
) -> None:
    first = document_add(
        application_id=application.pk, kind=DocumentKind.IDENTITY, data=photo(1), now=NOW
    )
    again = document_add(
        application_id=application.pk, kind=DocumentKind.IDENTITY, data=photo(1), now=NOW
    )

    assert first == again
    stored = Path(first.photo.path)
    assert stored.parent == photos_in / "applications"
    assert stored.read_bytes().startswith(b"\xff\xd8")
    assert len(list(photos_in.rglob("*.jpg"))) == 1


def test_what_is_no_photo_is_refused(application: LeaderApplication) -> None:
    with pytest.raises(PhotoRefused):
        document_add(application_id=application.pk, kind=DocumentKind.PLACE, data=b"%PDF", now=NOW)

    assert not ApplicationDocument.objects.exists()


def test_only_staff_adds_the_photo_of_the_visit(application: LeaderApplication) -> None:
    kind = DocumentKind.SITE_VISIT

    with pytest.raises(DocumentRefused):
        document_add(application_id=application.pk, kind=kind, data=photo(1), now=NOW)

    document_add(
        application_id=application.pk, kind=kind, data=photo(1), now=NOW, actor=UserFactory.create()
    )
    assert application.documents.get().kind == kind


def test_an_application_has_room_for_so_many_documents(
    application: LeaderApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "DOCUMENTS_MAX", 1)
    document_add(application_id=application.pk, kind=DocumentKind.PLACE, data=photo(1), now=NOW)

    with pytest.raises(DocumentRefused, match="1 photos"):
        document_add(application_id=application.pk, kind=DocumentKind.PLACE, data=photo(2), now=NOW)


def test_consent_is_given_once_to_the_version_in_force(application: LeaderApplication) -> None:
    AgreementFactory.create(version="old")
    newest = AgreementFactory.create(version="new", published_at=NOW - timedelta(days=1))
    AgreementFactory.create(version="next", published_at=NOW + timedelta(days=1))

    for _attempt in range(2):
        consent = consent_give(
            application_id=application.pk, version="new", signed_name=" 陈 晓梅 ", now=NOW
        )

    assert (consent.agreement, consent.agreed_at) == (newest, NOW)
    assert application.consents.count() == 1
    assert AuditEvent.objects.get(action="application.agreed").facts == {"version": "new"}


@pytest.mark.parametrize(
    ("version", "name"), [("old", "陈晓梅"), ("nothing", "陈晓梅"), ("new", "陈小梅"), ("new", "")]
)
def test_another_version_or_another_name_is_no_consent(
    application: LeaderApplication, version: str, name: str
) -> None:
    AgreementFactory.create(version="old")
    AgreementFactory.create(version="new", published_at=NOW - timedelta(days=1))

    with pytest.raises(ConsentRefused):
        consent_give(application_id=application.pk, version=version, signed_name=name, now=NOW)

    assert not application.consents.exists()


def test_every_go_at_the_quiz_is_kept_but_not_its_repetition(
    application: LeaderApplication,
) -> None:
    missed = quiz_take(application_id=application.pk, answers={"cutoff": "add_later"}, now=NOW)
    passed = quiz_take(application_id=application.pk, answers=RIGHT_ANSWERS, now=NOW)
    again = quiz_take(application_id=application.pk, answers=RIGHT_ANSWERS, now=NOW)

    assert (missed.right_count, missed.is_passed) == (0, False)
    assert (passed.right_count, passed.is_passed) == (8, True)
    assert again == passed


def test_answers_that_nobody_offered_are_not_kept(application: LeaderApplication) -> None:
    attempt = quiz_take(
        application_id=application.pk, answers={"cutoff": "x" * 999, "weather": "good"}, now=NOW
    )

    assert attempt.answers == {}


def test_a_tick_is_made_once(application: LeaderApplication) -> None:
    for minutes in (0, 5):
        now = NOW + timedelta(minutes=minutes)
        checklist_tick(application_id=application.pk, item=ChecklistItem.GROUP, now=now)

    assert application.checklist_ticks.get().ticked_at == NOW


@pytest.mark.parametrize(
    "state", [ApplicationState.LEAD, ApplicationState.APPROVED, ApplicationState.REJECTED]
)
def test_an_application_that_is_not_with_the_applicant_takes_nothing(
    state: ApplicationState,
) -> None:
    AgreementFactory.create(version="new")
    application = lead() if state == ApplicationState.LEAD else decided(state)
    pk = application.pk

    with pytest.raises(ApplicationClosed):
        document_add(application_id=pk, kind=DocumentKind.PLACE, data=photo(1), now=NOW)
    with pytest.raises(ApplicationClosed):
        consent_give(application_id=pk, version="new", signed_name="陈晓梅", now=NOW)
    with pytest.raises(ApplicationClosed):
        quiz_take(application_id=pk, answers=RIGHT_ANSWERS, now=NOW)
    with pytest.raises(ApplicationClosed):
        checklist_tick(application_id=pk, item=ChecklistItem.GROUP, now=NOW)
