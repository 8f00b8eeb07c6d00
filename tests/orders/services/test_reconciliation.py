"""Bills are checked once a day, and people clear up what differs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.models.accounts import Role, User
from orders.domain.gateway import Bill, BillRow, BillRowKind
from orders.errors import BillNotReady, DifferenceNotOpen, GatewayUnknown, ResolutionMissing
from orders.models.ledger import Transfer
from orders.models.payments import Payment, PaymentState, RefundState
from orders.models.reconciliation import BillCheck, BillDifference, DifferenceKind
from orders.services.reconciliation import (
    bill_reconcile,
    bills_reconcile_due,
    difference_resolve,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import PaymentFactory, RefundFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
MIDNIGHT = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)  # 10 March, 0:00 in Shanghai
NEXT_MORNING = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # 10:00


class BilledGateway:
    """A provider that has nothing but a bill."""

    name = "sandbox"

    def __init__(self) -> None:
        self.rows: list[BillRow] = []
        self.calls: list[date] = []
        self.is_ready = True

    def bill(self, day: date) -> Bill:
        self.calls.append(day)
        if not self.is_ready:
            raise BillNotReady("Not yet.")
        rows = tuple(row for row in self.rows if row.at.date() == day)

        def total(kind: BillRowKind) -> int:
            return sum(row.amount_fen for row in rows if row.kind == kind)

        return Bill(
            provider=self.name,
            bill_date=day,
            rows=rows,
            total_rows=len(rows),
            total_payments_fen=total(BillRowKind.PAYMENT),
            total_refunds_fen=total(BillRowKind.REFUND),
            total_fee_fen=sum(row.fee_fen for row in rows),
        )

    def list_payment(self, number: str, amount_fen: int, *, fee_fen: int = 0) -> None:
        self.rows.append(self._row(BillRowKind.PAYMENT, number, amount_fen, fee_fen))

    def list_refund(self, number: str, amount_fen: int) -> None:
        self.rows.append(self._row(BillRowKind.REFUND, number, amount_fen, 0))

    def _row(self, kind: BillRowKind, number: str, amount_fen: int, fee_fen: int) -> BillRow:
        return BillRow(
            kind=kind,
            number=number,
            out_trade_no=number,
            amount_fen=amount_fen,
            fee_fen=fee_fen,
            state="success",
            at=datetime(2026, 3, 10, 12, 0, tzinfo=UTC),
        )


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> BilledGateway:
    gateway = BilledGateway()

    def gateway_for(name: str) -> BilledGateway:
        if name != gateway.name:
            raise GatewayUnknown("No.")
        return gateway

    monkeypatch.setattr("orders.services.reconciliation.gateway_for", gateway_for)
    return gateway


def paid(number: str, amount_fen: int, *, at: datetime = MIDNIGHT) -> Payment:
    return PaymentFactory.create(
        out_trade_no=number,
        amount_fen=amount_fen,
        received_fen=amount_fen,
        created_at=at,
        succeeded_at=at,
    )


def check() -> BillCheck:
    return bill_reconcile(provider="sandbox", day=DAY, now=NEXT_MORNING)


def test_a_bill_that_agrees_is_noted_with_its_sums(gateway: BilledGateway) -> None:
    payment = paid("P1", 1000)
    RefundFactory.create(
        payment=payment,
        out_refund_no="R1",
        amount_fen=300,
        state=RefundState.SUCCEEDED,
        succeeded_at=MIDNIGHT,
    )
    gateway.list_payment("P1", 1000, fee_fen=6)
    gateway.list_refund("R1", 300)

    stored = check()

    assert (stored.payments, stored.payments_fen) == (1, 1000)
    assert (stored.refunds, stored.refunds_fen, stored.fee_fen) == (1, 300, 6)
    assert not BillDifference.objects.exists()


def test_the_fee_is_posted_once(gateway: BilledGateway) -> None:
    paid("P1", 1000)
    gateway.list_payment("P1", 1000, fee_fen=6)

    first = check()
    second = check()

    transfer = Transfer.objects.get()
    assert first == second
    assert (transfer.debit.code, transfer.credit.code) == ("gateway_fee", "clearing:sandbox")
    assert (transfer.amount_fen, transfer.business_date) == (6, date(2026, 3, 11))
    assert gateway.calls == [DAY]


def test_what_differs_is_stored_with_both_amounts(gateway: BilledGateway) -> None:
    paid("P1", 1000)
    paid("P2", 500)
    gateway.list_payment("P1", 999)
    gateway.list_refund("R9", 300)

    check()

    assert set(BillDifference.objects.values_list("kind", "number", "ours_fen", "theirs_fen")) == {
        (DifferenceKind.PAYMENT_AMOUNT, "P1", 1000, 999),
        (DifferenceKind.PAYMENT_MISSING_IN_BILL, "P2", 500, None),
        (DifferenceKind.REFUND_UNKNOWN_TO_US, "R9", None, 300),
    }


def test_the_day_of_a_payment_is_the_local_day_of_its_success(gateway: BilledGateway) -> None:
    paid("LAST_NIGHT", 100, at=MIDNIGHT - timedelta(seconds=1))
    paid("FIRST", 200, at=MIDNIGHT)
    paid("LAST", 300, at=MIDNIGHT + timedelta(hours=24, seconds=-1))
    paid("TOMORROW", 400, at=MIDNIGHT + timedelta(hours=24))
    gateway.list_payment("FIRST", 200)
    gateway.list_payment("LAST", 300)

    check()

    assert not BillDifference.objects.exists()


def test_a_refund_that_ended_after_midnight_is_looked_for_in_the_bill_before(
    gateway: BilledGateway,
) -> None:
    payment = paid("P1", 1000)
    refund = RefundFactory.create(
        payment=payment,
        out_refund_no="R1",
        amount_fen=300,
        state=RefundState.SUCCEEDED,
        succeeded_at=MIDNIGHT + timedelta(hours=24),
    )
    gateway.list_payment("P1", 1000)
    gateway.list_refund("R1", 300)

    bills_reconcile_due(now=NEXT_MORNING + timedelta(days=1))

    refund.refresh_from_db()
    assert refund.billed_on == DAY
    assert gateway.calls == [DAY, DAY + timedelta(days=1)]
    assert not BillDifference.objects.exists()


def test_a_refund_that_no_bill_has_is_missed_when_it_has_ended(gateway: BilledGateway) -> None:
    payment = paid("P1", 1000)
    RefundFactory.create(
        payment=payment,
        out_refund_no="R1",
        amount_fen=300,
        state=RefundState.SUCCEEDED,
        succeeded_at=MIDNIGHT + timedelta(hours=24),
    )
    gateway.list_payment("P1", 1000)

    bills_reconcile_due(now=NEXT_MORNING + timedelta(days=1))

    difference = BillDifference.objects.get()
    assert difference.kind == DifferenceKind.REFUND_MISSING_IN_BILL
    assert difference.check_of.bill_date == DAY + timedelta(days=1)


def test_no_bill_is_checked_before_an_earlier_one(gateway: BilledGateway) -> None:
    paid("P1", 1000)
    gateway.is_ready = False

    counts = bills_reconcile_due(now=NEXT_MORNING + timedelta(days=2))

    assert counts["bills_waiting"] == 1
    assert gateway.calls == [DAY]


def test_a_payment_we_took_for_closed_is_found(gateway: BilledGateway) -> None:
    PaymentFactory.create(
        out_trade_no="P1",
        amount_fen=1000,
        state=PaymentState.CLOSED,
        verdict="",
        succeeded_at=None,
    )
    gateway.list_payment("P1", 1000)

    check()

    difference = BillDifference.objects.get()
    assert difference.kind == DifferenceKind.PAYMENT_STATE
    assert (difference.ours_fen, difference.theirs_fen) == (0, 1000)
    assert difference.detail == "closed - / success 2026-03-10"


def test_bills_are_asked_for_at_ten(gateway: BilledGateway) -> None:
    paid("P1", 1000)
    gateway.list_payment("P1", 1000)

    early = bills_reconcile_due(now=NEXT_MORNING - timedelta(seconds=1))
    in_time = bills_reconcile_due(now=NEXT_MORNING)
    again = bills_reconcile_due(now=NEXT_MORNING + timedelta(minutes=1))

    assert [counts["bills_checked"] for counts in (early, in_time, again)] == [0, 1, 0]
    assert gateway.calls == [DAY]


def test_a_bill_that_is_not_ready_is_asked_for_again(gateway: BilledGateway) -> None:
    paid("P1", 1000)
    gateway.list_payment("P1", 1000)
    gateway.is_ready = False

    waiting = bills_reconcile_due(now=NEXT_MORNING)
    gateway.is_ready = True
    later = bills_reconcile_due(now=NEXT_MORNING + timedelta(days=2))

    assert waiting == {"bills_checked": 0, "bills_waiting": 1, "differences_found": 0}
    assert later == {"bills_checked": 3, "bills_waiting": 0, "differences_found": 0}


def test_money_that_was_imported_has_no_bill(gateway: BilledGateway) -> None:
    PaymentFactory.create(provider="import")

    counts = bills_reconcile_due(now=NEXT_MORNING)

    assert counts == {"bills_checked": 0, "bills_waiting": 0, "differences_found": 0}


@pytest.fixture
def difference(gateway: BilledGateway) -> BillDifference:
    gateway.list_payment("P9", 1000)
    check()
    return BillDifference.objects.get()


@pytest.fixture
def buyer_user(db: None) -> User:
    return UserFactory.create(role=Role.BUYER)


def test_whoever_clears_a_difference_up_says_how(
    difference: BillDifference, buyer_user: User
) -> None:
    difference_resolve(
        difference_id=difference.pk,
        actor=buyer_user,
        resolution=" A test payment of the provider. ",
        now=NEXT_MORNING,
    )

    difference.refresh_from_db()
    assert difference.resolution == "A test payment of the provider."
    assert (difference.resolved_by, difference.resolved_at) == (buyer_user, NEXT_MORNING)


def test_a_difference_is_not_cleared_up_without_a_reason(
    difference: BillDifference, buyer_user: User
) -> None:
    with pytest.raises(ResolutionMissing):
        difference_resolve(
            difference_id=difference.pk, actor=buyer_user, resolution="  ", now=NEXT_MORNING
        )


def test_a_difference_is_cleared_up_once(difference: BillDifference, buyer_user: User) -> None:
    difference_resolve(
        difference_id=difference.pk, actor=buyer_user, resolution="first", now=NEXT_MORNING
    )

    with pytest.raises(DifferenceNotOpen):
        difference_resolve(
            difference_id=difference.pk, actor=buyer_user, resolution="second", now=NEXT_MORNING
        )

    difference.refresh_from_db()
    assert difference.resolution == "first"
