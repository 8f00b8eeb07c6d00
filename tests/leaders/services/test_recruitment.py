"""Applications become leaders once, or are turned down once."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from leaders.domain.coordinates import Place
from leaders.errors import ApplicationAlreadyDecided, ApplicationAlreadyOpen
from leaders.models.applications import ApplicationState, LeaderApplication, PointKind
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint
from leaders.services.recruitment import (
    ApplicationDetails,
    LeaderTerms,
    application_approve,
    application_reject,
    application_submit,
)
from tests.factories.leaders import (
    CommissionPlanFactory,
    CommunityFactory,
    LeaderApplicationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DETAILS = ApplicationDetails(
    applicant_name="陈晓梅",
    phone="199 1111 0001",
    community_name="桃园里",
    district="金水",
    address="花园路 8 号",
    point_kind=PointKind.SHOP,
    place=Place(113.68, 34.79),
)


def terms() -> LeaderTerms:
    return LeaderTerms(
        plan=CommissionPlanFactory.create(), opens_at=time(7), closes_at=time(20, 30)
    )


def test_an_application_keeps_what_was_said_and_waits() -> None:
    application = application_submit(details=DETAILS, now=NOW)

    stored = LeaderApplication.objects.get(pk=application.pk)
    assert stored.phone == "19911110001"
    assert (stored.lng, stored.lat) == (113.68, 34.79)
    assert stored.state == ApplicationState.APPLIED
    assert stored.submitted_at == NOW


def test_one_phone_has_one_open_application() -> None:
    application_submit(details=DETAILS, now=NOW)

    with pytest.raises(ApplicationAlreadyOpen):
        application_submit(details=replace(DETAILS, phone="19911110001"), now=NOW)

    assert LeaderApplication.objects.count() == 1


def test_a_rejected_applicant_may_apply_again() -> None:
    first = application_submit(details=DETAILS, now=NOW)
    application_reject(application_id=first.pk, actor=UserFactory.create(), now=NOW, note="太近")

    application_submit(details=DETAILS, now=NOW)

    assert LeaderApplication.objects.filter(state=ApplicationState.APPLIED).count() == 1


def test_approval_makes_a_trial_leader_with_a_pickup_point() -> None:
    application = LeaderApplicationFactory.create()
    actor = UserFactory.create()

    leader = application_approve(
        application_id=application.pk, terms=terms(), actor=actor, now=NOW, note="已看点"
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


def test_approval_reuses_the_community_that_is_already_known() -> None:
    community = CommunityFactory.create(name="桃园里", district="金水")
    application = LeaderApplicationFactory.create(community_name="桃园里", district="金水")

    leader = application_approve(
        application_id=application.pk, terms=terms(), actor=UserFactory.create(), now=NOW
    )

    assert leader.pickup_points.get().community == community


@pytest.mark.parametrize("first", [ApplicationState.APPROVED, ApplicationState.REJECTED])
def test_nobody_decides_twice(first: ApplicationState) -> None:
    application = LeaderApplicationFactory.create(state=first, reviewed_at=NOW)
    actor = UserFactory.create()

    with pytest.raises(ApplicationAlreadyDecided):
        application_approve(application_id=application.pk, terms=terms(), actor=actor, now=NOW)
    with pytest.raises(ApplicationAlreadyDecided):
        application_reject(application_id=application.pk, actor=actor, now=NOW, note="迟了")

    assert not Leader.objects.exists()
