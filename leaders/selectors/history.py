"""What was done to a thing, from the audit log, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from leaders.models.applications import DocumentKind
from leaders.models.audit import AuditEvent
from leaders.models.leaders import LeaderState

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SHOWN_MOST = 60
# Deeds that recruiters read about; any other is shown by its own name.
WORDS: "dict[str, _StrOrPromise]" = {
    "application.entered": _("Noted by a recruiter"),
    "application.submitted": _("Application sent"),
    "application.document_added": _("Document added"),
    "application.agreed": _("Agreement agreed to"),
    "application.contacted": _("First talk"),
    "application.documents": _("Documents accepted"),
    "application.site": _("Place accepted"),
    "application.trained": _("Signed and trained"),
    "application.approved": _("Approved"),
    "application.rejected": _("Rejected"),
    "application.phone_opened": _("Phone number looked at"),
    "leader.joined": _("Joined"),
    "leader.login_link_made": _("Log-in link made"),
    "leader.phone_opened": _("Phone number looked at"),
    "leader.suspended": _("Suspended"),
    "leader.suspended_quiet": _("Suspended: no order on trial"),
    "leader.resumed": _("Back to work"),
    "leader.activated": _("Trial passed"),
    "leader.agreed": _("Agreement agreed to"),
    "leader.quit": _("Left"),
    "level.risen": _("Level risen"),
    "level.fall_announced": _("Fall of level announced"),
    "level.fallen": _("Level fallen"),
    "level.fall_withdrawn": _("Announced fall withdrawn"),
    "customers.exported": _("List of customers taken along"),
    "exit.noticed": _("Notice given"),
    "exit.withdrawn": _("Notice withdrawn"),
    "exit.done": _("Exit completed"),
    "point.opened": _("Pickup point added"),
    "point.handed_over": _("Pickup point handed over"),
    "point.received": _("Pickup point taken over"),
    "point.closed": _("Pickup point closed"),
    "referral.corrected": _("Referrer corrected"),
    "referral.bonus_earned": _("Referral bonus earned"),
}
# What deeds write down and a reader wants to know; the rest is for whoever searches the log.
FACT_WORDS: "dict[str, _StrOrPromise]" = {
    "phone": _("phone"),
    "kind": _("kind"),
    "version": _("version"),
    "plan": _("commission plan"),
    "point": _("pickup point"),
    "from": _("from"),
    "to": _("to"),
    "leaves_on": _("leaves on"),
    "referee": _("new leader"),
}
VALUE_WORDS: "dict[str, _StrOrPromise]" = {
    **dict(LeaderState.choices),
    **dict(DocumentKind.choices),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One line of a history; `who` is empty for the platform and for people without a log-in."""

    at: datetime
    who: str
    what: str
    facts: str
    reason: str


def history_of(row: Model) -> Sequence[Deed]:
    """The last deeds about a row, newest first, in one query."""
    events = AuditEvent.objects.select_related("actor").filter(
        object_type=str(row._meta.model_name), object_id=str(row.pk)
    )
    return [_deed(event) for event in events.order_by("-pk")[:SHOWN_MOST]]


def _deed(event: AuditEvent) -> Deed:
    """Facts are ids and masked values by the log's own law, so they may be read here."""
    facts = (
        f"{word} {VALUE_WORDS.get(str(event.facts[name]), event.facts[name])}"
        for name, word in FACT_WORDS.items()
        if event.facts.get(name)
    )
    return Deed(
        at=event.at,
        who=str(event.actor or ""),
        what=str(WORDS.get(event.action, event.action)),
        facts=" · ".join(facts),
        reason=event.reason,
    )
