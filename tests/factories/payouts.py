"""What leaders earned, with its transfers, and who is paid for it."""

from datetime import UTC, date, datetime
from itertools import count

from django.utils import timezone
from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.payouts import (
    Payout,
    PayoutBatch,
    PayoutChannel,
    TaxMethod,
    TaxWithholding,
)
from fulfillment.models.settlement import (
    DEDUCTIONS,
    CommissionEntry,
    CommissionKind,
    CommissionState,
    SettlementState,
)
from fulfillment.selectors.book_laws import money, settlement
from fulfillment.selectors.books import books_check
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from leaders.models.payees import Payee
from orders.domain.demand import line_key
from orders.domain.ledger import CommissionRef, commission_clawback, commission_held
from orders.models.orders import OrderState
from orders.services.ledger import transfers_post
from tests.factories.fulfillment import CommissionEntryFactory
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.settlement import SettlementStatementFactory

# A hold that ends in the week of 9 to 15 March 2026, its last day, and the Tuesday it is
# settled on.
HELD_UNTIL = datetime(2026, 3, 12, 16, 0, tzinfo=UTC)
SUNDAY = date(2026, 3, 15)
TUESDAY = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)
_numbers = count(1)


class PayeeFactory(DjangoModelFactory[Payee]):
    """An individual whom finance has verified, paid over WeChat or to a bank account."""

    class Meta:
        model = Payee

    leader = SubFactory(LeaderFactory)
    legal_name = "林秀英"
    id_no_sealed = "sealed"
    id_no_last4 = "002X"
    bank_name = "示例银行"
    bank_account_sealed = "sealed"
    bank_account_last4 = "0018"
    wechat_openid = "o-leader"
    consented_at = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)
    verified_at = datetime(2026, 1, 7, 2, 0, tzinfo=UTC)
    verified_by = SubFactory(UserFactory, role=Role.FINANCE)


class PayoutBatchFactory(DjangoModelFactory[PayoutBatch]):
    """A batch over WeChat that somebody has prepared."""

    class Meta:
        model = PayoutBatch

    batch_no = Sequence(lambda n: f"DK{n:04d}")
    channel = PayoutChannel.WECHAT
    prepared_by = SubFactory(UserFactory, role=Role.FINANCE)
    prepared_at = TUESDAY


class PayoutFactory(DjangoModelFactory[Payout]):
    """The payout of a statement that is being paid."""

    class Meta:
        model = Payout

    payout_no = Sequence(lambda n: f"TP{n:04d}")
    batch = SubFactory(PayoutBatchFactory)
    statement = SubFactory(SettlementStatementFactory, state=SettlementState.PAYING)
    amount_fen = SelfAttribute("statement.net_fen")


class TaxWithholdingFactory(DjangoModelFactory[TaxWithholding]):
    """A statement's tax in a month in which nothing was taxable."""

    class Meta:
        model = TaxWithholding

    statement = SubFactory(SettlementStatementFactory)
    leader = SelfAttribute("statement.leader")
    method = TaxMethod.CUMULATIVE
    month = date(2026, 3, 1)
    income_fen = SelfAttribute("statement.net_fen")
    year_income_fen = SelfAttribute("income_fen")
    months = 1
    year_taxable_fen = 0
    rate_bp = 300
    quick_deduction_fen = 0
    year_tax_fen = 0
    tax_fen = 0


def earn(
    leader: Leader,
    amount_fen: int,
    *,
    kind: CommissionKind = CommissionKind.SALE,
    held_until: datetime = HELD_UNTIL,
    state: CommissionState = CommissionState.RELEASED,
) -> CommissionEntry:
    """Commission of a line of the leader, or a claw-back of it, posted in the ledger."""
    is_deduction = kind in DEDUCTIONS
    cause = f"RF{next(_numbers)}" if is_deduction else ""
    entry: CommissionEntry = CommissionEntryFactory.create(
        order_line__order__leader=leader,
        # An order whose payment the laws of money do not look for.
        order_line__order__state=OrderState.PENDING_PAYMENT,
        order_line__order__paid_at=None,
        kind=kind,
        cause=cause,
        state=state,
        base_fen=amount_fen * 10,
        amount_fen=amount_fen,
        hold_until=held_until,
    )
    line = entry.order_line
    assert line is not None
    ref = CommissionRef(
        order_no=line.order.order_no,
        line_key=line_key(line.order.order_no, line.sku.code),
        plan_code=entry.plan_code,
        leader_code=leader.code,
    )
    day = timezone.localdate(held_until)
    draft = (
        commission_clawback(ref, cause=cause, amount_fen=amount_fen, business_date=day)
        if is_deduction
        else commission_held(ref, amount_fen=amount_fen, business_date=day)
    )
    transfers_post(drafts=[draft], now=held_until)
    return entry


def broken_laws() -> list[str]:
    """The laws about commission and settlement that the rows break."""
    laws = [law for law in money.LAWS if law.name == "commission"]
    results = books_check([*laws, *settlement.LAWS])
    return [f"{result.name}: {result.offenders}" for result in results if result.violations]
