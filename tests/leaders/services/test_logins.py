"""Log-ins are made, changed and switched off; rights follow at once, and the log tells."""

from datetime import UTC, datetime

import pytest

from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.errors import LoginGuarded
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.selectors.access import elevation_of
from leaders.services.accounts import role_permissions_apply
from leaders.services.logins import login_change, login_link_make, login_make
from tests.factories.access import ElevationFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def administrator() -> User:
    for role in Role:
        role_permissions_apply(role)
    return UserFactory.create(role=Role.ADMINISTRATOR)


def told() -> list[tuple[str, dict[str, object]]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "facts"))


def test_a_new_log_in_may_do_what_its_role_may(administrator: User) -> None:
    draft = User(username="zhou", role=Role.SERVICE, is_superuser=True)

    login_make(login=draft, actor=administrator, now=NOW)

    made = User.objects.get(username="zhou")
    assert (made.is_superuser, made.is_staff) == (False, True)
    assert made.get_all_permissions() == PERMISSIONS_BY_ROLE["service"]
    assert told() == [("login.made", {"role": "service"})]


def test_permissions_follow_the_role_at_once(administrator: User) -> None:
    login = login_make(login=User(username="zhou", role="service"), actor=administrator, now=NOW)
    login.role = Role.WAREHOUSE

    login_change(login=login, actor=administrator, now=NOW)

    changed = User.objects.get(pk=login.pk)
    assert changed.get_all_permissions() == set()
    assert changed.is_staff is False
    assert told()[1:] == [("login.role_changed", {"from": "service", "to": "warehouse"})]


def test_who_is_switched_off_gives_back_what_they_borrow(administrator: User) -> None:
    other = ElevationFactory.create().user
    other.is_active = False

    login_change(login=other, actor=administrator, now=NOW)

    assert User.objects.get(pk=other.pk).is_active is False
    assert elevation_of(other) is None
    assert told() == [("elevation.ended", {}), ("login.switched_off", {})]


def test_new_names_are_told_without_the_names(administrator: User) -> None:
    login = UserFactory.create(role=Role.BUYER)
    login.first_name, login.email = "小周", "zhou@example.com"

    login_change(login=login, actor=administrator, now=NOW)
    login_change(login=login, actor=administrator, now=NOW)

    assert told() == [("login.details_changed", {"fields": "first_name email"})]


@pytest.mark.parametrize("change", [{"role": Role.FINANCE}, {"is_active": False}])
def test_nobody_changes_their_own_rights(administrator: User, change: dict[str, object]) -> None:
    for name, value in change.items():
        setattr(administrator, name, value)

    with pytest.raises(LoginGuarded):
        login_change(login=administrator, actor=administrator, now=NOW)

    assert User.objects.get(pk=administrator.pk).role == Role.ADMINISTRATOR


def test_only_a_superuser_touches_a_superusers_log_in(administrator: User) -> None:
    chief = UserFactory.create(is_superuser=True, is_staff=True, role=Role.BUYER)
    chief.first_name = "老板"

    with pytest.raises(LoginGuarded):
        login_change(login=chief, actor=administrator, now=NOW)
    with pytest.raises(LoginGuarded):
        login_link_make(login=chief, actor=administrator, now=NOW)
    login_change(login=chief, actor=UserFactory.create(is_superuser=True), now=NOW)

    assert User.objects.get(pk=chief.pk).first_name == "老板"
    assert User.objects.get(pk=chief.pk).is_staff is True


def test_a_link_is_made_for_those_who_are_switched_on(administrator: User) -> None:
    login = UserFactory.create(role=Role.BUYER, is_active=False)

    with pytest.raises(LoginGuarded):
        login_link_make(login=login, actor=administrator, now=NOW)
