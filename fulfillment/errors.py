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


class PurchaseNeedsApproval(DomainError):
    """A purchase order breaks a rule of buying and nobody has said why it may."""

    code = "purchase_needs_approval"


class PurchaseOrderSettled(DomainError):
    """A purchase order has gone too far for this change."""

    code = "purchase_order_settled"


class NoOtherSupplier(DomainError):
    """Nobody else offers these goods on this day."""

    code = "no_other_supplier"


class LeftoverNotThere(DomainError):
    """Fewer pieces lie on the shelf than are to be taken from it."""

    code = "leftover_not_there"


class SupplierLinkUnreadable(DomainError):
    """A supplier's link is not ours or is damaged."""

    code = "supplier_link_unreadable"


class SupplierLinkExpired(SupplierLinkUnreadable):
    """A supplier's link is ours, and its time is over."""

    code = "supplier_link_expired"


class SupplierFileRefused(DomainError):
    """A supplier's file is not a PDF or a photo we can read."""

    code = "supplier_file_refused"


class CountNotPossible(DomainError):
    """The figures of a count contradict each other."""

    code = "count_not_possible"


class CountInUse(DomainError):
    """A count cannot be taken back: its goods are sorted already."""

    code = "count_in_use"


class SortBlockEntered(DomainError):
    """This part of a sort card is entered already; change it by a correction."""

    code = "sort_block_entered"


class SortedMoreThanAllocated(DomainError):
    """More pieces would lie in a slot than it is to get."""

    code = "sorted_more_than_allocated"


class SortEventUnknown(DomainError):
    """There is nothing of that kind to take back."""

    code = "sort_event_unknown"


class AllocationFixed(DomainError):
    """A line's pieces are sorted or fixed by hand and stay where they are."""

    code = "allocation_fixed"


class AllocationNotPossible(DomainError):
    """A line cannot be given so many pieces: not ordered, not there, or only whole."""

    code = "allocation_not_possible"


class ShortagesFinal(DomainError):
    """What is short is being refunded; nobody can be given more now."""

    code = "shortages_final"


class SubstituteNotPossible(DomainError):
    """These goods cannot be given instead: no consent, no spare, or worth less."""

    code = "substitute_not_possible"


class PortionOutsideBand(DomainError):
    """A portion weighs less or more than the goods may."""

    code = "portion_outside_band"


class PortionNotExpected(DomainError):
    """This line has no such portion to weigh."""

    code = "portion_not_expected"


class ScaleNotVerified(DomainError):
    """The verification of this scale has run out."""

    code = "scale_not_verified"


class SealNotPossible(DomainError):
    """A drop cannot be sealed like this: on its way already, or nobody said why it changes."""

    code = "seal_not_possible"


class ScaleReadingUnreadable(DomainError):
    """What was typed is no weight that a scale has come to rest at."""

    code = "scale_reading_unreadable"


class ToteNotExpected(DomainError):
    """This tote is not where it is scanned: other trip, not sealed, or unknown."""

    code = "tote_not_expected"


class TotesMissing(DomainError):
    """Totes are not loaded and nobody has said why."""

    code = "totes_missing"


class LoadSigned(DomainError):
    """The load of this trip is signed for."""

    code = "load_signed"


class LoadNotSigned(DomainError):
    """Nobody has signed for the load of this trip yet."""

    code = "load_not_signed"


class ReturnNotPossible(DomainError):
    """What is typed from a route's papers contradicts what was loaded or entered before."""

    code = "return_not_possible"


class ToteCorrectionNotPossible(DomainError):
    """A balance of totes is corrected with a reason, to a count of 0 or more."""

    code = "tote_correction_not_possible"


class CaseUndecided(DomainError):
    """Nobody has decided yet who bears this exception."""

    code = "case_undecided"


class CaseDecided(DomainError):
    """This exception is decided already."""

    code = "case_decided"


class CaseNotPlaced(DomainError):
    """An exception does not say what it is about: which goods, and of which slot."""

    code = "case_not_placed"


class DayNotExplained(DomainError):
    """A gap between two counts is not explained by exceptions."""

    code = "day_not_explained"


class DayClosed(DomainError):
    """The day is closed; its figures stay."""

    code = "day_closed"


class DeclarationNotPossible(DomainError):
    """A count is declared missing with a reason, and only where one belongs."""

    code = "declaration_not_possible"


class SupplierClaimNotPossible(DomainError):
    """These goods were never owed, are claimed already, or are not the supplier's to bear."""

    code = "supplier_claim_not_possible"


class SupplierClaimSettled(DomainError):
    """This claim on a supplier is decided already, or its time to object is over."""

    code = "supplier_claim_settled"


class StatementNotPossible(DomainError):
    """A statement needs days that are over and not in another statement."""

    code = "statement_not_possible"


class LabelSheetUnknown(DomainError):
    """There is no label sheet or label size of that name."""

    code = "label_sheet_unknown"


class LabelsTooMany(DomainError):
    """So many labels are more than one file should hold."""

    code = "labels_too_many"


class PaperTemplateUnreadable(DomainError):
    """A file of the operator's paper templates says something we cannot do."""

    code = "paper_template_unreadable"
