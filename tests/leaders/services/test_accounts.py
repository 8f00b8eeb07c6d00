"""The permissions that come with a role."""

import pytest
from django.contrib.auth.models import Group

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.errors import RolePermissionMissing, RoleUnknown
from leaders.models.accounts import Role, User
from leaders.services.accounts import role_permissions_apply
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_the_people_of_a_role_may_do_exactly_what_the_table_says(role: str) -> None:
    person = UserFactory.create(role=role)

    role_permissions_apply(role)

    assert User.objects.get(pk=person.pk).get_all_permissions() == PERMISSIONS_BY_ROLE[role]


def test_applying_again_changes_nothing() -> None:
    person = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")

    role_permissions_apply("buyer")

    assert Group.objects.filter(name="buyer").count() == 1
    assert User.objects.get(pk=person.pk).get_all_permissions() == PERMISSIONS_BY_ROLE["buyer"]


def test_who_changes_the_role_loses_the_old_permissions() -> None:
    person = UserFactory.create(role=Role.BUYER)
    role_permissions_apply("buyer")
    User.objects.filter(pk=person.pk).update(role=Role.WAREHOUSE)

    role_permissions_apply("buyer")
    role_permissions_apply("warehouse")

    moved = User.objects.get(pk=person.pk)
    assert moved.get_all_permissions() == set()
    assert moved.is_staff is False


def test_buyers_may_log_in_to_the_admin_and_leaders_not() -> None:
    buyer = UserFactory.create(role=Role.BUYER)
    leader = UserFactory.create(role=Role.LEADER, is_staff=True)

    role_permissions_apply("buyer")
    role_permissions_apply("leader")

    assert User.objects.get(pk=buyer.pk).is_staff is True
    assert User.objects.get(pk=leader.pk).is_staff is False


def test_superusers_keep_what_they_have() -> None:
    chief = UserFactory.create(role=Role.LEADER, is_superuser=True, is_staff=True)

    role_permissions_apply("leader")

    assert User.objects.get(pk=chief.pk).is_staff is True


def test_a_role_nobody_knows_is_refused() -> None:
    with pytest.raises(RoleUnknown):
        role_permissions_apply("king")


def test_a_permission_the_database_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"buyer": frozenset({"orders.view_sku", "orders.paint_sku"})}
    monkeypatch.setattr("leaders.services.accounts.PERMISSIONS_BY_ROLE", table)

    with pytest.raises(RolePermissionMissing) as refusal:
        role_permissions_apply("buyer")

    assert refusal.value.details == {"missing": ["orders.paint_sku"]}
