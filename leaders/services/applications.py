"""What an applicant does: applies, hands in documents, agrees, learns, gets ready.

The recruiter's half, from the first call to the decision, is in
`leaders.services.review`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leaders.domain.coordinates import Place
from leaders.domain.lifecycle import APPLICATION_LIFECYCLE
from leaders.domain.names import is_same_name
from leaders.domain.phones import mask_phone, phone_digits
from leaders.domain.quiz import QUESTIONS, grade
from leaders.errors import (
    ApplicationAlreadyOpen,
    ApplicationClosed,
    ConsentRefused,
    DocumentRefused,
    InviteCodeRefused,
    PrivacyNotAgreed,
)
from leaders.models.accounts import User
from leaders.models.agreements import AgreementConsent
from leaders.models.applications import (
    DECIDED_STATES,
    ApplicationDocument,
    ApplicationState,
    ChecklistItem,
    ChecklistTick,
    DocumentKind,
    LeaderApplication,
    PointKind,
    QuizAttempt,
)
from leaders.models.invites import InviteCode
from leaders.selectors.agreements import agreement_in_force
from leaders.services.audit import audit
from leaders.services.photos import photo_file

DOCUMENTS_MAX = 30
# Taken at the place by the recruiter; nobody else hands it in.
STAFF_KINDS = frozenset({DocumentKind.SITE_VISIT})
# A lead has told us nothing yet that could be looked after.
WITH_APPLICANT = APPLICATION_LIFECYCLE.open - {ApplicationState.LEAD, ApplicationState.CONTACTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetails:
    """What an applicant says about themselves and the place; the place is WGS-84."""

    applicant_name: str
    phone: str
    community_name: str
    district: str
    address: str
    point_kind: PointKind
    place: Place
    opens_at: time | None = None
    closes_at: time | None = None
    has_fridge: bool = False
    is_ground_floor: bool = False
    is_experienced: bool = False
    group_size: int = 0
    introduction: str = ""
    invite_code: str = ""
    has_agreed_to_privacy: bool = False


@transaction.atomic
def application_submit(*, details: ApplicationDetails, now: datetime) -> LeaderApplication:
    """File an application; somebody a recruiter has noted before applies under that note.

    The same answers sent twice are one application.

    Raises
    ------
    PrivacyNotAgreed
        Without the applicant's yes to the privacy notice.
    InviteCodeRefused
        If the code is unknown, used, too old or the applicant's own.
    ApplicationAlreadyOpen
        While an earlier application of this phone, with other answers, waits.
    """
    if not details.has_agreed_to_privacy:
        raise PrivacyNotAgreed(_("Please read the privacy notice and agree to it."))
    phone = phone_digits(details.phone)
    known = LeaderApplication.objects.select_for_update(no_key=True).filter(phone=phone)
    open_one = known.exclude(state__in=DECIDED_STATES).first()
    if open_one and open_one.state in WITH_APPLICANT:
        return _same_or_refused(open_one, details)
    answers = _answers(details) | {
        "state": ApplicationState.APPLIED,
        "submitted_at": now,
        "privacy_agreed_at": now,
    }
    invite = _invite_of(details.invite_code, phone, now)
    if invite:
        answers["invite"] = invite
    try:
        with transaction.atomic():
            application, noted_as = _stored(open_one, phone, answers)
    except IntegrityError as error:
        return _first_or_refused(error, phone, details)
    facts = {"phone": mask_phone(phone), "noted_as": noted_as, "invite": invite and invite.pk}
    audit(action="application.submitted", about=application, actor=None, now=now, facts=facts)
    return application


def document_add(
    *,
    application_id: int,
    kind: DocumentKind,
    data: bytes,
    now: datetime,
    actor: User | None = None,
) -> ApplicationDocument:
    """Keep one photo, encoded anew; the same photo again is the one that is there.

    Parameters
    ----------
    actor
        The recruiter who adds it; None for the applicant.

    Raises
    ------
    PhotoRefused
        For what is no photo we can read.
    DocumentRefused
        For the thirty-first, and for a recruiter's photo from an applicant.
    ApplicationClosed
        Before the application is sent, and after the decision.
    """
    if kind in STAFF_KINDS and actor is None:
        raise DocumentRefused(_("This photo is taken by the recruiter."))
    file = photo_file(data)
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    with transaction.atomic():
        application = _open_locked(application_id)
        known = application.documents.filter(kind=kind, digest=digest).first()
        if known:
            return known
        if application.documents.count() >= DOCUMENTS_MAX:
            raise DocumentRefused(_("There are %(most)s photos already.") % {"most": DOCUMENTS_MAX})
        document = ApplicationDocument.objects.create(
            application=application, kind=kind, photo=file, digest=digest, added_at=now
        )
        facts = {"kind": kind, "document": document.pk}
        audit(
            action="application.document_added",
            about=application,
            actor=actor,
            now=now,
            facts=facts,
        )
    return document


@transaction.atomic
def consent_give(
    *, application_id: int, version: str, signed_name: str, now: datetime
) -> AgreementConsent:
    """Note that the applicant agrees to this version; agreeing again changes nothing.

    Raises
    ------
    ConsentRefused
        If another version is in force by now, or the name is not the one
        that was applied with.
    ApplicationClosed
        Before the application is sent, and after the decision.
    """
    application = _open_locked(application_id)
    agreement = agreement_in_force(now)
    if agreement is None or agreement.version != version:
        raise ConsentRefused(_("There is a newer version of the agreement. Please read it first."))
    if not is_same_name(signed_name, application.applicant_name):
        raise ConsentRefused(_("Please type your name as you gave it in the application."))
    consent, is_new = AgreementConsent.objects.get_or_create(
        agreement=agreement,
        application=application,
        defaults={"signed_name": signed_name.strip(), "agreed_at": now},
    )
    if is_new:
        facts = {"version": agreement.version}
        audit(action="application.agreed", about=application, actor=None, now=now, facts=facts)
    return consent


@transaction.atomic
def quiz_take(*, application_id: int, answers: Mapping[str, str], now: datetime) -> QuizAttempt:
    """Keep one go at the quiz; the answers of the last go sent again are that go.

    Raises `ApplicationClosed` before the application is sent, and after the decision.
    """
    application = _open_locked(application_id)
    given = {
        question.code: answers[question.code]
        for question in QUESTIONS
        if answers.get(question.code) in question.answers
    }
    last = application.quiz_attempts.last()
    if last and last.answers == given:
        return last
    result = grade(given)
    return QuizAttempt.objects.create(
        application=application,
        answers=given,
        right_count=result.right_count,
        is_passed=result.is_passed,
        taken_at=now,
    )


@transaction.atomic
def checklist_tick(*, application_id: int, item: ChecklistItem, now: datetime) -> ChecklistTick:
    """Note that one thing on the checklist is done; ticking again changes nothing.

    Raises `ApplicationClosed` before the application is sent, and after the decision.
    """
    application = _open_locked(application_id)
    tick, _is_new = ChecklistTick.objects.get_or_create(
        application=application, item=item, defaults={"ticked_at": now}
    )
    return tick


def _open_locked(application_id: int) -> LeaderApplication:
    """The application, its row locked, if it is with the applicant."""
    rows = LeaderApplication.objects.select_for_update(no_key=True)
    application = rows.filter(pk=application_id, state__in=WITH_APPLICANT).first()
    if application is None:
        raise ApplicationClosed(_("This application takes nothing more."))
    return application


def _stored(
    noted: LeaderApplication | None, phone: str, answers: Mapping[str, object]
) -> tuple[LeaderApplication, str]:
    """Write the answers to the recruiter's note, or to a new row; also return the note's state."""
    if noted is None:
        return LeaderApplication.objects.create(phone=phone, **answers), ""
    sources = APPLICATION_LIFECYCLE.sources_of(ApplicationState.APPLIED)
    changed = LeaderApplication.objects.filter(pk=noted.pk, state__in=sources).update(**answers)
    if not changed:
        raise ApplicationClosed(_("This application takes nothing more."))
    return LeaderApplication.objects.get(pk=noted.pk), noted.state


def _first_or_refused(
    error: IntegrityError, phone: str, details: ApplicationDetails
) -> LeaderApplication:
    """Somebody was first between our look and our write: with this phone, or with this code."""
    if "leader_application_one_open_per_phone" in str(error):
        first = LeaderApplication.objects.exclude(state__in=DECIDED_STATES).get(phone=phone)
        return _same_or_refused(first, details)
    if "invite_id" in str(error):
        raise InviteCodeRefused(_("This invite code has been used.")) from error
    raise error


def _same_or_refused(known: LeaderApplication, details: ApplicationDetails) -> LeaderApplication:
    said = {name: getattr(known, name) for name in _answers(details)}
    if said != _answers(details):
        raise ApplicationAlreadyOpen(_("This phone already has an open application."))
    return known


def _answers(details: ApplicationDetails) -> dict[str, object]:
    """The columns that hold what the applicant says."""
    return {
        "applicant_name": details.applicant_name.strip(),
        "community_name": details.community_name,
        "district": details.district,
        "address": details.address,
        "point_kind": details.point_kind,
        "lng": details.place.lng,
        "lat": details.place.lat,
        "opens_at": details.opens_at,
        "closes_at": details.closes_at,
        "has_fridge": details.has_fridge,
        "is_ground_floor": details.is_ground_floor,
        "is_experienced": details.is_experienced,
        "group_size": details.group_size,
        "introduction": details.introduction,
    }


def _invite_of(code: str, phone: str, now: datetime) -> InviteCode | None:
    """The invite of a typed code; None for none typed. Its one use is the database's promise."""
    typed = code.strip()
    if not typed:
        return None
    invite = InviteCode.objects.select_related("inviter").filter(code__iexact=typed).first()
    if invite is None:
        raise InviteCodeRefused(_("There is no such invite code."))
    if invite.expires_at <= now:
        raise InviteCodeRefused(_("The time of this invite code is over."))
    if invite.inviter and phone_digits(invite.inviter.phone) == phone:
        raise InviteCodeRefused(_("Nobody invites themselves."))
    if LeaderApplication.objects.filter(invite=invite).exists():
        raise InviteCodeRefused(_("This invite code has been used."))
    return invite
