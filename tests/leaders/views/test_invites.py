"""Codes made by staff and by leaders, and the words they pass on."""

import pytest
from django.test import Client
from pytest_django import Settings

from leaders.models.accounts import Role
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.invites import InviteCode
from tests.factories.care import RecruiterFactory, ScriptFactory
from tests.factories.leaders import LeaderApplicationFactory, LeaderFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def recruiter(client: Client) -> Client:
    client.force_login(RecruiterFactory.create())
    return client


def test_staff_make_codes_for_the_operator_and_for_a_leader(recruiter: Client) -> None:
    leader = LeaderFactory.create()

    recruiter.post("/recruiting/invites/", {"inviter": ""})
    recruiter.post("/recruiting/invites/", {"inviter": leader.phone})

    inviters = list(InviteCode.objects.order_by("pk").values_list("inviter", flat=True))
    assert inviters == [None, leader.pk]


def test_a_leader_nobody_knows_gets_no_code(recruiter: Client) -> None:
    answer = recruiter.post("/recruiting/invites/", {"inviter": "L9999"})

    assert answer.status_code == 422
    assert not InviteCode.objects.exists()


def test_a_leader_makes_codes_of_their_own(client: Client, settings: Settings) -> None:
    settings.INVITES_OPEN_MAX = 1
    leader = LeaderFactory.create()
    assert leader.user is not None
    client.force_login(leader.user)

    client.post("/leader/invites/")
    client.post("/leader/invites/")

    invite = InviteCode.objects.get()
    page = client.get("/leader/invites/").content.decode()
    assert invite.inviter == leader
    assert invite.code in page
    assert "pass one on first" in page


def test_a_leader_sees_own_codes_and_no_whole_name(client: Client) -> None:
    leader = LeaderFactory.create()
    assert leader.user is not None
    client.force_login(leader.user)
    client.post("/leader/invites/")
    foreign = LeaderFactory.create()
    assert foreign.user is not None
    other = Client()
    other.force_login(foreign.user)
    other.post("/leader/invites/")
    LeaderApplicationFactory.create(
        applicant_name="毛海燕", invite=InviteCode.objects.get(inviter=leader)
    )

    page = client.get("/leader/invites/").content.decode()

    assert "毛**" in page
    assert "毛海燕" not in page
    assert InviteCode.objects.get(inviter=foreign).code not in page


def test_scripts_for_recruiting_are_the_recruiters(client: Client, recruiter: Client) -> None:
    ScriptFactory.create(occasion="recruiting", title="第一次搭话")
    ScriptFactory.create(title="到货通知")
    ScriptFactory.create(title="旧话术", is_active=False)

    staff = recruiter.get("/recruiting/scripts/").content.decode()
    leader = LeaderFactory.create()
    assert leader.user is not None
    client.force_login(leader.user)
    own = client.get("/leader/scripts/").content.decode()

    assert ("第一次搭话" in staff, "到货通知" in staff, "旧话术" in staff) == (True, True, False)
    assert ("第一次搭话" in own, "到货通知" in own) == (False, True)


def test_a_lead_is_noted(recruiter: Client) -> None:
    answer = recruiter.post(
        "/recruiting/new/", {"applicant_name": "周海", "phone": "199 0002 9593"}
    )

    assert answer.headers["Location"] == "/recruiting/"
    assert LeaderApplication.objects.get().state == ApplicationState.LEAD


def test_a_lead_who_has_applied_is_not_noted_again(recruiter: Client) -> None:
    LeaderApplicationFactory.create(phone="19900029593")

    answer = recruiter.post("/recruiting/new/", {"applicant_name": "周海", "phone": "19900029593"})

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["invites/", "scripts/", "new/"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER])
def test_the_desk_is_the_recruiters(client: Client, role: Role, path: str) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get(f"/recruiting/{path}").status_code == 403


@pytest.mark.parametrize("path", ["invites/", "scripts/"])
def test_leaders_pages_are_no_recruiters(recruiter: Client, path: str) -> None:
    assert recruiter.get(f"/leader/{path}").status_code == 403
