"""What the fulfilment rules refuse."""

from leaders.errors import DomainError


class StepOutOfOrder(DomainError):
    """A step of the cut-off run counts as done before what it waits for."""

    code = "step_out_of_order"


class SkuNeededTwice(DomainError):
    """The demand names one SKU on two lines; it must be summed first."""

    code = "sku_needed_twice"


class PurchaseTermsNotUsable(DomainError):
    """A supplier's pack size or price cannot be bought with."""

    code = "purchase_terms_not_usable"


class CountNegative(DomainError):
    """A count of goods is below zero."""

    code = "count_negative"


class ReceiptDoesNotAddUp(DomainError):
    """What arrived is not what was accepted plus what was rejected."""

    code = "receipt_does_not_add_up"


class LineListedTwice(DomainError):
    """One order line stands twice in the list to be shared out."""

    code = "line_listed_twice"


class LockedExceedsOrdered(DomainError):
    """More pieces are already sorted for a line than it ordered."""

    code = "locked_exceeds_ordered"


class LockedExceedsAccepted(DomainError):
    """More pieces are already sorted than were accepted from the supplier."""

    code = "locked_exceeds_accepted"


class SlotCodeUnreadable(DomainError):
    """The text is not a slot code such as 3-07."""

    code = "slot_code_unreadable"
