"""The review of an application: from the first word to a trial leader, or a reasoned no.

Every step is a guarded UPDATE with its audit row in one transaction, so of two
recruiters who decide at once one is told that somebody was first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leaders.domain.coordinates import Place
from leaders.domain.lifecycle import APPLICATION_LIFECYCLE
from leaders.domain.phones import phone_digits
from leaders.errors import (
    ApplicationAlreadyDecided,
    ApplicationAlreadyOpen,
    ApplicationElsewhere,
    ApplicationIncomplete,
    LeaderExistsAlready,
    PromiseBroken,
)
from leaders.models.accounts import User
from leaders.models.applications import (
    DECIDED_STATES,
    ApplicationSource,
    ApplicationState,
    DocumentKind,
    LeaderApplication,
)
from leaders.models.commission_plans import CommissionPlan
from leaders.models.communities import Community
from leaders.models.invites import Referral
from leaders.models.leaders import Leader, LeaderState
from leaders.models.levels import LeaderLevel
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.applications import Onboarding, onboarding_of
from leaders.selectors.commission_plans import plan_of_leader
from leaders.services.applications import document_add
from leaders.services.audit import audit
from leaders.services.follow_ups import follow_up_add


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What a recruiter knows of somebody who may become a leader."""

    applicant_name: str
    phone: str
    community_name: str = ""
    district: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderTerms:
    """What a new leader starts with: a plan of their own, if any, and the point's hours."""

    plan: CommissionPlan | None
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVisit:
    """What somebody saw at the place: in words, in a photo (bytes as uploaded), or both."""

    note: str = ""
    photo: bytes = b""


@transaction.atomic
def lead_enter(*, lead: Lead, actor: User, now: datetime) -> LeaderApplication:
    """Note somebody who may become a leader.

    Raises `ApplicationAlreadyOpen` while this phone has an open application.
    """
    application = LeaderApplication(
        applicant_name=lead.applicant_name,
        phone=phone_digits(lead.phone),
        source=ApplicationSource.STAFF,
        community_name=lead.community_name,
        district=lead.district,
        introduction=lead.introduction,
        state=ApplicationState.LEAD,
        submitted_at=now,
    )
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as error:
        if "leader_application_one_open_per_phone" not in str(error):
            raise
        raise ApplicationAlreadyOpen(_("This phone already has an open application.")) from error
    audit(action="application.entered", about=application, actor=actor, now=now)
    return application


@transaction.atomic
def contact(
    *, application_id: int, note: str, next_on: date | None, actor: User, now: datetime
) -> None:
    """Note the first talk with a lead."""
    application = _step(application_id, ApplicationState.CONTACTED, actor=actor, now=now)
    follow_up_add(about=application, note=note, next_on=next_on, actor=actor, now=now)


@transaction.atomic
def documents_ok(*, application_id: int, actor: User, now: datetime, note: str = "") -> None:
    """Accept the documents.

    Raises `ApplicationIncomplete` while one is missing that this kind of place needs.
    """
    application = _step(application_id, ApplicationState.DOCUMENTS, actor=actor, now=now, note=note)
    missing = onboarding_of(application, now=now).missing_kinds
    _refuse_missing([str(kind.label) for kind in missing])


@transaction.atomic
def site_ok(*, application_id: int, visit: SiteVisit, actor: User, now: datetime) -> None:
    """Accept the place, by what somebody saw there.

    Raises `ApplicationIncomplete` without a note and a photo, `PhotoRefused`
    for a file that is no photo.
    """
    if not visit.note and not visit.photo:
        raise ApplicationIncomplete(_("Say what you saw at the place, or add a photo."))
    _step(application_id, ApplicationState.SITE, actor=actor, now=now, note=visit.note)
    if visit.photo:
        document_add(
            application_id=application_id,
            kind=DocumentKind.SITE_VISIT,
            data=visit.photo,
            actor=actor,
            now=now,
        )


@transaction.atomic
def trained(*, application_id: int, actor: User, now: datetime) -> None:
    """Confirm that the applicant has signed and is trained.

    Raises `ApplicationIncomplete` unless the newest agreement is agreed to, the
    quiz is passed and every item of the checklist is ticked.
    """
    application = _step(application_id, ApplicationState.TRAINED, actor=actor, now=now)
    _refuse_missing(_training_missing(onboarding_of(application, now=now)))


