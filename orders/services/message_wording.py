"""Messages in words; the domain only names the topic and its values."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.domain.messages import Topic, message_fields
from orders.models.payments import RefundReason


def message_values(facts: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a message by name, as the templates of a channel take them."""
    return message_fields(facts, comma=pgettext("between goods", ", "))


def message_text(topic: Topic, facts: Mapping[str, Any]) -> str:
    """The whole message, short enough for one text message where the goods allow it."""
    values = message_values(facts)
    if topic is Topic.PAYMENT_RETURNED:
        return _payment_returned(facts.get("reason", "")) % values
    if topic is Topic.CLAIM_DECIDED:
        return _claim_decided(is_approved=bool(facts["is_approved"])) % values
    if topic is Topic.PURCHASE_ORDER and facts.get("is_change"):
        return _purchase_order_changed() % values
    if topic is Topic.RECALL and "residents" in facts:
        return _recall_to_leader() % values
    return _plain(topic) % values


def _plain(topic: Topic) -> str:
    texts = {
        Topic.LOGIN_CODE: _(
            "Your log-in code is %(code)s, valid for %(minutes)s minutes. Tell it to nobody."
        ),
        Topic.ORDER_PAID: _(
            "Order %(order_no)s is paid: %(amount)s. Collect it on %(delivery_date)s at %(place)s."
        ),
        Topic.SHORTAGE_REFUNDED: _(
            "Sorry, short in order %(order_no)s: %(goods)s. %(amount)s goes back the way it came."
        ),
        Topic.ARRIVED: _(
            "Your goods are at %(place)s. Pickup code %(code)s, today %(hours)s, %(pieces)s pieces."
        ),
        Topic.WEIGHT_REFUNDED: _(
            "In order %(order_no)s some goods weigh less than sold: %(goods)s. %(amount)s goes "
            "back the way it came."
        ),
        Topic.PURCHASE_ORDER: _(
            "%(supplier)s: purchase order %(po_no)s for %(delivery_date)s. "
            "Please confirm by %(confirm_by)s: %(link)s"
        ),
        Topic.PURCHASE_REMINDER: _(
            "%(supplier)s: purchase order %(po_no)s is still to be confirmed by %(confirm_by)s: "
            "%(link)s"
        ),
        Topic.DELIVERY_LATE: _(
            "The van to %(place)s is late: about %(expected)s instead of %(announced)s. "
            "Please tell your residents."
        ),
        Topic.LEVEL_NOTICE: _(
            "From %(effective_on)s your level would be %(level)s. If your figures recover before "
            "then, you keep the present one. Your page “My level” says what is missing."
        ),
        Topic.PAYOUT_TO_CONFIRM: _(
            "%(amount)s of commission is on its way to you. Please confirm it in WeChat by "
            "%(until)s; after that it comes back to us and is sent again."
        ),
        Topic.PICKUP_REMINDER: _(
            "Your goods still wait at %(place)s, %(pieces)s pieces. Pickup code %(code)s, "
            "today %(hours)s."
        ),
        Topic.CLAIM_TO_LEADER: _(
            "A resident reports %(goods)s of order %(order_no)s. Please say what you know of it "
            "by %(until)s; silence agrees."
        ),
        Topic.RECALL: _(
            "Recall: %(recalled)s, delivered %(days)s. %(reason)s. %(advice)s Your leader takes "
            "the goods back."
        ),
    }
    return texts[topic]


def _payment_returned(reason: object) -> str:
    texts: Mapping[str, str] = {
        RefundReason.CANCELLATION: _(
            "Order %(order_no)s is cancelled. %(amount)s goes back the way it came."
        ),
        RefundReason.GROUP_NOT_REACHED: _(
            "Too few joined in for part of order %(order_no)s. "
            "%(amount)s goes back the way it came."
        ),
        RefundReason.DUPLICATE_PAYMENT: _(
            "Order %(order_no)s needed no further payment. %(amount)s goes back the way it came."
        ),
        RefundReason.LATE_PAYMENT: _(
            "Sorry, the payment for order %(order_no)s came too late and the order does not "
            "count. %(amount)s goes back the way it came."
        ),
    }
    return texts.get(str(reason), _("%(amount)s of order %(order_no)s goes back the way it came."))


def _claim_decided(*, is_approved: bool) -> str:
    if is_approved:
        return _("Your claim for %(goods)s is approved. %(amount)s goes back the way it came.")
    return _("Your claim for %(goods)s was not approved. The answer is with order %(order_no)s.")


def _recall_to_leader() -> str:
    return _(
        "Recall: %(recalled)s, delivered %(days)s. %(reason)s. %(residents)s of your residents are "
        "told; take back what they bring, and sell nothing of it: %(advice)s"
    )


def _purchase_order_changed() -> str:
    return _(
        "%(supplier)s: purchase order %(po_no)s for %(delivery_date)s was changed. "
        "Please look at it again: %(link)s"
    )
