"""A demo's desks have something to do, once."""

import pytest

from fulfillment.services.demo_people import demo_applications_make, demo_claims_file
from leaders.models.accounts import Role
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.leaders import Leader
from orders.models.claims import Claim, ClaimState
from tests.builders import OPENS_AT
from tests.factories.leaders import PickupPointFactory, UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

LATER = OPENS_AT.replace(day=20)


def test_somebody_is_noted_and_somebody_applies_once() -> None:
    UserFactory.create(role=Role.RECRUITER)
    PickupPointFactory.create()

    made = [demo_applications_make(now=OPENS_AT), demo_applications_make(now=OPENS_AT)]

    assert made == [2, 0]
    states = LeaderApplication.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ApplicationState.LEAD, ApplicationState.APPLIED]


def test_without_a_recruiter_nobody_applies() -> None:
    PickupPointFactory.create()

    assert demo_applications_make(now=OPENS_AT) == 0


def test_two_residents_of_the_demo_leader_claim_once() -> None:
    played()
    leader = Leader.objects.get(code="L2")

    filed = [demo_claims_file(leader=leader, now=LATER), demo_claims_file(leader=leader, now=LATER)]

    assert filed == [2, 0]
    claims = Claim.objects.select_related("order_line__order")
    assert {claim.state for claim in claims} == {ClaimState.FILED}
    assert {claim.order_line.order.leader for claim in claims} == {leader}
    assert len({claim.order_line.order_id for claim in claims}) == 2
