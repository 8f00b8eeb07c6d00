"""Every deed of the audit log as people say it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.selectors.deed_words import DEED_TITLES
from leaders.models.audit import AuditEvent
from leaders.selectors.history import FACT_WORDS, VALUE_WORDS, WORDS
from orders.domain.money import format_yuan
from orders.selectors.ledger_wording import account_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

APPS = ("leaders", "orders", "fulfillment")
# What history words leave to whoever reads the whole log.
ACTION_WORDS: "Mapping[str, _StrOrPromise]" = {
    **WORDS,
    "audit.exported": _("Audit log exported"),
    "campaign.drafted": _("Campaign drafted"),
    "campaign.freeze_forced": _("Campaign closed before its time"),
    "campaign.published": _("Campaign opened for orders"),
    "campaign_preset.made": _("Preset of a campaign made"),
    "claim.approved": _("Claim approved"),
    "claim.approved_by_rule": _("Claim approved by rule"),
    "claim.bearer_chosen": _("Said who bears a claim"),
    "claim.leader_answered": _("Leader said a word to a claim"),
    "claim.rejected": _("Claim rejected"),
    "claim.replied": _("First word to the resident"),
    "countersignature.asked": _("Second signature asked for"),
    "countersignature.lapsed": _("Second signature lapsed"),
    "countersignature.refused": _("Second signature refused"),
    "countersignature.signed": _("Signed for a second person"),
    "elevation.begun": _("Rights borrowed"),
    "elevation.ended": _("Borrowed rights given back"),
    "goods.disposed": _("Goods disposed of"),
    "helper.ended": _("Pickup helper ended"),
    "helper.invited": _("Pickup helper invited"),
    "helper.login_link_made": _("Log-in link made for a pickup helper"),
    "invite.made": _("Invite code made"),
    "jielong.dismissed": _("Jielong line dismissed"),
    "jielong.imported": _("Jielong pasted in"),
    "jielong.reopened": _("Jielong line opened again"),
    "jielong.resolved": _("Jielong line settled"),
    "ledger.adjusted": _("Books adjusted by hand"),
    "login.details_changed": _("Details of a log-in changed"),
    "login.factor_reset": _("Second factor taken away"),
    "login.factor_set_up": _("Second factor set up"),
    "login.link_made": _("Log-in link made"),
    "login.made": _("Log-in made"),
    "login.password_given": _("Password given"),
    "login.password_set": _("Password set"),
    "login.recovery_code_used": _("Recovery code used"),
    "login.recovery_codes_made": _("Recovery codes made"),
    "login.role_changed": _("Role of a log-in changed"),
    "offer.added": _("Offer added"),
    "offer.below_cost_approved": _("Price below cost approved"),
    "offer.removed": _("Offer removed"),
    "orders.imported": _("Orders imported"),
    "payee.opened": _("Numbers of a payee looked at"),
    "payee.saved": _("Payee saved"),
    "payee.verified": _("Payee verified"),
    "payout_batch.approved": _("Payouts approved"),
    "payout_batch.file_taken": _("Bank file taken"),
    "payout_batch.prepared": _("Payouts prepared"),
    "payout_batch.refused": _("Payouts refused"),
    "person.exported": _("Data of a person exported"),
    "person_request.done": _("Request of a person carried out"),
    "person_request.opened": _("Request of a person opened"),
    "person_request.refused": _("Request of a person refused"),
    "phone.opened": _("Phone number looked at"),
    "pickup.reminded": _("Reminded of a pickup"),
    "pickup.undone": _("Pickup taken back"),
    "price_evidence.taken": _("Price evidence taken along"),
    "recall.closed": _("Recall closed"),
    "recall.exported": _("Recall exported"),
    "recall.returned": _("Recalled goods came back"),
    "recall.started": _("Recall started"),
    "report.asked": _("Report asked for"),
    "report.downloaded": _("Report taken along"),
    "resale.agreed": _("Resale agreed"),
    "resale.ended": _("Resale ended"),
    "resident.corrected": _("Details of a resident corrected"),
    "resident.erased": _("Resident erased"),
    "resident.restricted": _("Resident restricted"),
    "resident.restriction_lifted": _("Restriction of a resident lifted"),
    "sheet.imported": _("Spreadsheet read in"),
    "sku_alias.learned": _("Word for goods learnt"),
    "substitution.ended": _("Substitution ended"),
    "substitution.made": _("Substitution made"),
    "supplieroffer.cost": _("Cost of a supplier changed"),
    "tax_report.taken": _("Tax report taken"),
}
FACT_NAMES: "Mapping[str, _StrOrPromise]" = {
    **FACT_WORDS,
    "amount_fen": pgettext_lazy("fact", "amount"),
    "asked_fen": pgettext_lazy("fact", "asked"),
    "refund_fen": pgettext_lazy("fact", "to pay back"),
    "sum_fen": pgettext_lazy("fact", "sum"),
    "bearer": pgettext_lazy("fact", "borne by"),
    "code": pgettext_lazy("fact", "code"),
    "countersignature": pgettext_lazy("fact", "countersignature"),
    "credit": pgettext_lazy("fact", "credit"),
    "debit": pgettext_lazy("fact", "debit"),
    "deed": pgettext_lazy("fact", "deed"),
    "document": pgettext_lazy("fact", "document"),
    "events": pgettext_lazy("fact", "events"),
    "leader": pgettext_lazy("fact", "leader"),
    "object_id": _("which one"),
    "object_type": _("kind of thing"),
    "order_no": pgettext_lazy("fact", "order"),
    "orders": pgettext_lazy("fact", "orders"),
    "orders_close_at": pgettext_lazy("fact", "orders close"),
    "payments_close_at": pgettext_lazy("fact", "payments close"),
    "freeze_at": pgettext_lazy("fact", "freezes"),
    "before": pgettext_lazy("fact", "before"),
    "after": pgettext_lazy("fact", "after"),
    "residents": pgettext_lazy("fact", "residents"),
    "role": pgettext_lazy("fact", "role"),
    "batch": pgettext_lazy("fact", "batch"),
    "buyers": pgettext_lazy("fact", "buyers"),
    "campaign": pgettext_lazy("fact", "campaign"),
    "claim": pgettext_lazy("fact", "claim"),
    "claimed_lines": pgettext_lazy("fact", "lines claimed"),
    "counted_in_time": pgettext_lazy("fact", "counted in time"),
    "deliveries": pgettext_lazy("fact", "deliveries"),
    "ended_on": pgettext_lazy("fact", "ended on"),
    "fen": pgettext_lazy("fact", "amount"),
    "fields": pgettext_lazy("fact", "fields"),
    "goods": pgettext_lazy("fact", "goods"),
    "layout": pgettext_lazy("fact", "layout"),
    "leaders": pgettext_lazy("fact", "leaders"),
    "lines": pgettext_lazy("fact", "lines"),
    "message": pgettext_lazy("fact", "message"),
    "messages": pgettext_lazy("fact", "messages"),
    "minutes": pgettext_lazy("fact", "minutes"),
    "pieces": pgettext_lazy("fact", "pieces"),
    "point_id": pgettext_lazy("fact", "pickup point"),
    "price_fen": pgettext_lazy("fact", "price"),
    "quarter": pgettext_lazy("fact", "quarter"),
    "reason": pgettext_lazy("fact", "reason"),
    "recall": pgettext_lazy("fact", "recall"),
    "recipients": pgettext_lazy("fact", "recipients"),
    "recorded_by": pgettext_lazy("fact", "recorded by"),
    "refund_no": pgettext_lazy("fact", "refund"),
    "resident": pgettext_lazy("fact", "resident"),
    "review": pgettext_lazy("fact", "level review"),
    "rows": pgettext_lazy("fact", "rows"),
    "sku": pgettext_lazy("fact", "SKU"),
    "snapshot": pgettext_lazy("fact", "snapshot"),
    "stance": pgettext_lazy("fact", "leader's word"),
    "to_level": pgettext_lazy("fact", "to level"),
    "from_level": pgettext_lazy("fact", "from level"),
    "until": pgettext_lazy("fact", "until"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One event as it is read; `who` is empty for the platform and people without a log-in."""

    at: datetime
    who: str
    login: str
    what: str
    kind: str
    which: str
    facts: str
    reason: str
    borrowed_role: str
    request_id: str


