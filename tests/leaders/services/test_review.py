"""The recruiter's steps: each has its proof, and each is taken once."""

import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PIL import Image
from pytest_django import Settings

from leaders.errors import (
    ApplicationAlreadyDecided,
    ApplicationAlreadyOpen,
    ApplicationElsewhere,
    ApplicationIncomplete,
    LeaderExistsAlready,
    NoCommissionPlan,
)
from leaders.models.accounts import User
from leaders.models.applications import (
    ApplicationState,
    DocumentKind,
    LeaderApplication,
    PointKind,
)
from leaders.models.audit import AuditEvent
from leaders.models.care import FollowUp
from leaders.models.commission_plans import CommissionPlan
from leaders.models.invites import InviteCode, Referral
from leaders.models.leaders import Leader, LeaderState
from leaders.models.levels import LeaderLevel
from leaders.models.pickup_points import PickupPoint
from leaders.services.review import (
    Lead,
    LeaderTerms,
    SiteVisit,
    approve,
    contact,
    documents_ok,
    lead_enter,
    reject,
    site_ok,
    trained,
)
from tests.factories.care import RecruiterFactory, trained_up
from tests.factories.leaders import (
    CommissionPlanFactory,
    CommunityFactory,
    LeaderApplicationFactory,
    LeaderFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LEAD = Lead(applicant_name="陈晓梅", phone="199 1111 0001", district="金水")


@pytest.fixture
def actor() -> User:
    return RecruiterFactory.create()


def terms(plan: CommissionPlan | None = None) -> LeaderTerms:
    return LeaderTerms(plan=plan, opens_at=time(7), closes_at=time(20, 30))


def at_step(state: ApplicationState, **details: object) -> LeaderApplication:
    return trained_up(LeaderApplicationFactory.create(state=state, **details))


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(written, format="JPEG")
    return written.getvalue()


def test_a_lead_needs_a_name_and_a_phone_only(actor: User) -> None:
    application = lead_enter(lead=LEAD, actor=actor, now=NOW)

    application.refresh_from_db()
    assert (application.state, application.phone) == (ApplicationState.LEAD, "19911110001")


def test_somebody_who_has_applied_is_no_new_lead(actor: User) -> None:
    LeaderApplicationFactory.create(phone="19911110001")

    with pytest.raises(ApplicationAlreadyOpen):
        lead_enter(lead=LEAD, actor=actor, now=NOW)


def test_a_first_talk_is_noted_with_the_day_of_the_next(actor: User) -> None:
    application = lead_enter(lead=LEAD, actor=actor, now=NOW)

    contact(
        application_id=application.pk,
        note="周末回话",
        next_on=date(2026, 3, 7),
        actor=actor,
        now=NOW,
    )

    application.refresh_from_db()
    assert application.state == ApplicationState.CONTACTED
    assert FollowUp.objects.get(application=application).next_on == date(2026, 3, 7)


def test_documents_are_accepted_when_they_are_all_there(actor: User) -> None:
    application = at_step(ApplicationState.APPLIED)

    documents_ok(application_id=application.pk, actor=actor, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.DOCUMENTS


@pytest.mark.parametrize(
    "kind", [DocumentKind.PLACE, DocumentKind.IDENTITY, DocumentKind.BUSINESS_LICENCE]
)
def test_a_missing_document_stops_the_application(actor: User, kind: DocumentKind) -> None:
    application = at_step(ApplicationState.APPLIED, point_kind=PointKind.SHOP)
    application.documents.filter(kind=kind).delete()

    with pytest.raises(ApplicationIncomplete):
        documents_ok(application_id=application.pk, actor=actor, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.APPLIED
    assert not AuditEvent.objects.exists()


def test_a_place_is_accepted_by_what_was_seen(
    actor: User, settings: Settings, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    application = at_step(ApplicationState.DOCUMENTS)

    site_ok(
        application_id=application.pk,
        visit=SiteVisit(note="临街，门口可停车", photo=photo()),
        actor=actor,
        now=NOW,
    )

    application.refresh_from_db()
    assert application.state == ApplicationState.SITE
    assert application.documents.filter(kind=DocumentKind.SITE_VISIT).count() == 1
    event = AuditEvent.objects.get(action="application.site")
    assert event.reason == "临街，门口可停车"


def test_nobody_accepts_a_place_without_a_word(actor: User) -> None:
    application = at_step(ApplicationState.DOCUMENTS)

    with pytest.raises(ApplicationIncomplete):
        site_ok(application_id=application.pk, visit=SiteVisit(), actor=actor, now=NOW)


def test_whoever_has_signed_passed_and_prepared_is_trained(actor: User) -> None:
    application = at_step(ApplicationState.SITE)

    trained(application_id=application.pk, actor=actor, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.TRAINED


@pytest.mark.parametrize("gap", ["consent", "quiz", "checklist"])
def test_training_with_a_gap_is_no_training(actor: User, gap: str) -> None:
    application = LeaderApplicationFactory.create(state=ApplicationState.SITE)
    trained_up(application, without=gap)

    with pytest.raises(ApplicationIncomplete):
        trained(application_id=application.pk, actor=actor, now=NOW)


def test_an_older_agreement_does_not_count(actor: User) -> None:
    application = at_step(ApplicationState.SITE)
    newer = application.consents.get().agreement
    newer.pk, newer.version = None, "2026-2"
    newer.published_at = NOW - timedelta(hours=1)
    newer.save()

    with pytest.raises(ApplicationIncomplete):
        trained(application_id=application.pk, actor=actor, now=NOW)


def test_approval_makes_a_trial_leader_with_a_pickup_point(actor: User) -> None:
    application = at_step(ApplicationState.TRAINED)
    plan = CommissionPlanFactory.create()

    leader = approve(
        application_id=application.pk, terms=terms(plan), actor=actor, now=NOW, note="已看点"
    )

    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    assert (application.reviewed_by, application.reviewed_at) == (actor, NOW)
    assert application.leader == leader
    assert (leader.state, leader.joined_at) == (LeaderState.TRIAL, NOW)
    point = PickupPoint.objects.get(leader=leader)
    assert (point.lng, point.lat) == (application.lng, application.lat)
    assert point.community.name == application.community_name
    assert (point.opens_at, point.closes_at) == (time(7), time(20, 30))


def test_approval_reuses_the_community_that_is_already_known(actor: User) -> None:
    community = CommunityFactory.create(name="桃园里", district="金水")
    application = at_step(ApplicationState.TRAINED, community_name="桃园里", district="金水")

    leader = approve(
        application_id=application.pk,
        terms=terms(CommissionPlanFactory.create()),
        actor=actor,
        now=NOW,
    )

    assert leader.pickup_points.get().community == community


def test_without_a_plan_of_their_own_leaders_start_on_the_lowest_level(actor: User) -> None:
    plan = CommissionPlanFactory.create()
    LeaderLevel.objects.create(code="GOLD", name="金", rank=2, commission_plan=plan)
    lowest = LeaderLevel.objects.create(code="TRIAL", name="试用", rank=1, commission_plan=plan)
    application = at_step(ApplicationState.TRAINED)

    leader = approve(application_id=application.pk, terms=terms(), actor=actor, now=NOW)

    assert (leader.commission_plan, leader.level) == (None, lowest)


def test_nobody_becomes_a_leader_without_knowing_what_they_earn(actor: User) -> None:
    application = at_step(ApplicationState.TRAINED)

    with pytest.raises(NoCommissionPlan):
        approve(application_id=application.pk, terms=terms(), actor=actor, now=NOW)

    assert not Leader.objects.exists()


@pytest.mark.parametrize("is_of_leader", [True, False], ids=["a_leaders", "the_operators"])
def test_an_invite_of_a_leader_becomes_a_referral(actor: User, is_of_leader: bool) -> None:
    inviter = LeaderFactory.create()
    invite = InviteCode.objects.create(
        code="K7M2QX",
        inviter=inviter if is_of_leader else None,
        made_by=actor,
        made_at=NOW,
        expires_at=NOW + timedelta(days=14),
    )
    application = at_step(ApplicationState.TRAINED, invite=invite)

    leader = approve(
        application_id=application.pk,
        terms=terms(CommissionPlanFactory.create()),
        actor=actor,
        now=NOW,
    )

    referrers = list(Referral.objects.filter(referee=leader).values_list("referrer", flat=True))
    assert referrers == ([inviter.pk] if is_of_leader else [])


def test_a_leader_is_not_made_twice_of_one_phone(actor: User) -> None:
    leader = LeaderFactory.create()
    application = at_step(ApplicationState.TRAINED, phone=leader.phone)

    with pytest.raises(LeaderExistsAlready) as refused:
        approve(
            application_id=application.pk,
            terms=terms(CommissionPlanFactory.create()),
            actor=actor,
            now=NOW,
        )

    assert refused.value.details["leader_code"] == leader.code


def test_who_has_left_may_come_back_as_a_new_leader(actor: User) -> None:
    gone = LeaderFactory.create(state=LeaderState.QUIT)
    application = at_step(ApplicationState.TRAINED, phone=gone.phone)

    leader = approve(
        application_id=application.pk,
        terms=terms(CommissionPlanFactory.create()),
        actor=actor,
        now=NOW,
    )

    assert leader.pk != gone.pk


def test_a_rejection_keeps_its_reason(actor: User) -> None:
    application = LeaderApplicationFactory.create()

    reject(application_id=application.pk, reason="两百米内已有自提点", actor=actor, now=NOW)

    application.refresh_from_db()
    assert application.state == ApplicationState.REJECTED
    assert application.review_note == "两百米内已有自提点"


@pytest.mark.parametrize("first", [ApplicationState.APPROVED, ApplicationState.REJECTED])
def test_nobody_decides_twice(actor: User, first: ApplicationState) -> None:
    application = LeaderApplicationFactory.create(state=first, reviewed_at=NOW)

    with pytest.raises(ApplicationAlreadyDecided):
        approve(application_id=application.pk, terms=terms(), actor=actor, now=NOW)
    with pytest.raises(ApplicationAlreadyDecided):
        reject(application_id=application.pk, reason="迟了", actor=actor, now=NOW)

    assert not Leader.objects.exists()


def test_no_step_is_jumped_over(actor: User) -> None:
    application = at_step(ApplicationState.APPLIED)

    with pytest.raises(ApplicationElsewhere):
        approve(application_id=application.pk, terms=terms(), actor=actor, now=NOW)
    with pytest.raises(ApplicationElsewhere):
        trained(application_id=application.pk, actor=actor, now=NOW)
