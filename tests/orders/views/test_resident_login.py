"""Log-in by phone and one-time code, and the way back."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from leaders.models.leaders import LeaderState
from orders.http import RESIDENT_KEY
from orders.models.outbox import OutboxMessage
from orders.models.residents import Resident
from tests.factories.leaders import LeaderFactory
from tests.factories.storefronts import PHONE, OpenShop, put, shopping

LOGIN = "/me/login/?leader=L0001&next=/me/orders/"


@pytest.fixture(autouse=True)
def codes_stay_readable(settings: Settings) -> None:
    """A code is forgotten once it is sent, except where the page shows it."""
    settings.SHOW_LOGIN_CODES = True


def send(client: Client, phone: str = PHONE, **more: str) -> int:
    body = {"action": "send", "phone": phone, "has_agreed": "on"} | more
    return client.post(LOGIN, body).status_code


def sent_code() -> str:
    return str(OutboxMessage.objects.latest("pk").facts["code"])


def check(client: Client, code: str, path: str = LOGIN) -> str:
    response = client.post(path, {"action": "check", "code": code})
    return response.get("Location", "")


def test_a_phone_and_its_code_log_a_resident_in(client: Client, shop: OpenShop) -> None:
    assert send(client) == 302
    assert PHONE in client.get(LOGIN).content.decode()

    assert check(client, sent_code()) == "/me/orders/"

    resident = Resident.objects.get()
    assert (resident.leader, resident.privacy_version) == (shop.leader, "2026-1")
    assert client.session[RESIDENT_KEY] == resident.pk


def test_the_session_gets_a_new_key_and_keeps_the_basket(client: Client, shop: OpenShop) -> None:
    put(client, shop.leader, shop.offer(), 2)
    send(client)
    before = client.session.session_key

    check(client, sent_code())

    assert client.session.session_key != before
    assert b'data-qty="2"' in client.get("/g/L0001/cart/").content


def test_a_wrong_code_lets_nobody_in(client: Client, shop: OpenShop) -> None:
    send(client)
    wrong = "000000" if sent_code() != "000000" else "111111"

    response = client.post(LOGIN, {"action": "check", "code": wrong})

    assert response.status_code == 422
    assert RESIDENT_KEY not in client.session


def test_a_code_alone_is_worth_nothing(client: Client, shop: OpenShop) -> None:
    send(Client())

    response = client.post(LOGIN, {"action": "check", "code": sent_code()})

    assert response.status_code == 200
    assert RESIDENT_KEY not in client.session


@pytest.mark.parametrize("phone", ["", "12345", "0371-12345678"])
def test_only_mobile_numbers_get_a_code(client: Client, shop: OpenShop, phone: str) -> None:
    assert send(client, phone) == 422
    assert not OutboxMessage.objects.exists()


def test_nothing_is_sent_without_consent(client: Client, shop: OpenShop) -> None:
    response = client.post(LOGIN, {"action": "send", "phone": PHONE})

    assert response.status_code == 422
    assert not OutboxMessage.objects.exists()


def test_a_second_code_at_once_is_refused_kindly(client: Client, shop: OpenShop) -> None:
    send(client)

    assert send(client) == 302
    assert "notice--caution" in client.get(LOGIN).content.decode()
    assert OutboxMessage.objects.count() == 1


def test_another_phone_that_had_its_codes_is_told_in_the_form(
    client: Client, shop: OpenShop
) -> None:
    send(Client())

    assert send(client) == 422


def test_one_may_type_another_number(client: Client, shop: OpenShop) -> None:
    send(client)

    client.post(LOGIN, {"action": "other"})

    assert "name=phone" in re.sub('"', "", client.get(LOGIN).content.decode())


def test_who_comes_without_a_leader_needs_a_link_first(client: Client, shop: OpenShop) -> None:
    client.post("/me/login/", {"action": "send", "phone": PHONE, "has_agreed": "on"})

    response = client.post("/me/login/", {"action": "check", "code": sent_code()})

    assert response.status_code == 422
    assert not Resident.objects.exists()


def test_a_leader_who_takes_no_orders_wins_nobody(client: Client, shop: OpenShop) -> None:
    LeaderFactory.create(code="L0002", state=LeaderState.SUSPENDED)
    client.post("/me/login/?leader=L0002", {"action": "send", "phone": PHONE, "has_agreed": "on"})

    response = client.post("/me/login/?leader=L0002", {"action": "check", "code": sent_code()})

    assert response.status_code == 422


def test_a_known_resident_lands_in_their_own_shop(client: Client, shop: OpenShop) -> None:
    shop.resident()
    LeaderFactory.create(code="L0002")
    path = "/me/login/?leader=L0002"
    client.post(path, {"action": "send", "phone": PHONE, "has_agreed": "on"})

    assert check(client, sent_code(), path) == "/g/L0001/"


def test_the_way_back_never_leaves_this_site(client: Client, shop: OpenShop) -> None:
    path = "/me/login/?leader=L0001&next=https://evil.example/"
    client.post(path, {"action": "send", "phone": PHONE, "has_agreed": "on"})

    assert check(client, sent_code(), path) == "/g/L0001/"


def test_who_is_logged_in_goes_on(client: Client, shop: OpenShop) -> None:
    shopping(client, shop.resident())

    assert client.get(LOGIN)["Location"] == "/me/orders/"


def test_pages_of_residents_send_strangers_to_the_log_in(client: Client, shop: OpenShop) -> None:
    put(client, shop.leader, shop.offer(), 1)

    for path in ("/me/", "/me/orders/", "/me/orders/X/", "/g/L0001/checkout/1/"):
        location = client.get(path)["Location"]
        assert location.startswith("/me/login/?next=%2F"), path
        assert location.endswith("&leader=L0001"), path


def test_an_imported_resident_is_no_log_in(client: Client, shop: OpenShop) -> None:
    resident = shop.resident()
    shopping(client, resident)
    Resident.objects.filter(pk=resident.pk).update(phone_verified_at=None)

    assert client.get("/me/").status_code == 302


def test_who_logs_out_leaves_nothing_behind(client: Client, shop: OpenShop) -> None:
    shopping(client, shop.resident())
    put(client, shop.leader, shop.offer(), 1)

    assert client.post("/me/logout/")["Location"] == "/g/L0001/"

    assert client.get("/me/").status_code == 302
    assert b'data-qty="1"' not in client.get("/g/L0001/cart/").content
    assert client.get("/me/logout/").status_code == 405


def test_one_address_cannot_make_the_platform_send_without_end(
    client: Client, shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.views.resident_login.CODES_PER_HOUR", 2)

    answers = [send(client, f"1990691000{at}") for at in range(3)]

    assert answers == [302, 302, 422]
    assert OutboxMessage.objects.count() == 2
