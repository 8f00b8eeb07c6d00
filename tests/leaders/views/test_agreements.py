"""A leader and the agreement in force."""

import pytest
from django.test import Client

from leaders.models.leaders import Leader
from tests.factories.applicants import AgreementFactory
from tests.factories.leaders import LeaderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client: Client) -> Leader:
    leader = LeaderFactory.create(name="林秀英")
    assert leader.user is not None
    client.force_login(leader.user)
    return leader


def test_a_leader_signs_a_new_version(client: Client, leader: Leader) -> None:
    agreement = AgreementFactory.create()
    assert "/leader/agreement/" in client.get("/leader/profile/").content.decode()
    answers = {"version": agreement.version, "signed_name": "林秀英"}

    wrong = client.post("/leader/agreement/", answers | {"signed_name": "别人"})
    right = client.post("/leader/agreement/", answers)

    assert wrong.status_code == 422
    assert right["Location"] == "/leader/agreement/"
    assert client.get("/leader/agreement/").context["consent"].leader == leader
    assert client.get("/leader/profile/").context["is_signed"]


def test_without_an_agreement_there_is_nothing_to_sign(client: Client, leader: Leader) -> None:
    assert client.get("/leader/agreement/")["Location"] == "/leader/profile/"
    assert client.get("/leader/profile/").context["agreement"] is None


def test_strangers_log_in_first(client: Client) -> None:
    assert client.get("/leader/agreement/")["Location"].startswith("/login/")
