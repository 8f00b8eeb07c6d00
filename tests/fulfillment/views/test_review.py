"""A recruiter takes an application from its first look to its decision."""

from datetime import time

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leaders.models.accounts import Role
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.audit import AuditEvent
from leaders.models.care import FollowUp
from tests.factories.care import RecruiterFactory, trained_up
from tests.factories.leaders import (
    CommissionPlanFactory,
    LeaderApplicationFactory,
    PickupPointFactory,
    UserFactory,
)
from tests.factories.orders import OrderLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def recruiter(client: Client) -> Client:
    client.force_login(RecruiterFactory.create())
    return client


def page_of(application: LeaderApplication) -> str:
    return f"/recruiting/applications/{application.pk}/"


def test_the_number_is_masked_until_somebody_asks_for_it(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create(phone="19900029593")

    before = recruiter.get(page_of(application)).content.decode()
    after = recruiter.post(page_of(application) + "phone/").content.decode()

    assert "19900029593" not in before
    assert "199****9593" in before
    assert "19900029593" in after
    event = AuditEvent.objects.get(action="application.phone_opened")
    assert event.facts == {"phone": "199****9593"}


def test_points_close_by_are_shown_with_what_they_sell(recruiter: Client) -> None:
    point = PickupPointFactory.create(lng=113.68, lat=34.791)
    OrderLineFactory.create(order__leader=point.leader, order__pickup_point=point)

    page = recruiter.get(page_of(LeaderApplicationFactory.create())).content.decode()

    assert point.name in page
    assert "111 m" in page


def test_steps_lead_from_documents_to_the_leader(recruiter: Client) -> None:
    application = trained_up(LeaderApplicationFactory.create())
    plan = CommissionPlanFactory.create()

    recruiter.post(page_of(application) + "documents/", {"note": ""})
    recruiter.post(page_of(application) + "site/", {"note": "临街"})
    recruiter.post(page_of(application) + "trained/")
    answer = recruiter.post(
        page_of(application) + "approve/",
        {"plan": plan.pk, "opens_at": "06:30", "closes_at": "20:00"},
    )

    application.refresh_from_db()
    assert application.leader is not None
    assert answer.headers["Location"] == f"/recruiting/leaders/{application.leader.code}/"
    assert application.leader.pickup_points.get().opens_at == time(6, 30)


def test_what_a_step_lacks_is_said_where_it_was_asked_for(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create()

    answer = recruiter.post(page_of(application) + "documents/", {"note": ""})

    assert answer.status_code == 422
    assert "Missing: Photo of the place, Identity card" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.APPLIED


def test_a_no_needs_a_reason(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create()

    without = recruiter.post(page_of(application) + "reject/", {"reason": ""})
    recruiter.post(page_of(application) + "reject/", {"reason": "太近"})

    assert without.status_code == 422
    application.refresh_from_db()
    assert application.review_note == "太近"


def test_a_second_decision_is_refused_and_said(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create()
    recruiter.post(page_of(application) + "reject/", {"reason": "太近"})

    answer = recruiter.post(page_of(application) + "reject/", {"reason": "还是太近"})

    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.review_note == "太近"


def test_a_talk_sent_twice_is_noted_once(recruiter: Client) -> None:
    application = LeaderApplicationFactory.create()

    for _click in range(2):
        recruiter.post(
            page_of(application) + "follow-up/", {"note": "周末看点", "next_on": "2026-03-07"}
        )

    assert FollowUp.objects.filter(application=application).count() == 1


@pytest.mark.parametrize("path", ["", "phone/", "reject/", "follow-up/"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER, Role.SERVICE, Role.FINANCE])
def test_applications_are_for_recruiters(client: Client, role: Role, path: str) -> None:
    application = LeaderApplicationFactory.create()
    client.force_login(UserFactory.create(role=role))

    ask = client.post if path else client.get

    assert ask(page_of(application) + path).status_code == 403


def test_an_application_that_is_not_there_is_not_found(recruiter: Client) -> None:
    assert recruiter.get("/recruiting/applications/999999/").status_code == 404
    assert recruiter.post("/recruiting/applications/999999/trained/").status_code == 404


@pytest.mark.parametrize("neighbours", [1, 8])
def test_the_page_costs_the_same_however_many_points_are_near(
    recruiter: Client, neighbours: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for at in range(neighbours):
        PickupPointFactory.create(lng=113.68, lat=34.79 + at * 0.0001)
    application = trained_up(LeaderApplicationFactory.create())

    # Two for the session and the log-in.
    with django_assert_num_queries(12):
        recruiter.get(page_of(application))


def test_the_map_lists_every_point_without_a_script(recruiter: Client) -> None:
    first = PickupPointFactory.create(lng=113.68, lat=34.790)
    second = PickupPointFactory.create(lng=113.68, lat=34.791)

    page = recruiter.get("/recruiting/points/").content.decode()

    assert first.name in page
    assert second.name in page
    assert "111 m" in page