@transaction.atomic
def approve(
    *, application_id: int, terms: LeaderTerms, actor: User, now: datetime, note: str = ""
) -> Leader:
    """Accept an application: a trial leader, the community and a pickup point come of it.

    The leader starts on the lowest level, and whoever invited them is kept as
    their referrer.

    Raises `ApplicationAlreadyDecided` if somebody decided first,
    `LeaderExistsAlready` if the phone is a leader's, `NoCommissionPlan` where
    neither the terms, the level nor a default say what the leader earns.
    """
    application = _step(application_id, ApplicationState.APPROVED, actor=actor, now=now, note=note)
    known = Leader.objects.filter(phone=application.phone).exclude(state=LeaderState.QUIT).first()
    if known is not None:
        raise LeaderExistsAlready(
            _("This phone is that of leader %(code)s. Add the point on the leader's page.")
            % {"code": known.code},
            leader_code=known.code,
        )
    leader = _leader_make(application, terms, now)
    LeaderApplication.objects.filter(pk=application.pk).update(leader=leader)
    audit(
        action="leader.joined",
        about=leader,
        actor=actor,
        now=now,
        facts={
            "application_id": application.pk,
            "plan": plan_of_leader(leader).code,
            "referrer_id": _referrer_keep(application, leader, now),
        },
    )
    return leader


@transaction.atomic
def reject(*, application_id: int, reason: str, actor: User, now: datetime) -> None:
    """Turn an application down and keep the reason.

    Raises `ApplicationAlreadyDecided` if somebody decided first.
    """
    _step(application_id, ApplicationState.REJECTED, actor=actor, now=now, note=reason)


def _leader_make(application: LeaderApplication, terms: LeaderTerms, now: datetime) -> Leader:
    """The leader on trial with the community and the pickup point."""
    # The application's own key makes a code that no two approvals can share.
    code = f"A{application.pk:05d}"
    leader = Leader.objects.create(
        code=code,
        name=application.applicant_name,
        phone=application.phone,
        state=LeaderState.TRIAL,
        commission_plan=terms.plan,
        level=LeaderLevel.objects.order_by("rank").first(),
        joined_at=now,
    )
    community, _created = Community.objects.get_or_create(
        name=application.community_name, district=application.district
    )
    place = _place(application)
    PickupPoint.objects.create(
        code=code,
        leader=leader,
        community=community,
        name=_("%(community)s pickup point") % {"community": community.name},
        address=application.address,
        lng=place.lng,
        lat=place.lat,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
    )
    return leader


def _place(application: LeaderApplication) -> Place:
    """Where the point will be; from the application on, the table asks for it."""
    if application.lng is None or application.lat is None:
        raise PromiseBroken("An application without a place was approved.")
    return Place(application.lng, application.lat)


def _referrer_keep(application: LeaderApplication, leader: Leader, now: datetime) -> int | None:
    """Keep who invited the new leader; a code of the operator's own refers nobody."""
    inviter_id = application.invite.inviter_id if application.invite else None
    if inviter_id is not None:
        Referral.objects.create(referee=leader, referrer_id=inviter_id, made_at=now)
    return inviter_id


def _training_missing(onboarding: Onboarding) -> list[str]:
    """What the applicant has still to do, in words."""
    missing = []
    if onboarding.consent is None:
        missing.append(_("consent to the agreement in force"))
    if not onboarding.is_quiz_passed:
        missing.append(_("the quiz"))
    return [*missing, *(str(item.label) for item in onboarding.open_items)]


def _refuse_missing(names: Sequence[str]) -> None:
    if names:
        raise ApplicationIncomplete(_("Missing: %(names)s") % {"names": ", ".join(names)})


def _step(
    application_id: int, state: ApplicationState, *, actor: User, now: datetime, note: str = ""
) -> LeaderApplication:
    """Take an application to its next state; who comes second is told."""
    decision = {"reviewed_by": actor, "reviewed_at": now, "review_note": note}
    changed = LeaderApplication.objects.filter(
        pk=application_id, state__in=APPLICATION_LIFECYCLE.sources_of(state)
    ).update(state=state, **(decision if state in DECIDED_STATES else {}))
    application = LeaderApplication.objects.select_related("invite").get(pk=application_id)
    if not changed and application.state in DECIDED_STATES:
        raise ApplicationAlreadyDecided(
            _("This application has been decided already."), application_id=application_id
        )
    if not changed:
        raise ApplicationElsewhere(
            _("This application is at another step: %(state)s.")
            % {"state": application.get_state_display()},
            state=application.state,
        )
    audit(action=f"application.{state.value}", about=application, actor=actor, now=now, reason=note)
    return application