def audit_line(event: AuditEvent) -> AuditLine:
    """An event in words; it carries its actor and elevation."""
    return AuditLine(
        at=event.at,
        who=str(event.actor or ""),
        login=event.actor.username if event.actor else "",
        what=action_text(event.action),
        kind=kind_text(event.object_type),
        which=event.object_id,
        facts=" · ".join(_facts(event.facts)),
        reason=event.reason,
        borrowed_role=str(event.elevation.get_role_display()) if event.elevation else "",
        request_id=event.request_id,
    )


def action_text(action: str) -> str:
    """A deed in words; one nobody has found words for by its own name."""
    return str(ACTION_WORDS.get(action, action))


def kind_text(object_type: str) -> str:
    """A kind of thing as its model is called; `object_type` where it is gone."""
    return str(kinds().get(object_type, object_type))


def kinds() -> "dict[str, _StrOrPromise]":
    """All kinds of things deeds can be about, by their name in the log."""
    return {
        str(model._meta.model_name): model._meta.verbose_name or str(model._meta.model_name)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
    }


def _facts(facts: Mapping[str, object]) -> Iterator[str]:
    for name, value in facts.items():
        word = str(FACT_NAMES.get(name, name.removesuffix("_fen").replace("_", " ")))
        if isinstance(value, dict):
            yield f"{word}: {', '.join(_facts(value))}"
        elif value not in ("", None, [], {}):
            yield f"{word} {_value(name, value)}"


def _value(name: str, value: object) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return f"¥{format_yuan(value)}"
    if name.endswith("_at") and isinstance(value, str):
        try:
            return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        except ValueError:
            return value
    if isinstance(value, str) and name in _VALUES:
        return _VALUES[name](value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(VALUE_WORDS.get(str(value), value))


def _deed_text(deed: str) -> str:
    return str(DEED_TITLES.get(deed, deed))


# Values that are names in the code, by the fact they stand in.
_VALUES: Mapping[str, Callable[[str], str]] = {
    "credit": account_text,
    "debit": account_text,
    "deed": _deed_text,
    "object_type": kind_text,
}
