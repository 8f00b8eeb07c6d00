"""A refund above the limit is the service desk's and finance's together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.services.claim_bearers import BearerChoice
from fulfillment.services.claim_decisions import claim_answer, claims_decide_due, refund_sign
from leaders.errors import (
    CountersignatureWaits,
    CountersignatureWordsMissing,
    SecondPersonNeeded,
)
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.models.countersignatures import Countersignature
from leaders.services.countersignatures import countersignature_refuse
from orders.claim_errors import (
    BearerReasonMissing,
    ClaimAmountOutOfRange,
    ClaimWaitsForSignature,
    RefundNeedsSignature,
)
from orders.models.claims import Claim, ClaimState, LossBearer
from orders.models.outbox import OutboxMessage
from orders.models.payments import Refund
from orders.services.claims import ClaimDecision, claim_decide
from tests.factories.claims import SILENT, Sold, claim_of, sold
from tests.factories.countersignatures import FinanceFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import ClaimFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

YES = ClaimDecision(approve=True, refund_fen=500, note="抱歉", for_finance="整箱坏了")
WAREHOUSE = BearerChoice(bearer=LossBearer.WAREHOUSE)


@pytest.fixture(autouse=True)
def _limit(settings: Settings) -> None:
    settings.SERVICE_REFUND_MAX_FEN = 400


@pytest.fixture
def goods() -> Sold:
    return sold()


@pytest.fixture
def desk() -> User:
    return UserFactory.create(role=Role.SERVICE)


@pytest.fixture
def finance() -> User:
    return FinanceFactory.create()


def answer(
    claim: Claim, actor: User, choice: BearerChoice | None = WAREHOUSE, **words: Any
) -> Claim:
    decision = replace(YES, **words)
    return claim_answer(
        claim_id=claim.pk, decision=decision, choice=choice, actor=actor, now=SILENT
    )


def waiting() -> Countersignature:
    return Countersignature.objects.get(state="waiting")


def test_a_refund_up_to_the_limit_needs_nobody_else(goods: Sold, desk: User) -> None:
    claim = answer(claim_of(goods), desk, refund_fen=400)

    assert claim.state == ClaimState.APPROVED
    assert not Countersignature.objects.exists()


def test_a_refund_above_the_limit_waits_and_nothing_is_told(goods: Sold, desk: User) -> None:
    filed = claim_of(goods)

    claim = answer(filed, desk)

    claim.refresh_from_db()
    assert (claim.state, claim.bearer, claim.decide_by) == ("filed", "", filed.decide_by)
    assert not Refund.objects.exists()
    assert not OutboxMessage.objects.exists()
    asked = waiting()
    assert (asked.deed, asked.object_id, asked.amount_fen) == ("refund", str(claim.pk), 500)
    assert (asked.asked_by, asked.reason) == (desk, "整箱坏了")


def test_finance_signs_and_the_claim_is_paid_as_the_desk_decided(
    goods: Sold, desk: User, finance: User
) -> None:
    claim = answer(claim_of(goods), desk)

    claim = refund_sign(countersignature=waiting(), actor=finance, now=SILENT, note="同意")

    assert (claim.state, claim.decided_by, claim.bearer) == ("approved", desk, "warehouse")
    assert claim.decision_note == "抱歉"
    assert Refund.objects.get().amount_fen == 500
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "actor")) == [
        ("countersignature.asked", desk.pk),
        ("countersignature.signed", finance.pk),
        ("claim.approved", desk.pk),
        ("claim.bearer_chosen", desk.pk),
    ]


def test_who_asked_cannot_sign_and_nothing_is_paid(goods: Sold, desk: User) -> None:
    claim = answer(claim_of(goods), desk)

    with pytest.raises(SecondPersonNeeded):
        refund_sign(countersignature=waiting(), actor=desk, now=SILENT)

    claim.refresh_from_db()
    assert (claim.state, Refund.objects.count()) == ("filed", 0)


def test_refused_it_is_back_at_the_desk(goods: Sold, desk: User, finance: User) -> None:
    claim = answer(claim_of(goods), desk)

    countersignature_refuse(countersignature=waiting(), actor=finance, now=SILENT, note="照片不够")
    claim = answer(claim, desk, refund_fen=300)

    assert (claim.state, Refund.objects.get().amount_fen) == ("approved", 300)


def test_while_it_waits_the_desk_neither_approves_less_nor_rejects(goods: Sold, desk: User) -> None:
    claim = answer(claim_of(goods), desk)

    with pytest.raises(ClaimWaitsForSignature):
        answer(claim, desk, refund_fen=100)
    with pytest.raises(ClaimWaitsForSignature):
        answer(claim, desk, approve=False)
    with pytest.raises(CountersignatureWaits):
        answer(claim, desk)


def test_a_large_refund_is_not_made_of_small_ones(goods: Sold, desk: User) -> None:
    first = answer(claim_of(goods), desk, refund_fen=250)
    second = ClaimFactory.create(order_line=goods.line, asked_fen=500, filed_at=first.filed_at)

    second = answer(second, desk, refund_fen=250)

    assert (first.state, second.state) == ("approved", "filed")
    assert waiting().object_id == str(second.pk)


def test_no_rule_pays_above_the_limit(goods: Sold, settings: Settings) -> None:
    claim = claim_of(goods)

    done = claims_decide_due(now=SILENT)
    settings.SERVICE_REFUND_MAX_FEN = 500
    done_under_a_higher_limit = claims_decide_due(now=SILENT)

    claim.refresh_from_db()
    assert (done, done_under_a_higher_limit, claim.state) == (0, 1, "approved")


def test_the_service_behind_every_page_refuses_without_a_signature(goods: Sold, desk: User) -> None:
    claim = claim_of(goods)

    with pytest.raises(RefundNeedsSignature):
        claim_decide(claim_id=claim.pk, decision=YES, actor=desk, now=SILENT)

    claim.refresh_from_db()
    assert claim.state == ClaimState.FILED


@pytest.mark.parametrize(
    ("choice", "words", "refusal"),
    [
        (None, {"refund_fen": 501}, ClaimAmountOutOfRange),
        (None, {"for_finance": " "}, CountersignatureWordsMissing),
        (BearerChoice(bearer=LossBearer.LEADER), {}, BearerReasonMissing),
    ],
    ids=["more_than_asked", "no_reason", "leader_without_ground"],
)
def test_finance_is_asked_nothing_that_could_not_be_done(
    goods: Sold,
    desk: User,
    choice: BearerChoice | None,
    words: dict[str, Any],
    refusal: type[Exception],
) -> None:
    claim = claim_of(goods)

    with pytest.raises(refusal):
        answer(claim, desk, choice, **words)

    assert not Countersignature.objects.exists()


def test_after_its_time_it_is_the_desks_again(goods: Sold, desk: User) -> None:
    claim = answer(claim_of(goods), desk)
    late = SILENT + timedelta(hours=24)

    asked_again = claim_answer(
        claim_id=claim.pk, decision=YES, choice=WAREHOUSE, actor=desk, now=late
    )

    assert asked_again.state == ClaimState.FILED
    assert list(Countersignature.objects.order_by("pk").values_list("state", flat=True)) == [
        "lapsed",
        "waiting",
    ]
