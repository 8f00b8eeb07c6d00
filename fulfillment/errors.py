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


class BundleUnreadable(DomainError):
    """A file of a day bundle cannot be read as a whole; nothing was written."""

    code = "bundle_unreadable"


class CampaignImportedDifferently(DomainError):
    """A campaign of this code stands already, and not from this bundle."""

    code = "campaign_imported_differently"


class EngineUnknown(DomainError):
    """No routing engine has that name."""

    code = "engine_unknown"


class EngineFailed(DomainError):
    """A routing engine broke down before it had a plan."""

    code = "engine_failed"


class NoSoundPlan(DomainError):
    """No engine produced a plan that keeps the rules."""

    code = "no_sound_plan"


class InstanceUnreadable(DomainError):
    """A benchmark file cannot be read as the instance it should be."""

    code = "instance_unreadable"


class InstanceNotSupported(DomainError):
    """A benchmark file asks for something the planner does not model."""

    code = "instance_not_supported"


class RunBusy(DomainError):
    """Another process is working on this run."""

    code = "run_busy"


class StepGivenUp(DomainError):
    """A step failed too often for a schedule to try it again."""

    code = "step_given_up"


class GoodsWithoutSupplier(DomainError):
    """Something was sold that nobody can be bought from."""

    code = "goods_without_supplier"


class ReceivingClosed(DomainError):
    """The counts of this run are final."""

    code = "receiving_closed"


class ReceiptForUnknownLine(DomainError):
    """A count is for a line of another purchase order."""

    code = "receipt_for_unknown_line"


class BooksDoNotAgree(DomainError):
    """Two figures that must be equal are not."""

    code = "books_do_not_agree"


class WarehouseUnclear(DomainError):
    """It is not clear which warehouse serves a campaign."""

    code = "warehouse_unclear"


class PaperFileMissing(DomainError):
    """The file of a paper is not where it should lie."""

    code = "paper_file_missing"


class PapersDoNotAddUp(DomainError):
    """A kind of paper shows other pieces than were allocated."""

    code = "papers_do_not_add_up"
