"""Deeds that two people stand for, told so that the second one can judge them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from fulfillment.selectors.claim_evidence import claims_to_read
from leaders.models.countersignatures import Countersignature
from orders.domain.money import format_yuan
from orders.models.campaigns import Campaign
from orders.models.claims import Claim, ClaimPhoto, LossBearer
from orders.models.orders import Order, OrderState
from orders.selectors.ledger import account_balance_on
from orders.selectors.ledger_wording import account_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# What each deed is called.
DEED_TITLES: "Mapping[str, _StrOrPromise]" = {
    "refund": pgettext_lazy("deed", "Refund above the limit"),
    "campaign.freeze": pgettext_lazy("deed", "Close a campaign early"),
    "ledger.adjust": pgettext_lazy("deed", "Adjustment of the books"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a deed; `url` leads to more of it."""

    label: str
    value: str
    url: str = ""


def deed_line(asked: Countersignature) -> str:
    """A deed in one line, from what was written down when it was asked for."""
    return _LINES[asked.deed](asked)


def deed_facts(asked: Countersignature) -> Sequence[Fact]:
    """Everything there is to know about a deed as it stands now, in a fixed number of queries."""
    return _FACTS[asked.deed](asked)


def deed_photos(asked: Countersignature) -> Sequence[ClaimPhoto]:
    """The photos of the claim behind a refund; other deeds have none."""
    if asked.deed != "refund":
        return ()
    return list(ClaimPhoto.objects.filter(claim_id=int(asked.object_id)).order_by("pk"))


def _refund_line(asked: Countersignature) -> str:
    return _("%(yuan)s yuan back on order %(order)s") % {
        "yuan": format_yuan(asked.facts["amount_fen"]),
        "order": asked.facts["order_no"],
    }


def _freeze_line(asked: Countersignature) -> str:
    return _("Close campaign %(code)s before its time") % {"code": asked.facts["code"]}


def _adjustment_line(asked: Countersignature) -> str:
    return _("%(yuan)s yuan: %(debit)s from %(credit)s") % {
        "yuan": format_yuan(asked.facts["amount_fen"]),
        "debit": account_text(asked.facts["debit"]),
        "credit": account_text(asked.facts["credit"]),
    }


def _refund_facts(asked: Countersignature) -> Sequence[Fact]:
    claim = claims_to_read().get(pk=int(asked.object_id))
    line, order = claim.order_line, claim.order_line.order
    others = Claim.objects.filter(order_line__order=order).exclude(pk=claim.pk)
    paid_fen = others.aggregate(fen=Sum("refund__amount_fen", default=0))["fen"]
    given = asked.facts
    bearer = given.get("choice", given)["bearer"]
    trace = reverse("line-trace", args=[order.order_no, line.line_no])
    facts = [
        Fact(_("Goods"), f"{line.sku_name} × {claim.qty}", trace),
        Fact(_("What was wrong"), str(claim.get_kind_display())),
        Fact(_("In their words"), claim.description),
        Fact(_("Leader"), f"{order.leader} {claim.get_leader_stance_display()}".strip()),
        Fact(_("Said by the leader"), claim.leader_note),
        Fact(_("Paid for the line"), format_yuan(line.amount_fen)),
        Fact(_("Asked"), format_yuan(claim.asked_fen)),
        Fact(_("To pay back"), format_yuan(given["amount_fen"])),
        Fact(_("Paid back on other claims of the order"), format_yuan(paid_fen)),
        Fact(_("Who bears it"), str(LossBearer(bearer).label) if bearer else ""),
        Fact(_("Answer to the resident"), given["note"]),
        Fact(_("Filed"), _moment(claim.filed_at)),
        Fact(_("Decide by"), _moment(claim.decide_by) if claim.decide_by else ""),
    ]
    return [fact for fact in facts if fact.value]


def _freeze_facts(asked: Countersignature) -> Sequence[Fact]:
    campaign = Campaign.objects.get(pk=int(asked.object_id))
    unpaid = Q(state=OrderState.PENDING_PAYMENT)
    counted = Order.objects.filter(campaign=campaign).aggregate(
        paid=Count("pk", filter=Q(state=OrderState.PAID)),
        unpaid=Count("pk", filter=unpaid),
    )
    return [
        Fact(
            _("Campaign"),
            str(campaign),
            reverse("admin:orders_campaign_change", args=[campaign.pk]),
        ),
        Fact(_("City"), campaign.city),
        Fact(_("State"), str(campaign.get_state_display())),
        Fact(_("Delivery date"), date_format(campaign.delivery_date)),
        Fact(_("Orders close"), _moment(campaign.orders_close_at)),
        Fact(_("Payments close"), _moment(campaign.payments_close_at)),
        Fact(_("List is frozen"), _moment(campaign.freeze_at)),
        Fact(_("Orders paid so far"), str(counted["paid"])),
        Fact(_("Orders that wait for their payment"), str(counted["unpaid"])),
    ]


def _adjustment_facts(asked: Countersignature) -> Sequence[Fact]:
    given = asked.facts
    balance = account_balance_on(account_id=int(asked.object_id))
    statement = reverse("admin:orders_account_statement", args=[asked.object_id])
    return [
        Fact(_("Debit"), account_text(given["debit"]), statement),
        Fact(_("Credit"), account_text(given["credit"])),
        Fact(_("Amount"), format_yuan(given["amount_fen"])),
        Fact(_("Document"), given["document"]),
        Fact(_("Balance of the debit account now"), format_yuan(balance.net_fen)),
    ]


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")


_LINES: Mapping[str, Callable[[Countersignature], str]] = {
    "refund": _refund_line,
    "campaign.freeze": _freeze_line,
    "ledger.adjust": _adjustment_line,
}
_FACTS: Mapping[str, Callable[[Countersignature], Sequence[Fact]]] = {
    "refund": _refund_facts,
    "campaign.freeze": _freeze_facts,
    "ledger.adjust": _adjustment_facts,
}
