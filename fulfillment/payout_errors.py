"""What settlement and payouts refuse."""

from leaders.errors import DomainError


class WeekNotOver(DomainError):
    """A week is settled from Monday to Sunday, once it is over."""

    code = "week_not_over"


class EntriesMoved(DomainError):
    """Commission that was about to be settled stands in another statement by now."""

    code = "entries_moved"


class StatementNotPayable(DomainError):
    """A statement is paid once, and only after it was issued."""

    code = "statement_not_payable"


class PayeeNotReady(DomainError):
    """Nobody has verified whom this leader's money goes to, or the account is missing."""

    code = "payee_not_ready"


class BatchDecided(DomainError):
    """This batch was approved or refused before."""

    code = "batch_decided"


class PayoutNotOpen(DomainError):
    """This payout has ended, or is not on its way yet."""

    code = "payout_not_open"
