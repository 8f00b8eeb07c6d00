"""What staff see of a leader, and do about one."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from leaders.models.care import FollowUp, LeaderExit, Substitution
from leaders.models.invites import Referral
from leaders.models.leaders import Leader, LeaderState
from tests.factories.care import RecruiterFactory, SubstitutionFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def recruiter(client: Client) -> Client:
    client.force_login(RecruiterFactory.create())
    return client


@pytest.fixture
def leader() -> Leader:
    found: Leader = PickupPointFactory.create().leader
    return found


def act(client: Client, leader: Leader, name: str, **typed: object) -> int:
    answer = client.post(f"/recruiting/leaders/{leader.code}/{name}/", typed)
    return answer.status_code


def test_a_number_is_masked_until_somebody_asks_for_it(recruiter: Client, leader: Leader) -> None:
    before = recruiter.get(f"/recruiting/leaders/{leader.code}/").content.decode()
    after = recruiter.post(f"/recruiting/leaders/{leader.code}/phone/").content.decode()

    assert leader.phone not in before
    assert leader.phone in after
    assert AuditEvent.objects.filter(action="leader.phone_opened").count() == 1


def test_a_leader_is_suspended_and_comes_back(recruiter: Client, leader: Leader) -> None:
    assert act(recruiter, leader, "suspend", reason="多次投诉") == 302
    leader.refresh_from_db()
    suspended = leader.state
    assert act(recruiter, leader, "resume", reason="已整改") == 302
    leader.refresh_from_db()

    assert (suspended, leader.state) == (LeaderState.SUSPENDED, LeaderState.ACTIVE)


def test_nothing_happens_without_a_reason(recruiter: Client, leader: Leader) -> None:
    assert act(recruiter, leader, "suspend", reason="") == 422

    leader.refresh_from_db()
    assert leader.state == LeaderState.ACTIVE


def test_what_cannot_be_done_is_said(recruiter: Client, leader: Leader) -> None:
    assert act(recruiter, leader, "activate", reason="试用期满") == 422


def test_a_point_goes_to_a_leader_found_by_phone(recruiter: Client, leader: Leader) -> None:
    successor = LeaderFactory.create()
    point = leader.pickup_points.get()

    act(recruiter, leader, "hand-over", point=point.pk, to=successor.phone, reason="搬家")

    point.refresh_from_db()
    assert point.leader == successor


def test_a_point_of_somebody_else_is_not_handed_over(recruiter: Client, leader: Leader) -> None:
    foreign = PickupPointFactory.create()

    status = act(
        recruiter, leader, "hand-over", point=foreign.pk, to=LeaderFactory.create().code, reason="x"
    )

    assert status == 422


def test_a_second_point_is_added_where_the_map_says(recruiter: Client, leader: Leader) -> None:
    act(
        recruiter,
        leader,
        "point",
        community_name="桃园里",
        district="金水",
        address="花园路 8 号",
        lng="113.68",
        lat="34.79",
        coord_system="WGS-84",
        opens_at="07:00",
        closes_at="20:00",
    )

    assert leader.pickup_points.get(code=f"{leader.code}-2").lng == 113.68


def test_a_substitute_is_set_and_ended(recruiter: Client, leader: Leader) -> None:
    point = leader.pickup_points.get()
    substitute = LeaderFactory.create()

    act(
        recruiter,
        leader,
        "substitute",
        point=point.pk,
        substitute=substitute.code.lower(),
        first="2099-03-03",
        last="2099-03-05",
    )
    made = Substitution.objects.get()
    recruiter.post(f"/recruiting/leaders/{leader.code}/substitutions/{made.pk}/end/")

    made.refresh_from_db()
    assert made.substitute == substitute
    assert made.ended_on is not None


def test_a_substitution_of_another_leader_is_not_found(recruiter: Client, leader: Leader) -> None:
    foreign = SubstitutionFactory.create()

    answer = recruiter.post(f"/recruiting/leaders/{leader.code}/substitutions/{foreign.pk}/end/")

    assert answer.status_code == 404


def test_a_referrer_is_corrected(recruiter: Client, leader: Leader) -> None:
    referrer = LeaderFactory.create()

    act(recruiter, leader, "referral", referrer=referrer.code, reason="填错了")

    assert Referral.objects.get(referee=leader).referrer == referrer


def test_notice_is_given_and_withdrawn(recruiter: Client, leader: Leader) -> None:
    act(recruiter, leader, "notice", is_by_operator="1", reason="长期不开团")
    act(recruiter, leader, "withdraw")

    assert LeaderExit.objects.get(leader=leader).is_by_operator
    assert AuditEvent.objects.filter(action="exit.withdrawn").exists()


def test_a_link_to_log_in_is_shown_once(recruiter: Client, leader: Leader) -> None:
    page = recruiter.post(f"/recruiting/leaders/{leader.code}/log-in/").content.decode()
    again = recruiter.get(f"/recruiting/leaders/{leader.code}/").content.decode()

    assert "/login/new/" in page
    assert "/login/new/" not in again


def test_a_talk_leads_the_list_of_quiet_leaders(recruiter: Client, leader: Leader) -> None:
    LeaderFactory.create()
    act(recruiter, leader, "talk", note="说下周开团", next_on="2026-03-07")

    page = recruiter.get("/recruiting/dormant/?days=30").content.decode()

    assert FollowUp.objects.get().next_on == date(2026, 3, 7)
    assert page.index(leader.code) < page.index("Nobody has talked yet.")
    assert "说下周开团" in page


@pytest.mark.parametrize("many", [1, 6])
def test_the_page_of_a_leader_costs_the_same_however_much_there_is(
    recruiter: Client, leader: Leader, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _one in range(many):
        SubstitutionFactory.create(pickup_point=PickupPointFactory.create(leader=leader))

    # Two for the session and the log-in, two for the choices of points.
    with django_assert_num_queries(20):
        recruiter.get(f"/recruiting/leaders/{leader.code}/")


@pytest.mark.parametrize("path", ["dormant/", "leaders/{code}/", "leaders/{code}/suspend/"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER, Role.FINANCE])
def test_care_is_for_recruiters(client: Client, leader: Leader, role: Role, path: str) -> None:
    client.force_login(UserFactory.create(role=role))
    address = "/recruiting/" + path.format(code=leader.code)

    ask = client.post if "suspend" in path else client.get

    assert ask(address).status_code == 403
