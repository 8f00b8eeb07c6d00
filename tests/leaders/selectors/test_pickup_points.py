"""Who minds a pickup point on a day."""

from datetime import date

import pytest

from leaders.selectors.pickup_points import points_minded_by
from tests.factories.care import SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory

pytestmark = pytest.mark.django_db

BEFORE, FIRST, LAST, AFTER = (date(2026, 3, day) for day in (2, 3, 5, 6))


@pytest.mark.parametrize(
    ("day", "minded_by_the_substitute"),
    [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)],
)
def test_a_point_is_minded_by_one_leader_a_day(day: date, minded_by_the_substitute: bool) -> None:
    substitution = SubstitutionFactory.create()
    point = substitution.pickup_point

    by_owner = point in points_minded_by(point.leader, day)
    by_substitute = point in points_minded_by(substitution.substitute, day)

    assert (by_owner, by_substitute) == (not minded_by_the_substitute, minded_by_the_substitute)


def test_a_substitution_ended_early_holds_until_that_day() -> None:
    substitution = SubstitutionFactory.create(ended_on=date(2026, 3, 4))
    point = substitution.pickup_point

    assert point in points_minded_by(substitution.substitute, FIRST)
    assert point not in points_minded_by(substitution.substitute, date(2026, 3, 4))
    assert point in points_minded_by(point.leader, date(2026, 3, 4))


def test_the_points_of_strangers_stay_hidden() -> None:
    PickupPointFactory.create()
    own = PickupPointFactory.create()

    assert list(points_minded_by(own.leader, FIRST)) == [own]


def test_minding_for_others_leaves_ones_own_points_where_they_are() -> None:
    substitute = LeaderFactory.create()
    own = PickupPointFactory.create(leader=substitute)
    other = SubstitutionFactory.create(substitute=substitute).pickup_point

    assert set(points_minded_by(substitute, FIRST)) == {own, other}
