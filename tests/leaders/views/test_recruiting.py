"""The recruiters' board in the browser's eyes."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from tests.factories.care import RecruiterFactory
from tests.factories.leaders import LeaderApplicationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def recruiter(client: Client) -> Client:
    client.force_login(RecruiterFactory.create())
    return client


def test_the_board_shows_applicants_without_their_numbers(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create(phone="19900029593")

    page = recruiter.get("/recruiting/").content.decode()

    assert application.applicant_name in page
    assert "199****9593" in page
    assert "19900029593" not in page


def test_searching_tells_how_many_were_found(recruiter: Client) -> None:
    LeaderApplicationFactory.create()

    page = recruiter.get("/recruiting/", {"q": "桃园"}).content.decode()

    assert "1 application found" in page


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RECRUITER])
def test_the_board_is_the_recruiters_own(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/recruiting/").status_code == 403


def test_strangers_are_sent_to_the_log_in(client: Client) -> None:
    response = client.get("/recruiting/")

    assert response.status_code == 302
