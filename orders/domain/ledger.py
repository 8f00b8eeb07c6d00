"""Accounts, transfers, and one posting template per business event.

A transfer has one debit account, one credit account and one positive amount,
so the ledger balances by construction. The key of a transfer is derived from
what happened; the database holds it unique, and that is what "exactly once"
means. The worked example is in docs/algorithms/ledger.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orders.errors import AccountUnknown, TransferAmountNotPositive, TransferToItself


class AccountKind(StrEnum):
    """The kinds of accounts; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


BANK = "bank"
CUSTOMER_PREPAID = "customer_prepaid"
REFUND_PAYABLE = "refund_payable"
SALES = "sales"
PURCHASES = "purchases"
COMMISSION_EXPENSE = "commission_expense"
GATEWAY_FEE = "gateway_fee"
SHORTAGE_LOSS = "shortage_loss"
SUSPENSE = "suspense"

# Accounts with an owner are written `prefix:owner`.
CLEARING = "clearing"
LEADER_PAYABLE = "leader_payable"
SUPPLIER_PAYABLE = "supplier_payable"
OWNED_PREFIXES = frozenset({CLEARING, LEADER_PAYABLE, SUPPLIER_PAYABLE})

CHART = {
    BANK: AccountKind.ASSET,
    CLEARING: AccountKind.ASSET,
    CUSTOMER_PREPAID: AccountKind.LIABILITY,
    REFUND_PAYABLE: AccountKind.LIABILITY,
    LEADER_PAYABLE: AccountKind.LIABILITY,
    SUPPLIER_PAYABLE: AccountKind.LIABILITY,
    SUSPENSE: AccountKind.LIABILITY,
    SALES: AccountKind.INCOME,
    PURCHASES: AccountKind.EXPENSE,
    COMMISSION_EXPENSE: AccountKind.EXPENSE,
    GATEWAY_FEE: AccountKind.EXPENSE,
    SHORTAGE_LOSS: AccountKind.EXPENSE,
}


def clearing(provider: str) -> str:
    """Return the account of money a payment provider holds for us."""
    return f"{CLEARING}:{provider}"


def leader_payable(leader_code: str) -> str:
    """Return the account of commission owed to a leader."""
    return f"{LEADER_PAYABLE}:{leader_code}"


def supplier_payable(supplier_code: str) -> str:
    """Return the account of goods owed to a supplier."""
    return f"{SUPPLIER_PAYABLE}:{supplier_code}"


def account_kind(code: str) -> AccountKind:
    """Return the kind of the account with this code.

    Raises
    ------
    AccountUnknown
        If the chart has no such account, an owned account names no owner, or
        an account without owner names one.
    """
    prefix, colon, owner = code.partition(":")
    if prefix not in CHART or (prefix in OWNED_PREFIXES) != bool(colon and owner):
        raise AccountUnknown("There is no such account.", code=code)
    return CHART[prefix]


class LedgerEvent(StrEnum):
    """The business event a transfer records."""

    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_SUSPENDED = "payment_suspended"
    REFUND_DUE = "refund_due"
    REFUND_PAID = "refund_paid"
    GOODS_RECEIVED = "goods_received"
    COMMISSION_HELD = "commission_held"
    COMMISSION_CLAWBACK = "commission_clawback"
    HANDOVER_SALE = "handover_sale"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    """A transfer ready to be posted.

    Parameters
    ----------
    debit, credit
        Two different account codes.
    amount_fen
        1 or more. Events worth nothing post nothing; the caller leaves them
        out.
    event
        The business event.
    idem_key
        Derived from the event's own business key; unique in the ledger.
    business_date
        The local day the event belongs to.
    ref_type, ref_id
        The business document the transfer speaks about.
    order_no
        The order it belongs to, or '' where there is none.
    reverses
        Key of the transfer this one takes back in full, or ''.

    Raises
    ------
    TransferAmountNotPositive, TransferToItself, AccountUnknown
        If the draft could not be posted.
    """

    debit: str
    credit: str
    amount_fen: int
    event: LedgerEvent
    idem_key: str
    business_date: date
    ref_type: str
    ref_id: str
    order_no: str = ""
    reverses: str = ""

    def __post_init__(self) -> None:
        if self.amount_fen < 1:
            raise TransferAmountNotPositive(
                "A transfer moves at least one fen.",
                amount_fen=self.amount_fen,
                idem_key=self.idem_key,
            )
        if self.debit == self.credit:
            raise TransferToItself("A transfer needs two accounts.", account=self.debit)
        account_kind(self.debit)
        account_kind(self.credit)


