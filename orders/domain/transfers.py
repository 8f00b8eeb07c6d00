"""Transfers: one debit account, one credit account, one positive amount.

Such rows balance by construction. The key of a transfer is derived from what
happened; the database holds it unique, and that is what "exactly once" means.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orders.domain.accounts import account_kind
from orders.errors import TransferAmountNotPositive, TransferToItself


class LedgerEvent(StrEnum):
    """The business event a transfer records."""

    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_SUSPENDED = "payment_suspended"
    SUSPENSE_ACCEPTED = "suspense_accepted"
    SUSPENSE_REFUND_DUE = "suspense_refund_due"
    REFUND_DUE = "refund_due"
    SOLD_REFUND_DUE = "sold_refund_due"
    REFUND_PAID = "refund_paid"
    LOSS_BORNE = "loss_borne"
    GOODS_RECEIVED = "goods_received"
    SUPPLIER_DEDUCTED = "supplier_deducted"
    SUPPLIER_PAID = "supplier_paid"
    COMMISSION_HELD = "commission_held"
    COMMISSION_CLAWBACK = "commission_clawback"
    BONUS_HELD = "bonus_held"
    TAX_WITHHELD = "tax_withheld"
    PAYOUT = "payout"
    HANDOVER_SALE = "handover_sale"
    GATEWAY_FEE = "gateway_fee"
    CLEARING_SETTLED = "clearing_settled"
    ADJUSTED = "adjusted"
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


def trial_balance(transfers: Iterable[TransferDraft]) -> dict[str, int]:
    """Return debits minus credits per account, in order of code; they sum to 0."""
    net_fen: Counter[str] = Counter()
    for transfer in transfers:
        net_fen[transfer.debit] += transfer.amount_fen
        net_fen[transfer.credit] -= transfer.amount_fen
    return dict(sorted(net_fen.items()))
