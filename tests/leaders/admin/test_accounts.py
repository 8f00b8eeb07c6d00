"""Log-ins in the administration: made and changed by administrators, never beyond themselves."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.services.accounts import role_permissions_apply
from tests.factories.leaders import UserFactory
from tests.factories.second_factors import phone_of

pytestmark = pytest.mark.django_db

LIST = "/admin/leaders/user/"


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory.create(role=Role.ADMINISTRATOR)
    role_permissions_apply(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def filled(login: User, **changes: object) -> dict[str, object]:
    """The form of a log-in as the page would send it."""
    form = {"username": login.username, "role": login.role, "first_name": "", "last_name": ""}
    return {**form, "email": "", "is_active": "on", **changes}


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_new_log_in_gets_the_permissions_of_its_role(client: Client, administrator: User) -> None:
    answer = client.post(
        f"{LIST}add/",
        {"username": "zhou", "role": "buyer", "usable_password": "false", "is_superuser": "on"},
    )

    made = User.objects.get(username="zhou")
    assert answer.status_code == 302
    assert (made.role, made.is_staff, made.is_superuser) == (Role.BUYER, True, False)
    assert list(made.groups.all()) == [Group.objects.get(name="buyer")]
    assert actions() == ["login.made"]


def test_a_role_is_changed_on_the_form(client: Client, administrator: User) -> None:
    login = UserFactory.create(role=Role.BUYER, is_staff=True)

    client.post(f"{LIST}{login.pk}/change/", filled(login, role="sorter", is_superuser="on"))

    login.refresh_from_db()
    assert (login.role, login.is_staff, login.is_superuser) == (Role.SORTER, False, False)
    assert actions() == ["login.role_changed"]


def test_a_log_in_is_switched_off_on_the_form(client: Client, administrator: User) -> None:
    login = UserFactory.create(role=Role.BUYER, is_staff=True)

    client.post(f"{LIST}{login.pk}/change/", filled(login, is_active=""))

    login.refresh_from_db()
    assert login.is_active is False
    assert actions() == ["login.switched_off"]


def test_nobody_finds_their_own_rights_on_the_form(client: Client, administrator: User) -> None:
    form = filled(administrator, role="finance", is_active="", first_name="小郑")

    client.post(f"{LIST}{administrator.pk}/change/", form)

    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == (Role.ADMINISTRATOR, True)
    assert administrator.first_name == "小郑"


def test_a_superusers_log_in_is_only_shown(client: Client, administrator: User) -> None:
    chief = UserFactory.create(is_superuser=True, is_staff=True)

    page = client.get(f"{LIST}{chief.pk}/change/")
    changed = client.post(f"{LIST}{chief.pk}/change/", filled(chief, first_name="x"))
    password = client.post(f"{LIST}{chief.pk}/password/", {"password1": "x", "password2": "x"})

    assert page.status_code == 200
    assert [changed.status_code, password.status_code] == [403, 403]


def test_who_sets_a_password_is_written_down(client: Client, administrator: User) -> None:
    login = UserFactory.create(role=Role.BUYER)
    new = {"usable_password": "true", "password1": "qingshi-88-yuan"}

    wrong = client.post(f"{LIST}{login.pk}/password/", new | {"password2": "other"})
    assert (wrong.status_code, actions()) == (200, [])
    client.post(f"{LIST}{login.pk}/password/", new | {"password2": "qingshi-88-yuan"})

    login.refresh_from_db()
    assert login.check_password("qingshi-88-yuan")
    assert actions() == ["login.password_given"]


def test_second_factors_are_reset_from_the_list_but_never_ones_own(
    client: Client, administrator: User
) -> None:
    login = UserFactory.create(role=Role.FINANCE)
    own, other = phone_of(administrator), phone_of(login)

    chosen = [administrator.pk, login.pk]
    client.post(LIST, {"action": "reset_second_factor", "_selected_action": chosen})

    assert list(TOTPDevice.objects.filter(pk__in=[own.pk, other.pk])) == [own]
    assert actions() == ["login.factor_reset"]


def test_a_link_is_shown_to_who_asked_for_it(client: Client, administrator: User) -> None:
    login = UserFactory.create(role=Role.FINANCE)

    page = client.post(LIST, {"action": "make_link", "_selected_action": [login.pk]}, follow=True)

    assert "/login/new/" in page.content.decode()
    assert actions() == ["login.link_made"]


def test_secrets_of_second_factors_have_no_page() -> None:
    assert not {TOTPDevice, StaticDevice} & set(admin.site._registry)
