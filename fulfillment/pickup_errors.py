"""What handing out and disposing of goods refuses."""

from leaders.errors import DomainError


class PickupUndoRefused(DomainError):
    """There is no such hand-out to take back, or its order is closed."""

    code = "pickup_undo_refused"


class ReminderRefused(DomainError):
    """A resident is reminded of goods that wait, and twice a day at most."""

    code = "reminder_refused"


class DisposalRefused(DomainError):
    """Goods are not disposed of yet: too early, not twice reminded, or not without a photo."""

    code = "disposal_refused"
