"""The leader's page about who is paid."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from leaders.models.payees import Payee
from tests.factories.leaders import LeaderFactory, UserFactory, login_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TYPED = {
    "kind": "individual",
    "legal_name": "林秀英",
    "id_no": "110105 19491231 002x",
    "bank_name": "示例银行",
    "bank_account": "4111 1111 1111 1111",
    "wechat_openid": "",
    "has_agreed": "on",
}


@pytest.fixture
def phone(client: Client) -> Client:
    client.force_login(login_of(LeaderFactory.create()))
    return client


def test_a_leader_says_who_is_paid_and_sees_the_last_four(phone: Client) -> None:
    answer = phone.post("/leader/payee/", TYPED, follow=True)

    page = answer.content.decode()
    assert "•••• 002X" in page
    assert "•••• 1111" in page
    assert "waits for the office" in page
    assert "19491231" not in page


def test_a_wrong_number_comes_back_at_its_field(phone: Client) -> None:
    answer = phone.post("/leader/payee/", {**TYPED, "id_no": "110105194912310021"})

    assert answer.status_code == 422
    assert "This number cannot be right" in answer.content.decode()
    assert not Payee.objects.exists()


def test_without_consent_nothing_is_kept(phone: Client) -> None:
    answer = phone.post("/leader/payee/", {**TYPED, "has_agreed": ""})

    assert answer.status_code == 422
    assert not Payee.objects.exists()


def test_it_is_a_leaders_page(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.FINANCE))

    assert client.get("/leader/payee/").status_code == 403
