"""Claims on suppliers: only for goods that were owed, once, and with time to object."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfillment.errors import SupplierClaimNotPossible, SupplierClaimSettled
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierClaimState
from fulfillment.services.supplier_claims import (
    supplier_claim_object,
    supplier_claim_raise,
    supplier_claim_settle,
    supplier_claims_accept_silent,
)
from leaders.models.accounts import Role, User
from tests.factories.exceptions import DecidedCaseFactory, SupplierClaimFactory
from tests.factories.fulfillment import GoodsReceiptLineFactory, PurchaseOrderLineFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 2, 5, tzinfo=UTC)


@pytest.fixture
def buyer() -> User:
    user: User = UserFactory.create(role=Role.BUYER)
    return user


@pytest.fixture
def case() -> ExceptionCase:
    """Two of ten accepted pieces at 4.00 yuan were rotten."""
    line = GoodsReceiptLineFactory.create().purchase_line
    case: ExceptionCase = DecidedCaseFactory.create(
        run=line.purchase_order.run, sku=line.sku, purchase_line=line
    )
    return case


def test_a_claim_asks_for_what_the_pieces_cost(case: ExceptionCase) -> None:
    claim = supplier_claim_raise(case_id=case.pk, now=NOW)

    assert case.purchase_line is not None
    assert (claim.qty, claim.amount_fen) == (2, 800)
    assert claim.supplier == case.purchase_line.purchase_order.supplier
    assert (claim.state, claim.object_by) == ("raised", NOW + timedelta(hours=48))


def test_a_case_is_claimed_once(case: ExceptionCase) -> None:
    first = supplier_claim_raise(case_id=case.pk, now=NOW)

    assert supplier_claim_raise(case_id=case.pk, now=NOW + timedelta(days=1)) == first
    assert SupplierClaim.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"state": ExceptionCaseState.OPEN, "bearer": ""},
        {"bearer": Bearer.WAREHOUSE},
        {"stage": Stage.RECEIVE},
        {"cause": Cause.OVER},
        {"qty": 0},
        {"qty": 11},
    ],
)
def test_what_is_not_the_suppliers_to_pay_is_no_claim(
    case: ExceptionCase, change: dict[str, object]
) -> None:
    ExceptionCase.objects.filter(pk=case.pk).update(**change)

    with pytest.raises(SupplierClaimNotPossible):
        supplier_claim_raise(case_id=case.pk, now=NOW)


def test_no_more_is_claimed_than_was_accepted(case: ExceptionCase) -> None:
    supplier_claim_raise(case_id=case.pk, now=NOW)
    more = DecidedCaseFactory.create(
        run=case.run, sku=case.sku, purchase_line=case.purchase_line, qty=9
    )

    with pytest.raises(SupplierClaimNotPossible):
        supplier_claim_raise(case_id=more.pk, now=NOW)
    SupplierClaim.objects.update(state=SupplierClaimState.DROPPED)
    assert supplier_claim_raise(case_id=more.pk, now=NOW).qty == 9


def test_goods_of_two_suppliers_need_the_order_they_came_with(case: ExceptionCase) -> None:
    ExceptionCase.objects.update(purchase_line=None)
    other = PurchaseOrderLineFactory.create(
        purchase_order__run=case.run, sku=case.sku, unit_cost_fen=300
    )
    GoodsReceiptLineFactory.create(
        receipt__purchase_order=other.purchase_order, purchase_line=other
    )

    with pytest.raises(SupplierClaimNotPossible):
        supplier_claim_raise(case_id=case.pk, now=NOW)
    claim = supplier_claim_raise(case_id=case.pk, purchase_line_id=other.pk, now=NOW)

    assert claim.amount_fen == 600


def test_one_supplier_of_the_goods_needs_no_naming(case: ExceptionCase) -> None:
    ExceptionCase.objects.update(purchase_line=None)

    assert supplier_claim_raise(case_id=case.pk, now=NOW).purchase_line.sku == case.sku


def test_a_supplier_objects_in_time(buyer: User) -> None:
    claim = SupplierClaimFactory.create()

    objected = supplier_claim_object(claim_id=claim.pk, note="到货时完好", now=claim.object_by)
    settled = supplier_claim_settle(
        claim_id=claim.pk, accept=False, note="照片不清", actor=buyer, now=NOW
    )

    assert (objected.state, objected.supplier_note) == ("objected", "到货时完好")
    assert (settled.state, settled.decided_by, settled.decision_note) == (
        "dropped",
        buyer,
        "照片不清",
    )


def test_after_its_time_nobody_objects() -> None:
    claim = SupplierClaimFactory.create()

    with pytest.raises(SupplierClaimSettled):
        supplier_claim_object(
            claim_id=claim.pk, note="", now=claim.object_by + timedelta(seconds=1)
        )


def test_silence_accepts_and_only_after_the_time() -> None:
    claim = SupplierClaimFactory.create()
    objected = SupplierClaimFactory.create(state=SupplierClaimState.OBJECTED)

    assert supplier_claims_accept_silent(now=claim.object_by) == 0
    assert supplier_claims_accept_silent(now=claim.object_by + timedelta(seconds=1)) == 1

    claim.refresh_from_db()
    objected.refresh_from_db()
    assert (claim.state, objected.state) == ("accepted", "objected")
    assert claim.decided_at is not None


def test_a_claim_is_decided_once(buyer: User) -> None:
    claim = SupplierClaimFactory.create()
    supplier_claim_settle(claim_id=claim.pk, accept=True, note="", actor=buyer, now=NOW)

    with pytest.raises(SupplierClaimSettled):
        supplier_claim_settle(claim_id=claim.pk, accept=False, note="", actor=buyer, now=NOW)
