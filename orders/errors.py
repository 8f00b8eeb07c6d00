"""What the ordering rules refuse."""

from leaders.errors import DomainError


class NothingToShareOver(DomainError):
    """An amount cannot be shared out when nobody has a claim to any of it."""

    code = "nothing_to_share_over"


class AmountNegative(DomainError):
    """An amount of money is negative where it never may be."""

    code = "amount_negative"


class QuantityNotPositive(DomainError):
    """A line must ask for at least one whole piece."""

    code = "quantity_not_positive"


class ClocksOutOfOrder(DomainError):
    """The clocks of a campaign do not follow one another as they must."""

    code = "clocks_out_of_order"


class ShortageExceedsOrdered(DomainError):
    """More pieces would be refunded as short than the line ordered."""

    code = "shortage_exceeds_ordered"


class TransferAmountNotPositive(DomainError):
    """A ledger transfer moves at least one fen."""

    code = "transfer_amount_not_positive"


class TransferToItself(DomainError):
    """A ledger transfer needs two different accounts."""

    code = "transfer_to_itself"


class AccountUnknown(DomainError):
    """The account code is not in the chart of accounts."""

    code = "account_unknown"


class TransferKeyReused(DomainError):
    """A transfer's key already stands for another amount."""

    code = "transfer_key_reused"


class CampaignNotDue(DomainError):
    """The clock of the campaign has not struck yet."""

    code = "campaign_not_due"


class CampaignNotOpen(DomainError):
    """The campaign is in a state that does not allow this."""

    code = "campaign_not_open"


class RefundExceedsPaid(DomainError):
    """More money would go back than came in."""

    code = "refund_exceeds_paid"


class CampaignWithoutOffers(DomainError):
    """A campaign that sells nothing cannot be opened."""

    code = "campaign_without_offers"


class CampaignAlreadyClosing(DomainError):
    """A campaign cannot be opened after its last moment for orders."""

    code = "campaign_already_closing"


class CampaignNotDraft(DomainError):
    """Only a draft can be opened."""

    code = "campaign_not_draft"
