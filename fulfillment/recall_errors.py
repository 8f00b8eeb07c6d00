"""What the rules of recalls refuse."""

from leaders.errors import DomainError


class RecallConcernsNobody(DomainError):
    """Nobody was given pieces of these goods in these days."""

    code = "recall_concerns_nobody"


class RecallClosed(DomainError):
    """This recall is closed; what comes back now needs a new one."""

    code = "recall_closed"


class RecallReturnTooMany(DomainError):
    """More would have come back than was handed out; `details` says how much that was."""

    code = "recall_return_too_many"
