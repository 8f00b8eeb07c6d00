"""Posting templates of what leaves a leader's account: tax, and the payout itself.

As those of `orders.domain.ledger`; docs/algorithms/ledger.md lists them together.
"""

from datetime import date

from orders.domain.accounts import BANK, TAX_PAYABLE, leader_payable
from orders.domain.transfers import LedgerEvent, TransferDraft


def tax_withheld(
    *, statement_no: str, leader_code: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """Tax on a leader's commission is kept for the tax office: leader payable → tax payable."""
    return TransferDraft(
        debit=leader_payable(leader_code),
        credit=TAX_PAYABLE,
        amount_fen=amount_fen,
        event=LedgerEvent.TAX_WITHHELD,
        idem_key=f"tax:{statement_no}",
        business_date=business_date,
        ref_type="statement",
        ref_id=statement_no,
    )


def payout(
    *, payout_no: str, leader_code: str, amount_fen: int, business_date: date
) -> TransferDraft:
    """A leader was paid commission: leader payable → bank."""
    return TransferDraft(
        debit=leader_payable(leader_code),
        credit=BANK,
        amount_fen=amount_fen,
        event=LedgerEvent.PAYOUT,
        idem_key=f"payout:{payout_no}",
        business_date=business_date,
        ref_type="payout",
        ref_id=payout_no,
    )
