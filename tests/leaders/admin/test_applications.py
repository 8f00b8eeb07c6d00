"""Deciding applications in the admin."""

from datetime import UTC, datetime, time

import pytest
from django.test import Client

from leaders.models.applications import ApplicationState, LeaderApplication, PointKind
from tests.factories.leaders import CommissionPlanFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/leaders/leaderapplication/"


@pytest.fixture
def application() -> LeaderApplication:
    return LeaderApplication.objects.create(
        applicant_name="王小芳",
        phone="13800000001",
        community_name="阳光花园",
        address="文化路 8 号",
        point_kind=PointKind.SHOP,
        lng=113.66,
        lat=34.78,
        submitted_at=datetime(2026, 3, 9, 2, 0, tzinfo=UTC),
    )


def decide(client: Client, application: LeaderApplication, **entered: object) -> None:
    answer = client.post(LIST, {"_selected_action": application.pk, "index": 0, **entered})
    assert answer.status_code == 302


def test_an_approval_makes_a_leader_on_the_given_terms(
    buyer: Client, application: LeaderApplication
) -> None:
    plan = CommissionPlanFactory.create()

    decide(buyer, application, action="approve", plan=plan.pk, opens_at="06:30", closes_at="20:00")

    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    assert application.leader is not None
    assert application.leader.commission_plan == plan
    assert application.leader.pickup_points.get().opens_at == time(6, 30)


def test_an_approval_without_terms_changes_nothing(
    buyer: Client, application: LeaderApplication
) -> None:
    decide(buyer, application, action="approve", plan="", opens_at="07:00", closes_at="20:00")

    application.refresh_from_db()
    assert application.state == ApplicationState.APPLIED


def test_a_rejection_keeps_its_reason(buyer: Client, application: LeaderApplication) -> None:
    decide(buyer, application, action="reject", note="两百米内已有自提点")

    application.refresh_from_db()
    assert application.state == ApplicationState.REJECTED
    assert application.review_note == "两百米内已有自提点"


def test_a_rejection_without_a_reason_changes_nothing(
    buyer: Client, application: LeaderApplication
) -> None:
    decide(buyer, application, action="reject", note="")

    application.refresh_from_db()
    assert application.state == ApplicationState.APPLIED


def test_a_second_decision_is_refused_and_said(
    buyer: Client, application: LeaderApplication
) -> None:
    decide(buyer, application, action="reject", note="太近")

    decide(buyer, application, action="reject", note="还是太近")

    application.refresh_from_db()
    assert application.review_note == "太近"
    assert 'class="error"' in buyer.get(LIST).content.decode()


def test_the_list_masks_phones(buyer: Client, application: LeaderApplication) -> None:
    page = buyer.get(LIST).content.decode()

    assert "138****0001" in page
    assert application.phone not in page
