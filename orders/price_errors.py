"""What the rules of prices refuse."""

from leaders.errors import DomainError


class PriceTermsInvalid(DomainError):
    """A price, a cost or a rate cannot be reckoned with."""

    code = "price_terms_invalid"


class CampaignNotPublishable(DomainError):
    """Rules speak against selling this; `details["lines"]` holds a sentence for each fault."""

    code = "campaign_not_publishable"


class BelowCostReasonMissing(DomainError):
    """Selling below cost needs a reason the law knows."""

    code = "below_cost_reason_missing"


class ApprovalNeedsAnother(DomainError):
    """Whoever set a price below cost is not the one who approves it."""

    code = "approval_needs_another"


class OfferChangedMeanwhile(DomainError):
    """Somebody else changed the line after this page was drawn."""

    code = "offer_changed_meanwhile"


class OfferAlreadyThere(DomainError):
    """The campaign sells this SKU already."""

    code = "offer_already_there"


class SkuNotFound(DomainError):
    """No SKU on sale is called that, or more than one is."""

    code = "sku_not_found"


class CampaignCodeTaken(DomainError):
    """Another campaign has this code."""

    code = "campaign_code_taken"
