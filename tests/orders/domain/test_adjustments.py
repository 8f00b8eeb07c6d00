"""What people may move by hand, and what they may not."""

from datetime import date
from typing import Any

import pytest

from orders.domain.accounts import CHART, OWNED_PREFIXES
from orders.domain.adjustments import (
    FOLLOW_DOCUMENTS,
    Adjustment,
    accounts_adjustable,
    adjusted,
)
from orders.domain.transfers import LedgerEvent, TransferDraft
from orders.errors import (
    AccountUnknown,
    AdjustmentRefused,
    TransferAmountNotPositive,
    TransferToItself,
)

SETTLED: dict[str, Any] = {
    "debit": "bank",
    "credit": "clearing:sandbox",
    "amount_fen": 1_200,
    "document": "回单 88",
}


def by_hand() -> TransferDraft:
    return adjusted(Adjustment(**SETTLED), countersignature_id=7, business_date=date(2026, 3, 14))


def test_the_countersignature_is_the_document_and_the_key() -> None:
    draft = by_hand()

    assert (draft.debit, draft.credit, draft.amount_fen) == ("bank", "clearing:sandbox", 1_200)
    assert (draft.event, draft.idem_key) == (LedgerEvent.ADJUSTED, "adjust:7")
    assert (draft.ref_type, draft.ref_id) == ("countersignature", "7")


@pytest.mark.parametrize("account", sorted(FOLLOW_DOCUMENTS))
@pytest.mark.parametrize("side", ["debit", "credit"])
def test_what_follows_its_documents_is_never_adjusted(account: str, side: str) -> None:
    code = f"{account}:X1" if account in OWNED_PREFIXES else account

    with pytest.raises(AdjustmentRefused):
        Adjustment(**{**SETTLED, "debit": "bank", "credit": "purchases", side: code})


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"credit": "bank"}, TransferToItself),
        ({"amount_fen": 0}, TransferAmountNotPositive),
        ({"amount_fen": -5}, TransferAmountNotPositive),
        ({"document": "  "}, AdjustmentRefused),
        ({"document": "x" * 61}, AdjustmentRefused),
        ({"debit": "petty_cash"}, AccountUnknown),
        ({"debit": "clearing"}, AccountUnknown),
    ],
)
def test_what_cannot_be_posted_cannot_be_asked_for(
    words: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        Adjustment(**{**SETTLED, **words})


def test_every_account_is_either_adjustable_or_follows_documents() -> None:
    owned = {f"{prefix}:X1" for prefix in OWNED_PREFIXES}

    shown = {code.partition(":")[0] for code in accounts_adjustable(owned)}

    assert shown.isdisjoint(FOLLOW_DOCUMENTS)
    assert shown | FOLLOW_DOCUMENTS == set(CHART)
