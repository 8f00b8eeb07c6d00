"""Payouts (打款): what a provider is asked and what it says, in plain values."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# A payout that is on its way is asked about so often; a leader's confirmation rarely.
ASKED_EVERY = timedelta(minutes=1)
CONFIRMATION_ASKED_EVERY = timedelta(minutes=10)
# A transfer that its payee does not confirm in this time is over (WeChat Pay,
# merchant transfer with confirmation by the payee).
CONFIRMED_WITHIN = timedelta(hours=24)


class PayoutStatus(StrEnum):
    """What a provider says of a payout."""

    UNKNOWN = "unknown"
    ON_ITS_WAY = "on_its_way"
    WAIT_CONFIRM = "wait_confirm"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutOrder:
    """What a provider is asked to pay, under a number that is never used again."""

    payout_no: str
    amount_fen: int
    openid: str
    legal_name: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReport:
    """A provider's word on a payout.

    Parameters
    ----------
    amount_fen
        The amount it speaks of, None where it names none.
    confirm_with
        What opens the payee's confirmation, while one is awaited.
    reason
        Why it failed, in the provider's word.
    """

    payout_no: str
    status: PayoutStatus
    amount_fen: int | None = None
    provider_no: str = ""
    confirm_with: str = ""
    reason: str = ""


def payout_no(statement_id: int, attempt: int) -> str:
    """Return the number of the n-th attempt to pay a statement; letters and digits only."""
    return f"TP{statement_id:09d}{attempt:02d}"


def batch_no(day: str, seq: int) -> str:
    """Return the number of the n-th batch of a day, given as 20260317."""
    return f"DK-{day}-{seq:02d}"
