"""Claims are answered at the desk, or approved by rule; a rule never rejects."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fulfillment.models.pickups import Pickup, PickupMethod
from fulfillment.services.claim_bearers import BearerChoice
from fulfillment.services.claim_decisions import claim_answer, claims_decide_due
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from orders.claim_errors import BearerReasonMissing, ClaimAlreadyDecided, ClaimWordsMissing
from orders.models.claims import Claim, ClaimKind, ClaimState, LeaderStance, LossBearer
from orders.models.orders import Order
from orders.models.payments import Payment, Refund
from orders.services.claims import ClaimDecision
from tests.factories.claims import FILED, SILENT, Sold, claim_of, sold
from tests.factories.leaders import UserFactory
from tests.factories.orders import ClaimFactory, ClaimPhotoFactory, OrderLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def goods() -> Sold:
    return sold()


@pytest.fixture
def desk() -> User:
    return UserFactory.create(role=Role.SERVICE)


def answered(claim: Claim, actor: User, choice: BearerChoice | None = None, **words: Any) -> Claim:
    decision = replace(ClaimDecision(approve=True, refund_fen=300, note="抱歉"), **words)
    return claim_answer(
        claim_id=claim.pk, decision=decision, choice=choice, actor=actor, now=SILENT
    )


def test_the_desk_approves_and_says_who_bears_it(goods: Sold, desk: User) -> None:
    claim = answered(claim_of(goods), desk, BearerChoice(bearer=LossBearer.WAREHOUSE))

    assert (claim.state, claim.decided_by, claim.bearer) == ("approved", desk, "warehouse")
    assert Refund.objects.get().amount_fen == 300
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "claim.approved",
        "claim.bearer_chosen",
    ]


def test_a_rejection_says_why_and_bears_nothing(goods: Sold, desk: User) -> None:
    claim = claim_of(goods)
    with pytest.raises(ClaimWordsMissing):
        answered(claim, desk, approve=False, note="  ")

    claim = answered(claim, desk, BearerChoice(bearer=LossBearer.LEADER), approve=False)

    assert (claim.state, claim.bearer) == (ClaimState.REJECTED, "")
    assert not Refund.objects.exists()


def test_what_cannot_be_borne_decides_nothing(goods: Sold, desk: User) -> None:
    claim = claim_of(goods)

    with pytest.raises(BearerReasonMissing):
        answered(claim, desk, BearerChoice(bearer=LossBearer.LEADER))

    claim.refresh_from_db()
    assert (claim.state, Refund.objects.count()) == (ClaimState.FILED, 0)


def test_a_small_claim_is_approved_when_the_leader_kept_silent(goods: Sold) -> None:
    claim = claim_of(goods)

    early = claims_decide_due(now=FILED + timedelta(hours=2))
    done = claims_decide_due(now=SILENT)
    again = claims_decide_due(now=SILENT)

    claim.refresh_from_db()
    assert (early, done, again) == (0, 1, 0)
    assert (claim.state, claim.is_automatic, claim.decided_by) == ("approved", True, None)
    assert (claim.bearer, Refund.objects.get().amount_fen) == ("", 500)
    assert AuditEvent.objects.get().action == "claim.approved_by_rule"


def test_a_leader_who_agrees_need_not_be_waited_for(goods: Sold) -> None:
    claim_of(goods)
    Claim.objects.update(leader_stance=LeaderStance.AGREES, leader_answered_at=FILED)

    assert claims_decide_due(now=FILED) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"asked_fen": 1_001},
        {"leader_stance": LeaderStance.DISAGREES, "leader_answered_at": FILED},
        {"kind": ClaimKind.LIGHT_WEIGHT, "weighed_g": 495},
        {"filed_at": FILED + timedelta(days=2)},
    ],
)
def test_what_the_rule_does_not_allow_waits_for_a_person(
    goods: Sold, changes: dict[str, Any]
) -> None:
    goods.line.sku.weight_g = 500
    goods.line.sku.save()
    claim_of(goods)
    Claim.objects.update(**changes)

    assert claims_decide_due(now=FILED + timedelta(days=3)) == 0
    assert Claim.objects.get().state == ClaimState.FILED


def test_a_photo_seen_before_waits_for_a_person(goods: Sold) -> None:
    mine = ClaimPhotoFactory.create(claim=claim_of(goods))
    ClaimPhotoFactory.create(digest=mine.digest)

    assert claims_decide_due(now=SILENT) == 0


def test_the_third_claim_of_a_week_waits_for_a_person(goods: Sold) -> None:
    Order.objects.update(placed_at=FILED)
    for number in range(2, 16):
        OrderLineFactory.create(order=goods.line.order, line_no=number)
    for _claim in range(3):
        claim_of(goods, asked_fen=100)

    assert claims_decide_due(now=SILENT) == 2
    assert Claim.objects.filter(state=ClaimState.FILED).count() == 1
    assert claims_decide_due(now=SILENT + timedelta(days=7)) == 1


def test_many_claims_for_few_goods_wait_for_a_person(goods: Sold) -> None:
    for _claim in range(3):
        claim_of(goods, asked_fen=100)

    assert claims_decide_due(now=SILENT) == 0


def test_a_resident_whose_claims_were_rejected_waits_for_a_person(goods: Sold) -> None:
    ClaimFactory.create_batch(
        2, order_line=goods.line, state=ClaimState.REJECTED, decided_at=FILED, filed_at=FILED
    )
    claim_of(goods)

    assert claims_decide_due(now=SILENT) == 0


def test_late_goods_have_their_24_hours_from_the_pickup(goods: Sold) -> None:
    filed_at = FILED + timedelta(days=5)
    claim_of(goods, filed_at=filed_at)
    due = filed_at + timedelta(hours=3)
    before = claims_decide_due(now=due)
    Pickup.objects.create(
        event_id="9f1f4a52-3f1d-4c8b-9a63-111111111111",
        order=goods.line.order,
        pickup_point=goods.line.order.pickup_point,
        method=PickupMethod.CODE,
        picked_up_at=filed_at - timedelta(hours=24),
        recorded_at=filed_at,
        recorded_by=UserFactory.create(),
    )

    after = claims_decide_due(now=due)

    assert (before, after) == (0, 1)


def test_a_payment_that_gave_back_too_much_is_left_to_a_person(goods: Sold) -> None:
    claim_of(goods)
    Payment.objects.update(refund_reserved_fen=800)

    assert claims_decide_due(now=SILENT) == 0
    assert Claim.objects.get().state == ClaimState.FILED


def test_who_decides_second_is_told(goods: Sold, desk: User) -> None:
    claim = claim_of(goods)
    claims_decide_due(now=SILENT)

    with pytest.raises(ClaimAlreadyDecided):
        answered(claim, desk)


def test_many_claims_cost_as_many_queries_to_look_at_as_one(
    goods: Sold, django_assert_max_num_queries: Any
) -> None:
    late = FILED + timedelta(days=2)
    for _claim in range(5):
        claim_of(goods, filed_at=late)

    with django_assert_max_num_queries(8):
        assert claims_decide_due(now=late + timedelta(hours=3)) == 0
