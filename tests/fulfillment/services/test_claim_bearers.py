"""Who bears a claim: suppliers are asked once, leaders lose what they earned it on."""

from datetime import timedelta

import pytest

from fulfillment.errors import SupplierClaimNotPossible
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.settlement import CommissionEntry, CommissionKind, CommissionState
from fulfillment.models.supplier_accounts import SupplierClaim
from fulfillment.services.claim_bearers import BearerChoice, bearer_choose
from fulfillment.services.claim_decisions import claim_answer
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from orders.claim_errors import BearerNotPossible, BearerReasonMissing
from orders.models.claims import Claim, LeaderStance, LossBearer
from orders.models.ledger import Transfer
from orders.services.claims import ClaimDecision
from tests.factories.claims import SILENT, Sold, claim_of, commission_of, sold
from tests.factories.fulfillment import (
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def goods() -> Sold:
    return sold()


@pytest.fixture
def desk() -> User:
    return UserFactory.create(role=Role.SERVICE)


def approved(goods: Sold, desk: User, refund_fen: int = 500) -> Claim:
    claim = claim_of(goods)
    return claim_answer(
        claim_id=claim.pk,
        decision=ClaimDecision(approve=True, refund_fen=refund_fen),
        choice=None,
        actor=desk,
        now=SILENT,
    )


def borne(
    claim: Claim,
    desk: User,
    bearer: LossBearer,
    note: str = "",
    purchase_line_id: int | None = None,
) -> Claim:
    choice = BearerChoice(bearer=bearer, note=note, purchase_line_id=purchase_line_id)
    return bearer_choose(claim_id=claim.pk, choice=choice, actor=desk, now=SILENT)


def losses() -> list[tuple[str, str, int, int]]:
    entries = CommissionEntry.objects.filter(kind=CommissionKind.LOSS)
    return list(entries.values_list("state", "cause", "base_fen", "amount_fen"))


@pytest.mark.parametrize("bearer", [LossBearer.WAREHOUSE, LossBearer.DRIVER, LossBearer.OPERATOR])
def test_our_own_losses_are_written_down_and_move_no_money(
    goods: Sold, desk: User, bearer: LossBearer
) -> None:
    claim = borne(approved(goods, desk), desk, bearer, "分拣漏放")

    assert (claim.bearer, claim.bearer_note) == (bearer, "分拣漏放")
    assert not Transfer.objects.filter(event="loss_borne").exists()
    assert losses() == []
    assert not SupplierClaim.objects.exists()


@pytest.mark.parametrize("state", [CommissionState.HELD, CommissionState.RELEASED])
def test_a_leader_loses_the_refund_less_its_commission(
    goods: Sold, desk: User, state: CommissionState
) -> None:
    sale = commission_of(goods, state)
    claim = approved(goods, desk)
    Claim.objects.update(leader_stance=LeaderStance.AGREES, leader_answered_at=SILENT)

    borne(claim, desk, LossBearer.LEADER)

    assert claim.refund is not None
    number = claim.refund.out_refund_no
    assert losses() == [(state, number, 500, 450)]
    entry = CommissionEntry.objects.get(kind=CommissionKind.LOSS)
    until = sale.hold_until if state == CommissionState.HELD else SILENT
    assert (entry.rate_bp, entry.hold_until) == (9_000, until)
    posted = Transfer.objects.get(event="loss_borne")
    assert (posted.amount_fen, posted.ref_id) == (450, number)
    assert posted.debit.code == f"leader_payable:{goods.leader.code}"


def test_a_leader_without_commission_loses_the_refund(goods: Sold, desk: User) -> None:
    borne(approved(goods, desk), desk, LossBearer.LEADER, "她说摔坏了")

    assert [row[2:] for row in losses()] == [(500, 500)]


@pytest.mark.parametrize("stance", ["", LeaderStance.DISAGREES])
def test_a_leader_who_did_not_agree_bears_it_for_a_reason_only(
    goods: Sold, desk: User, stance: str
) -> None:
    claim = approved(goods, desk)
    if stance:
        Claim.objects.update(leader_stance=stance, leader_answered_at=SILENT)

    with pytest.raises(BearerReasonMissing):
        borne(claim, desk, LossBearer.LEADER, " ")
    borne(claim, desk, LossBearer.LEADER, "签收时已清点")

    assert AuditEvent.objects.latest("pk").reason == "签收时已清点"


def test_a_supplier_is_asked_for_the_cost_through_a_case(goods: Sold, desk: User) -> None:
    claim = borne(approved(goods, desk), desk, LossBearer.SUPPLIER, "软腐")

    case = ExceptionCase.objects.get()
    assert (case.stage, case.cause, case.qty) == ("after_sales", "quality", 1)
    assert (case.state, case.bearer, case.claim) == ("decided", "supplier", claim)
    asked = SupplierClaim.objects.get()
    assert (asked.case, asked.amount_fen) == (case, 400)
    assert asked.object_by == SILENT + timedelta(hours=48)
    # The supplier is asked by its claim; the ledger moves when that is deducted.
    assert not Transfer.objects.filter(event="loss_borne").exists()


def test_a_supplier_bears_the_share_that_was_paid_back(goods: Sold, desk: User) -> None:
    claim = claim_of(goods, asked_fen=150)
    Claim.objects.update(defect_bp=3_000)
    claim_answer(
        claim_id=claim.pk,
        decision=ClaimDecision(approve=True, refund_fen=100),
        choice=BearerChoice(bearer=LossBearer.SUPPLIER),
        actor=desk,
        now=SILENT,
    )

    # 4.00 yuan, three tenths bad, two thirds of it paid back.
    assert SupplierClaim.objects.get().amount_fen == 80


def test_of_two_suppliers_somebody_says_which(goods: Sold, desk: User) -> None:
    order = PurchaseOrderFactory.create(run=goods.run)
    other = GoodsReceiptLineFactory.create(
        receipt=GoodsReceiptFactory.create(purchase_order=order),
        purchase_line=PurchaseOrderLineFactory.create(purchase_order=order, sku=goods.line.sku),
    ).purchase_line
    claim = approved(goods, desk)

    with pytest.raises(SupplierClaimNotPossible):
        borne(claim, desk, LossBearer.SUPPLIER)
    assert Claim.objects.get().bearer == ""
    borne(claim, desk, LossBearer.SUPPLIER, purchase_line_id=other.pk)

    assert SupplierClaim.objects.get().supplier == order.supplier


def test_nobody_bears_it_twice(goods: Sold, desk: User) -> None:
    claim = approved(goods, desk)
    borne(claim, desk, LossBearer.SUPPLIER)

    with pytest.raises(BearerNotPossible):
        borne(claim, desk, LossBearer.LEADER, "改了")

    assert (losses(), SupplierClaim.objects.count()) == ([], 1)


def test_nothing_paid_back_is_borne_by_nobody(goods: Sold, desk: User) -> None:
    with pytest.raises(BearerNotPossible):
        borne(claim_of(goods), desk, LossBearer.OPERATOR)
