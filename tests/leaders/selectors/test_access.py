"""What a log-in may do at this moment."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leaders.models.accounts import Role, User
from leaders.selectors.access import elevation_of, has_role, helped_leader, roles_of
from tests.factories.access import LONG_AGO, ElevationFactory, PickupHelperFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


def test_borrowed_rights_come_on_top_of_ones_own() -> None:
    user = ElevationFactory.create(role=Role.BUYER).user

    assert roles_of(user) == {Role.ADMINISTRATOR, Role.BUYER}
    assert has_role(user, Role.BUYER)
    assert not has_role(user, Role.WAREHOUSE, Role.FINANCE)


def test_rights_end_by_the_clock_of_the_database() -> None:
    over = ElevationFactory.create(ends_at=LONG_AGO + timedelta(minutes=15))

    assert elevation_of(over.user) is None
    assert roles_of(over.user) == {Role.ADMINISTRATOR}


def test_rights_that_were_given_back_are_gone() -> None:
    given_back = ElevationFactory.create(ended_at=LONG_AGO + timedelta(minutes=1))

    assert roles_of(given_back.user) == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [Role.FINANCE, Role.COMPLIANCE])
def test_a_row_for_rights_nobody_may_borrow_gives_none(role: Role) -> None:
    user = ElevationFactory.create(role=role).user

    assert roles_of(user) == {Role.ADMINISTRATOR}


def test_who_loses_the_role_loses_what_it_borrowed() -> None:
    user = ElevationFactory.create().user
    User.objects.filter(pk=user.pk).update(role=Role.SERVICE)

    assert roles_of(User.objects.get(pk=user.pk)) == {Role.SERVICE}


def test_a_superuser_works_in_every_role() -> None:
    assert roles_of(UserFactory.create(is_superuser=True)) == set(Role.values)


def test_who_cannot_borrow_costs_no_question_and_who_can_only_one() -> None:
    buyer = UserFactory.create(role=Role.BUYER)
    administrator = UserFactory.create(role=Role.ADMINISTRATOR)

    with CaptureQueriesContext(connection) as asked:
        for _time in range(3):
            roles_of(buyer)
            roles_of(administrator)

    assert len(asked) == 1


def test_a_helper_knows_whom_they_help() -> None:
    help_given = PickupHelperFactory.create()

    assert helped_leader(help_given.user) == help_given.leader
    assert helped_leader(UserFactory.create(role=Role.HELPER)) is None