def payment_received(
    *, attempt_no: str, order_no: str, provider: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Money for an order arrived: clearing → customer prepaid."""
    return TransferDraft(
        debit=clearing(provider),
        credit=CUSTOMER_PREPAID,
        amount_fen=amount_fen,
        event=LedgerEvent.PAYMENT_RECEIVED,
        idem_key=f"pay:{attempt_no}",
        business_date=business_date,
        ref_type="payment",
        ref_id=attempt_no,
        order_no=order_no,
    )


def payment_suspended(
    *, attempt_no: str, order_no: str, provider: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Money arrived that does not fit its order: clearing → suspense.

    It shares the key of `payment_received`: one attempt enters the books once,
    in one of the two ways.
    """
    return TransferDraft(
        debit=clearing(provider),
        credit=SUSPENSE,
        amount_fen=amount_fen,
        event=LedgerEvent.PAYMENT_SUSPENDED,
        idem_key=f"pay:{attempt_no}",
        business_date=business_date,
        ref_type="payment",
        ref_id=attempt_no,
        order_no=order_no,
    )


def refund_due(
    *, refund_no: str, order_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """A refund was decided: customer prepaid → refund payable."""
    return TransferDraft(
        debit=CUSTOMER_PREPAID,
        credit=REFUND_PAYABLE,
        amount_fen=amount_fen,
        event=LedgerEvent.REFUND_DUE,
        idem_key=f"refund-req:{refund_no}",
        business_date=business_date,
        ref_type="refund",
        ref_id=refund_no,
        order_no=order_no,
    )


def refund_paid(
    *, refund_no: str, order_no: str, provider: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """The provider confirmed the refund: refund payable → clearing."""
    return TransferDraft(
        debit=REFUND_PAYABLE,
        credit=clearing(provider),
        amount_fen=amount_fen,
        event=LedgerEvent.REFUND_PAID,
        idem_key=f"refund-paid:{refund_no}",
        business_date=business_date,
        ref_type="refund",
        ref_id=refund_no,
        order_no=order_no,
    )


def goods_received(
    *, receipt_no: str, sku_code: str, supplier_code: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Goods were accepted: purchases → supplier payable, a line of a receipt each."""
    return TransferDraft(
        debit=PURCHASES,
        credit=supplier_payable(supplier_code),
        amount_fen=amount_fen,
        event=LedgerEvent.GOODS_RECEIVED,
        idem_key=f"goods:{receipt_no}:{sku_code}",
        business_date=business_date,
        ref_type="goods_receipt",
        ref_id=receipt_no,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionRef:
    """The order line a commission belongs to, and the rule it was earned under."""

    order_no: str
    line_key: str
    plan_code: str
    leader_code: str

    @property
    def held_key(self) -> str:
        """Key of the transfer that held the commission."""
        return f"commission:{self.line_key}:{self.plan_code}"


def commission_held(ref: CommissionRef, *, amount_fen: int, business_date: date) -> TransferDraft:
    """Commission was earned and is held: commission expense → leader payable."""
    return TransferDraft(
        debit=COMMISSION_EXPENSE,
        credit=leader_payable(ref.leader_code),
        amount_fen=amount_fen,
        event=LedgerEvent.COMMISSION_HELD,
        idem_key=ref.held_key,
        business_date=business_date,
        ref_type="order_line",
        ref_id=ref.line_key,
        order_no=ref.order_no,
    )


def commission_clawback(
    ref: CommissionRef, *, cause: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """A later refund takes commission back: leader payable → commission expense.

    `cause` is the number of the refund behind it, so each refund claws back
    once. It may take part of the commission, hence it names no transfer it
    reverses; `reversal` takes a whole one back.
    """
    return TransferDraft(
        debit=leader_payable(ref.leader_code),
        credit=COMMISSION_EXPENSE,
        amount_fen=amount_fen,
        event=LedgerEvent.COMMISSION_CLAWBACK,
        idem_key=f"clawback:{ref.line_key}:{ref.plan_code}:{cause}",
        business_date=business_date,
        ref_type="refund",
        ref_id=cause,
        order_no=ref.order_no,
    )


def handover_sale(
    *, order_no: str, handover_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Goods changed hands and became a sale: customer prepaid → sales."""
    return TransferDraft(
        debit=CUSTOMER_PREPAID,
        credit=SALES,
        amount_fen=amount_fen,
        event=LedgerEvent.HANDOVER_SALE,
        idem_key=f"sale:{order_no}",
        business_date=business_date,
        ref_type="handover",
        ref_id=handover_no,
        order_no=order_no,
    )


def reversal(posted: TransferDraft, *, business_date: date) -> TransferDraft:
    """Take a posted transfer back in full; the row itself is never changed."""
    return TransferDraft(
        debit=posted.credit,
        credit=posted.debit,
        amount_fen=posted.amount_fen,
        event=LedgerEvent.REVERSAL,
        idem_key=f"reverse:{posted.idem_key}",
        business_date=business_date,
        ref_type=posted.ref_type,
        ref_id=posted.ref_id,
        order_no=posted.order_no,
        reverses=posted.idem_key,
    )


def trial_balance(transfers: Iterable[TransferDraft]) -> dict[str, int]:
    """Return debits minus credits per account, in order of code; they sum to 0."""
    net_fen: Counter[str] = Counter()
    for transfer in transfers:
        net_fen[transfer.debit] += transfer.amount_fen
        net_fen[transfer.credit] -= transfer.amount_fen
    return dict(sorted(net_fen.items()))
