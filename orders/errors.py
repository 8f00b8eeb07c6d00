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


class TransferDocumentUnknown(DomainError):
    """A transfer names an order, or a transfer to reverse, that is not there."""

    code = "transfer_document_unknown"


class CampaignNotSelling(DomainError):
    """Only a campaign that takes orders at this moment can be closed early."""

    code = "campaign_not_selling"


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


class BasketEmpty(DomainError):
    """An order needs at least one line."""

    code = "basket_empty"


class BasketTooLarge(DomainError):
    """More lines or pieces than one order holds."""

    code = "basket_too_large"


class OfferTwiceInBasket(DomainError):
    """A basket names each offer once."""

    code = "offer_twice_in_basket"


class ReceiverInvalid(DomainError):
    """Who picks up is not told in full, or not in print; `details` names the field."""

    code = "receiver_invalid"


class RequestKeyInvalid(DomainError):
    """A request that changes something carries a key its client made."""

    code = "request_key_invalid"


class PayerMissing(DomainError):
    """Nobody is named who pays for a neighbour's order."""

    code = "payer_missing"


class NothingToPay(DomainError):
    """A payment is at least one fen."""

    code = "nothing_to_pay"


class OfferTermsInvalid(DomainError):
    """The terms of an offer contradict each other; `details` names the field."""

    code = "offer_terms_invalid"


class OfferNotOnSale(DomainError):
    """The offer is not in this campaign, or its time slot is not now."""

    code = "offer_not_on_sale"


class OrderingClosed(DomainError):
    """The campaign takes no orders at this moment."""

    code = "ordering_closed"


class SoldOut(DomainError):
    """Fewer pieces are left than were asked for; `details` names the offers."""

    code = "sold_out"


class ResidentLimitReached(DomainError):
    """The resident would get more than the limit allows."""

    code = "resident_limit_reached"


class PlatformBusy(DomainError):
    """Somebody held what we needed for too long; the same request may be sent again."""

    code = "platform_busy"


class RequestKeyReused(DomainError):
    """The key of a request already stands for another request."""

    code = "request_key_reused"


class RefundNotRepeatable(DomainError):
    """Only a refund that failed can be tried again."""

    code = "refund_not_repeatable"


class PaymentNotInSuspense(DomainError):
    """Nobody has to decide about this payment, or somebody has."""

    code = "payment_not_in_suspense"


class OrderNotCancellable(DomainError):
    """The order can no longer be cancelled by its resident."""

    code = "order_not_cancellable"


class OrderNotPayable(DomainError):
    """The order needs no payment, or can no longer get one in time."""

    code = "order_not_payable"


class LeaderNotServing(DomainError):
    """The leader takes no orders, or has no open pickup point."""

    code = "leader_not_serving"


class GatewayUnavailable(DomainError):
    """The payment provider did not answer; what it did is unknown."""

    code = "gateway_unavailable"


class GatewayRefused(DomainError):
    """The payment provider said a definite no; nothing has happened there."""

    code = "gateway_refused"


class GatewayUnknown(DomainError):
    """No payment provider of that name is configured."""

    code = "gateway_unknown"


class NoticeRefused(DomainError):
    """A notice is not genuine, not fresh, or not for us."""

    code = "notice_refused"


class BillNotReady(DomainError):
    """The provider has no bill for that day yet."""

    code = "bill_not_ready"


class DifferenceNotOpen(DomainError):
    """The difference has been cleared up already."""

    code = "difference_not_open"


class ResolutionMissing(DomainError):
    """Whoever clears a difference up says how."""

    code = "resolution_missing"


class RoleUnfit(DomainError):
    """A database role does not exist, or rights on tables would not bind it."""

    code = "role_unfit"


class BooksBroken(DomainError):
    """The last check of the books found violations; no money is paid out."""

    code = "books_broken"


class PhoneNotMobile(DomainError):
    """The number is not one of a Chinese mobile phone."""

    code = "phone_not_mobile"


class LoginCodeTooSoon(DomainError):
    """This phone had its codes for now; `retry_s` says when there is another."""

    code = "login_code_too_soon"


class LoginCodeWrong(DomainError):
    """The code is wrong, used, too old, or guessed at too often; nobody learns which."""

    code = "login_code_wrong"


class AdjustmentRefused(DomainError):
    """The account follows its documents, or no document says why it should move."""

    code = "adjustment_refused"


class LeaderUnknown(DomainError):
    """Nobody leads under this code."""

    code = "leader_unknown"


class PrivacyNoticeOutdated(DomainError):
    """The notice that was agreed to is not the one in force."""

    code = "privacy_notice_outdated"


class ResidentWithoutLeader(DomainError):
    """Nobody is a resident without a leader; the first log-in needs a leader's link."""

    code = "resident_without_leader"


class RebindWithoutReason(DomainError):
    """Staff who bind a resident to another leader say why."""

    code = "rebind_without_reason"


class OtherLeadersGroup(DomainError):
    """The resident is bound to another leader; they may change that themselves."""

    code = "other_leaders_group"


class OrderLineUnknown(DomainError):
    """The resident has no such order, or the order no such line."""

    code = "order_line_unknown"


class SenderUnknown(DomainError):
    """No message channel of that name is configured."""

    code = "sender_unknown"


class SenderUnavailable(DomainError):
    """The channel did not answer; whether the message went out is unknown."""

    code = "sender_unavailable"


class SenderRefused(DomainError):
    """The channel said a definite no; this message will not go out there."""

    code = "sender_refused"


class ConsentUsedUp(SenderRefused):
    """The resident accepts no more messages of the topic on this channel."""

    code = "consent_used_up"


class CellRefused(DomainError):
    """A cell of a spreadsheet does not say what its column asks for."""

    code = "cell_refused"


class SheetUnreadable(DomainError):
    """A file is no spreadsheet, too large, or has other headings than asked for."""

    code = "sheet_unreadable"
