"""Transfers that people ask for, where no document of ours moves the money.

Most accounts are the sum of documents that the books are checked against; a
transfer by hand would only make the two disagree. These are never adjusted:

====================  =====================================================
customer_prepaid      is what orders have paid and not received, one by one
refund_payable        is what refunds on their way owe
suspense              is what payments hold that nobody has decided about
leader_payable        is what commission entries and statements owe a leader
supplier_payable      is what receipts and statements owe a supplier
sales                 is what was handed over, order by order
====================  =====================================================

A mistake there is corrected on its document: a refund, a decision about a
payment, a commission taken back, a supplier's statement. What is left is what
the outer world tells us on paper: the bank, what a provider holds, tax, and
expenses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from orders.domain.accounts import (
    CHART,
    CUSTOMER_PREPAID,
    LEADER_PAYABLE,
    OWNED_PREFIXES,
    REFUND_PAYABLE,
    SALES,
    SUPPLIER_PAYABLE,
    SUSPENSE,
    account_kind,
)
from orders.domain.transfers import LedgerEvent, TransferDraft
from orders.errors import AdjustmentRefused, TransferAmountNotPositive, TransferToItself

FOLLOW_DOCUMENTS = frozenset(
    {CUSTOMER_PREPAID, REFUND_PAYABLE, SUSPENSE, LEADER_PAYABLE, SUPPLIER_PAYABLE, SALES}
)
DOCUMENT_LENGTH = 60


def is_adjustable(code: str) -> bool:
    """Whether people may move money on this account; raises `AccountUnknown`."""
    account_kind(code)
    return code.partition(":")[0] not in FOLLOW_DOCUMENTS


def accounts_adjustable(opened: Iterable[str]) -> tuple[str, ...]:
    """The accounts people may move money on: those without an owner, and of the opened ones."""
    whole = {code for code in CHART if code not in OWNED_PREFIXES}
    return tuple(sorted(code for code in whole | set(opened) if is_adjustable(code)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A transfer that somebody asks for.

    Parameters
    ----------
    debit, credit
        Two accounts that may be adjusted.
    amount_fen
        1 or more.
    document
        What says so outside of this system, such as a bank slip's number.

    Raises
    ------
    AccountUnknown, AdjustmentRefused, TransferToItself, TransferAmountNotPositive
        If it could not be posted.
    """

    debit: str
    credit: str
    amount_fen: int
    document: str

    def __post_init__(self) -> None:
        for code in (self.debit, self.credit):
            if not is_adjustable(code):
                raise AdjustmentRefused(
                    "This account follows its documents and is never adjusted by hand.", code=code
                )
        if self.debit == self.credit:
            raise TransferToItself("A transfer needs two accounts.", account=self.debit)
        if self.amount_fen < 1:
            raise TransferAmountNotPositive(
                "A transfer moves at least one fen.", amount_fen=self.amount_fen
            )
        if not 0 < len(self.document.strip()) <= DOCUMENT_LENGTH:
            raise AdjustmentRefused("Name the document that says so, in at most 60 characters.")


def adjusted(
    adjustment: Adjustment, *, countersignature_id: int, business_date: date
) -> TransferDraft:
    """Two people moved money by hand; their countersignature is the document and the key."""
    return TransferDraft(
        debit=adjustment.debit,
        credit=adjustment.credit,
        amount_fen=adjustment.amount_fen,
        event=LedgerEvent.ADJUSTED,
        idem_key=f"adjust:{countersignature_id}",
        business_date=business_date,
        ref_type="countersignature",
        ref_id=str(countersignature_id),
    )
