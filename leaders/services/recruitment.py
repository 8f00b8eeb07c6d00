"""Recruitment: from an application to a leader with a pickup point."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leaders.domain.coordinates import Place
from leaders.domain.lifecycle import APPLICATION_LIFECYCLE
from leaders.domain.phones import phone_digits
from leaders.errors import ApplicationAlreadyDecided, ApplicationAlreadyOpen
from leaders.models.accounts import User
from leaders.models.applications import ApplicationState, LeaderApplication, PointKind
from leaders.models.commission_plans import CommissionPlan
from leaders.models.communities import Community
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderTerms:
    """What a new leader starts with: the plan and the hours of the pickup point."""

    plan: CommissionPlan
    opens_at: time
    closes_at: time


@transaction.atomic
def application_submit(*, details: ApplicationDetails, now: datetime) -> LeaderApplication:
    """File an application.

    Raises `ApplicationAlreadyOpen` while an earlier one of this phone waits.
    """
    application = LeaderApplication(
        applicant_name=details.applicant_name,
        phone=phone_digits(details.phone),
        community_name=details.community_name,
        district=details.district,
        address=details.address,
        point_kind=details.point_kind,
        lng=details.place.lng,
        lat=details.place.lat,
        submitted_at=now,
    )
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as error:
        if "leader_application_one_open_per_phone" not in str(error):
            raise
        raise ApplicationAlreadyOpen(_("This phone already has an open application.")) from error
    return application


@transaction.atomic
def application_approve(
    *, application_id: int, terms: LeaderTerms, actor: User, now: datetime, note: str = ""
) -> Leader:
    """Accept an application: a trial leader, the community and a pickup point come of it.

    Raises `ApplicationAlreadyDecided` if somebody decided first.
    """
    _decide(application_id, ApplicationState.APPROVED, actor=actor, now=now, note=note)
    application = LeaderApplication.objects.get(pk=application_id)
    # The application's own key makes a code that no two approvals can share.
    code = f"A{application.pk:05d}"
    leader = Leader.objects.create(
        code=code,
        name=application.applicant_name,
        phone=application.phone,
        state=LeaderState.TRIAL,
        commission_plan=terms.plan,
        joined_at=now,
    )
    community, _created = Community.objects.get_or_create(
        name=application.community_name, district=application.district
    )
    PickupPoint.objects.create(
        code=code,
        leader=leader,
        community=community,
        name=_("%(community)s pickup point") % {"community": community.name},
        address=application.address,
        lng=application.lng,
        lat=application.lat,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
    )
    LeaderApplication.objects.filter(pk=application_id).update(leader=leader)
    return leader


@transaction.atomic
def application_reject(*, application_id: int, actor: User, now: datetime, note: str) -> None:
    """Turn an application down and keep the reason.

    Raises `ApplicationAlreadyDecided` if somebody decided first.
    """
    _decide(application_id, ApplicationState.REJECTED, actor=actor, now=now, note=note)


def _decide(
    application_id: int, state: ApplicationState, *, actor: User, now: datetime, note: str
) -> None:
    """Move an open application to its decision; exactly one caller succeeds."""
    changed = LeaderApplication.objects.filter(
        pk=application_id, state__in=APPLICATION_LIFECYCLE.sources_of(state)
    ).update(state=state, reviewed_by=actor, reviewed_at=now, review_note=note)
    if not changed:
        raise ApplicationAlreadyDecided(
            _("This application has been decided already."), application_id=application_id
        )
