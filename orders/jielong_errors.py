"""What the chain desk refuses."""

from leaders.errors import DomainError


class JielongTextEmpty(DomainError):
    """Nothing in a pasted text can be read as a chain."""

    code = "jielong_text_empty"


class JielongEntryClosed(DomainError):
    """A row that was ordered, superseded or dismissed is not changed any more."""

    code = "jielong_entry_closed"


class JielongItemsMissing(DomainError):
    """A row becomes ready only with goods of its campaign, each 1 to 99 times."""

    code = "jielong_items_missing"


class JielongReasonMissing(DomainError):
    """A row is dismissed with a reason."""

    code = "jielong_reason_missing"


class OrderFileUnreadable(DomainError):
    """A file of orders cannot be read as a whole, or has none of the known layouts."""

    code = "order_file_unreadable"


class ImportTooLate(DomainError):
    """Paid orders come in until their campaign is cut off."""

    code = "import_too_late"
