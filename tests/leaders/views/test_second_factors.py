"""The pages of the second factor."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from leaders.models.accounts import Role, User
from leaders.services.second_factors import RECOVERY_CODES, recovery_codes_make
from tests.factories.leaders import UserFactory
from tests.factories.second_factors import phone_of, shown, wrong

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SET_UP, VERIFY = "/access/totp/", "/access/totp/verify/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user(client: Client) -> User:
    user = UserFactory.create(role=Role.SERVICE)
    client.force_login(user)
    return user


def test_the_set_up_page_draws_the_secret_and_spells_it(client: Client, user: User) -> None:
    page = client.get(f"{SET_UP}?next=/service/claims/")

    assert page.context["picture"].startswith("data:image/svg+xml")
    assert len(page.context["secret"].replace(" ", "")) == 32
    assert page.context["next"] == "/service/claims/"
    assert "no-store" in page["Cache-Control"]


def test_the_codes_for_paper_are_shown_once(client: Client, user: User) -> None:
    client.get(SET_UP)
    phone = TOTPDevice.objects.get(user=user)

    page = client.post(SET_UP, {"code": shown(phone), "next": "/service/claims/"})

    codes = page.context["codes"]
    assert len(codes) == RECOVERY_CODES
    assert page.context["next"] == "/service/claims/"
    later = client.get(SET_UP)
    assert later.context["left"] == RECOVERY_CODES
    assert codes[0] not in later.content.decode()


def test_a_wrong_first_code_shows_the_same_picture_again(client: Client, user: User) -> None:
    before = client.get(SET_UP).context["picture"]

    page = client.post(SET_UP, {"code": wrong(TOTPDevice.objects.get(user=user))})

    assert page.status_code == 422
    assert page.context["picture"] == before


def test_the_set_up_page_tells_nothing_before_the_code_was_shown(
    client: Client, user: User
) -> None:
    phone_of(user)

    for answer in (client.get(SET_UP), client.post(SET_UP)):
        assert answer["Location"] == VERIFY


def test_new_codes_for_paper_need_a_session_that_showed_one(client: Client, user: User) -> None:
    phone = phone_of(user)
    old = recovery_codes_make(user=user, now=NOW)
    client.post(VERIFY, {"code": shown(phone)})

    page = client.post(SET_UP)

    assert len(page.context["codes"]) == RECOVERY_CODES
    assert not set(old) & set(page.context["codes"])


def test_a_wrong_code_stays_and_says_so(client: Client, user: User) -> None:
    page = client.post(VERIFY, {"code": wrong(phone_of(user))})

    assert page.status_code == 422
    assert page.context["form"].errors["code"]


def test_nobody_is_sent_to_a_stranger(client: Client, user: User) -> None:
    phone = phone_of(user)

    answer = client.post(VERIFY, {"code": shown(phone), "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_the_session_gets_a_new_key(client: Client, user: User) -> None:
    phone = phone_of(user)
    before = client.session.session_key

    client.post(VERIFY, {"code": shown(phone)})

    assert client.session.session_key != before


def test_who_has_no_phone_yet_sets_one_up_first(client: Client, user: User) -> None:
    assert client.get(VERIFY)["Location"] == SET_UP
