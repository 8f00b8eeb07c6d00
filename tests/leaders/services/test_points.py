"""Points go from hand to hand with their history, and residents stay where they are."""

from datetime import UTC, date, datetime, time

import pytest

from leaders.domain.coordinates import Place
from leaders.errors import PointRefused
from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.models.leaders import LeaderState
from leaders.selectors.pickup_points import points_minded_by
from leaders.services.points import PointDetails, point_close, point_hand_over, point_open
from tests.factories.care import RecruiterFactory, SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
DETAILS = PointDetails(
    community_name="桃园里",
    district="金水",
    address="花园路 8 号",
    place=Place(113.68, 34.79),
    opens_at=time(7),
    closes_at=time(20),
)


@pytest.fixture
def actor() -> User:
    return RecruiterFactory.create()


def test_one_leader_runs_several_points_with_codes_of_their_own(actor: User) -> None:
    leader = LeaderFactory.create()

    codes = [
        point_open(leader=leader, details=DETAILS, actor=actor, now=NOW).code for _point in range(2)
    ]

    assert codes == [f"{leader.code}-2", f"{leader.code}-3"]


def test_a_suspended_leader_gets_no_point(actor: User) -> None:
    leader = LeaderFactory.create(state=LeaderState.SUSPENDED)

    with pytest.raises(PointRefused):
        point_open(leader=leader, details=DETAILS, actor=actor, now=NOW)


def test_a_point_is_handed_over_and_both_remember(actor: User) -> None:
    point = PickupPointFactory.create()
    before, after = point.leader, LeaderFactory.create()

    point_hand_over(point=point, to=after, reason="搬家", actor=actor, now=NOW)

    point.refresh_from_db()
    assert point.leader == after
    told = AuditEvent.objects.order_by("pk").values_list("action", "object_type", "object_id")
    assert list(told) == [
        ("point.handed_over", "pickuppoint", str(point.pk)),
        ("point.handed_over", "leader", str(before.pk)),
        ("point.received", "leader", str(after.pk)),
    ]


def test_a_substitute_who_takes_the_point_over_is_none_any_more(actor: User) -> None:
    minding = SubstitutionFactory.create()
    point, substitute = minding.pickup_point, minding.substitute

    point_hand_over(point=point, to=substitute, reason="搬家", actor=actor, now=NOW)

    minding.refresh_from_db()
    assert minding.ended_on == date(2026, 3, 4)
    assert list(points_minded_by(substitute, date(2026, 3, 4))) == [point]


def test_a_point_goes_to_nobody_who_does_not_work_and_not_to_its_own_leader(actor: User) -> None:
    point = PickupPointFactory.create()

    for to in (point.leader, LeaderFactory.create(state=LeaderState.QUIT)):
        with pytest.raises(PointRefused):
            point_hand_over(point=point, to=to, reason="x", actor=actor, now=NOW)


def test_a_point_closes_once(actor: User) -> None:
    point = PickupPointFactory.create()

    point_close(point=point, reason="拆迁", actor=actor, now=NOW)

    point.refresh_from_db()
    assert not point.is_open
    with pytest.raises(PointRefused):
        point_close(point=point, reason="拆迁", actor=actor, now=NOW)
