"""One posting template per business event; the worked example is in docs/algorithms/ledger.md."""

from dataclasses import dataclass
from datetime import date

from orders.domain.accounts import (
    BANK,
    COMMISSION_EXPENSE,
    CUSTOMER_PREPAID,
    GATEWAY_FEE,
    PURCHASES,
    REFUND_PAYABLE,
    SALES,
    SHORTAGE_LOSS,
    SUSPENSE,
    clearing,
    leader_payable,
    supplier_payable,
)
from orders.domain.transfers import LedgerEvent, TransferDraft


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


def suspense_accepted(
    *, attempt_no: str, order_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Suspended money turned out to be right for its order: suspense → customer prepaid."""
    return TransferDraft(
        debit=SUSPENSE,
        credit=CUSTOMER_PREPAID,
        amount_fen=amount_fen,
        event=LedgerEvent.SUSPENSE_ACCEPTED,
        idem_key=f"accept:{attempt_no}",
        business_date=business_date,
        ref_type="payment",
        ref_id=attempt_no,
        order_no=order_no,
    )


def refund_key(refund_no: str) -> str:
    """The key under which a refund is owed, whatever account its money lies in."""
    return f"refund-req:{refund_no}"


def suspense_refund_due(
    *, refund_no: str, order_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Suspended money goes back: suspense → refund payable.

    It shares the key of `refund_due`: a refund is asked for once, out of one
    of the two accounts.
    """
    return TransferDraft(
        debit=SUSPENSE,
        credit=REFUND_PAYABLE,
        amount_fen=amount_fen,
        event=LedgerEvent.SUSPENSE_REFUND_DUE,
        idem_key=refund_key(refund_no),
        business_date=business_date,
        ref_type="refund",
        ref_id=refund_no,
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
        idem_key=refund_key(refund_no),
        business_date=business_date,
        ref_type="refund",
        ref_id=refund_no,
        order_no=order_no,
    )


def sold_refund_due(
    *, refund_no: str, order_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Money for goods that were a sale already goes back: shortage loss → refund payable.

    After the hand-over nothing of the order is prepaid any more, so the loss
    is ours until somebody bears it. It shares the key of `refund_due`.
    """
    return TransferDraft(
        debit=SHORTAGE_LOSS,
        credit=REFUND_PAYABLE,
        amount_fen=amount_fen,
        event=LedgerEvent.SOLD_REFUND_DUE,
        idem_key=refund_key(refund_no),
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


def loss_borne(
    *, refund_no: str, order_no: str, bearer: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """A supplier or leader bears a loss: what we owe the bearer → shortage loss.

    `bearer` is the account of the one who bears it. A loss without a bearer
    posts nothing; it stays ours.
    """
    return TransferDraft(
        debit=bearer,
        credit=SHORTAGE_LOSS,
        amount_fen=amount_fen,
        event=LedgerEvent.LOSS_BORNE,
        idem_key=f"loss:{refund_no}:{bearer}",
        business_date=business_date,
        ref_type="refund",
        ref_id=refund_no,
        order_no=order_no,
    )


def goods_key(receipt_no: str, sku_code: str, *, count_no: int = 1) -> str:
    """The key under which the n-th count of a SKU in a receipt is owed."""
    return f"goods:{receipt_no}:{sku_code}" + (f":{count_no}" if count_no > 1 else "")


def goods_received(
    *,
    receipt_no: str,
    sku_code: str,
    supplier_code: str,
    amount_fen: int,
    business_date: date,
    count_no: int = 1,
) -> TransferDraft:
    """Goods were accepted: purchases → supplier payable, a count of a receipt each.

    A count that is taken back is a `reversal` of it; the next count of the
    same SKU has the next number.
    """
    return TransferDraft(
        debit=PURCHASES,
        credit=supplier_payable(supplier_code),
        amount_fen=amount_fen,
        event=LedgerEvent.GOODS_RECEIVED,
        idem_key=goods_key(receipt_no, sku_code, count_no=count_no),
        business_date=business_date,
        ref_type="goods_receipt",
        ref_id=receipt_no,
    )


def supplier_deducted(
    *,
    statement_no: str,
    claim_no: str,
    supplier_code: str,
    amount_fen: int,
    business_date: date,
) -> TransferDraft:
    """A supplier bears goods that turned out bad or missing: supplier payable → purchases.

    Each claim is deducted once, in the statement it is deducted in.
    """
    return TransferDraft(
        debit=supplier_payable(supplier_code),
        credit=PURCHASES,
        amount_fen=amount_fen,
        event=LedgerEvent.SUPPLIER_DEDUCTED,
        idem_key=f"supplier-deducted:{claim_no}",
        business_date=business_date,
        ref_type="supplier_statement",
        ref_id=statement_no,
    )


def supplier_paid(
    *, payment_no: str, supplier_code: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """We paid a supplier: supplier payable → bank."""
    return TransferDraft(
        debit=supplier_payable(supplier_code),
        credit=BANK,
        amount_fen=amount_fen,
        event=LedgerEvent.SUPPLIER_PAID,
        idem_key=f"supplier-paid:{payment_no}",
        business_date=business_date,
        ref_type="supplier_payment",
        ref_id=payment_no,
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


def bonus_held(
    *, referee_code: str, leader_code: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """A leader earned the bonus for one they referred: commission expense → leader payable.

    Its key is the referred leader, so each is worth one bonus.
    """
    return TransferDraft(
        debit=COMMISSION_EXPENSE,
        credit=leader_payable(leader_code),
        amount_fen=amount_fen,
        event=LedgerEvent.BONUS_HELD,
        idem_key=f"bonus:{referee_code}",
        business_date=business_date,
        ref_type="referral",
        ref_id=referee_code,
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


def gateway_fee(
    *, provider: str, bill_date: date, fee_fen: int, business_date: date
) -> TransferDraft:
    """The provider kept its fee of a day: gateway fee → clearing, as its bill says.

    A negative fee was given back, on a day with more refunds than payments,
    and goes the other way.
    """
    bill_no = f"{provider}:{bill_date.isoformat()}"
    accounts = (GATEWAY_FEE, clearing(provider))
    debit, credit = accounts if fee_fen > 0 else reversed(accounts)
    return TransferDraft(
        debit=debit,
        credit=credit,
        amount_fen=abs(fee_fen),
        event=LedgerEvent.GATEWAY_FEE,
        idem_key=f"fee:{bill_no}",
        business_date=business_date,
        ref_type="bill",
        ref_id=bill_no,
    )


def clearing_settled(
    *, provider: str, settlement_no: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """The provider paid out what it held for us: bank → clearing."""
    return TransferDraft(
        debit=BANK,
        credit=clearing(provider),
        amount_fen=amount_fen,
        event=LedgerEvent.CLEARING_SETTLED,
        idem_key=f"settled:{provider}:{settlement_no}",
        business_date=business_date,
        ref_type="settlement",
        ref_id=settlement_no,
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
