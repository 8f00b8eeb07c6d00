"""Substitutions do not overlap on a point, and end without a trace being lost."""

from datetime import UTC, date, datetime

import pytest

from leaders.errors import SubstitutionOver, SubstitutionRefused
from leaders.models.audit import AuditEvent
from leaders.models.care import Substitution
from leaders.models.leaders import LeaderState
from leaders.services.substitutions import Days, substitution_end, substitution_make
from tests.factories.care import RecruiterFactory, SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAYS = Days(date(2026, 3, 3), date(2026, 3, 5))


def test_a_substitution_is_kept_with_its_days_and_its_maker() -> None:
    point = PickupPointFactory.create()
    substitute = LeaderFactory.create()
    actor = point.leader.user
    assert actor is not None

    made = substitution_make(
        point=point, substitute=substitute, days=DAYS, actor=actor, now=NOW, reason="回老家"
    )

    assert (made.from_date, made.until_date) == (DAYS.first, DAYS.last)
    assert made.made_by == actor
    event = AuditEvent.objects.get(action="substitution.made")
    assert event.facts["substitute"] == substitute.code
    assert event.reason == "回老家"


@pytest.mark.parametrize(
    ("first", "last"),
    [(3, 5), (1, 3), (5, 9), (4, 4), (1, 9)],
    ids=["same", "into_it", "out_of_it", "inside", "around"],
)
def test_nobody_else_may_mind_the_point_on_the_same_day(first: int, last: int) -> None:
    taken = SubstitutionFactory.create()

    with pytest.raises(SubstitutionRefused):
        substitution_make(
            point=taken.pickup_point,
            substitute=LeaderFactory.create(),
            days=Days(date(2026, 3, first), date(2026, 3, last)),
            actor=RecruiterFactory.create(),
            now=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
        )

    assert Substitution.objects.count() == 1


def test_days_freed_by_an_early_end_may_be_taken_by_somebody_else() -> None:
    ended = SubstitutionFactory.create(ended_on=date(2026, 3, 4))

    made = substitution_make(
        point=ended.pickup_point,
        substitute=LeaderFactory.create(),
        days=Days(date(2026, 3, 4), date(2026, 3, 6)),
        actor=RecruiterFactory.create(),
        now=NOW,
    )

    assert made.pk != ended.pk


@pytest.mark.parametrize("state", [LeaderState.SUSPENDED, LeaderState.QUIT])
def test_a_leader_who_does_not_work_minds_nothing(state: LeaderState) -> None:
    with pytest.raises(SubstitutionRefused):
        substitution_make(
            point=PickupPointFactory.create(),
            substitute=LeaderFactory.create(state=state),
            days=DAYS,
            actor=RecruiterFactory.create(),
            now=NOW,
        )


def test_a_leader_is_no_substitute_for_themselves() -> None:
    point = PickupPointFactory.create()

    with pytest.raises(SubstitutionRefused):
        substitution_make(
            point=point,
            substitute=point.leader,
            days=DAYS,
            actor=RecruiterFactory.create(),
            now=NOW,
        )


def test_days_that_are_over_are_refused() -> None:
    with pytest.raises(SubstitutionRefused):
        substitution_make(
            point=PickupPointFactory.create(),
            substitute=LeaderFactory.create(),
            days=Days(date(2026, 2, 1), date(2026, 3, 1)),
            actor=RecruiterFactory.create(),
            now=NOW,
        )


def test_a_substitution_ends_once_and_stays_to_be_read() -> None:
    substitution = SubstitutionFactory.create()
    actor = RecruiterFactory.create()
    during = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)

    substitution_end(substitution_id=substitution.pk, actor=actor, now=during)

    substitution.refresh_from_db()
    assert substitution.ended_on == date(2026, 3, 4)
    with pytest.raises(SubstitutionOver):
        substitution_end(substitution_id=substitution.pk, actor=actor, now=during)
    assert AuditEvent.objects.filter(action="substitution.ended").count() == 1
