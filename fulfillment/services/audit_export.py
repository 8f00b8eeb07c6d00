"""A part of the audit log as a workbook; that it was taken is itself written down."""

from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.integrations.workbooks import Table, workbook
from fulfillment.selectors.audit_words import AuditLine, audit_line
from leaders.models.accounts import User
from leaders.selectors.audit_log import AuditFilter, audit_events
from leaders.services.audit import audit

EVENTS_MOST = 10_000


@transaction.atomic
def audit_export(*, chosen: AuditFilter, actor: User, now: datetime) -> BytesIO:
    """Return the newest `EVENTS_MOST` events of a filter as a workbook with inert cells."""
    lines = [audit_line(event) for event in audit_events(chosen)[:EVENTS_MOST]]
    words = _chosen_words(chosen)
    audit(
        action="audit.exported",
        about=actor,
        actor=actor,
        now=now,
        facts={"events": len(lines), **words},
    )
    return workbook(_table(lines, words, now))


def _chosen_words(chosen: AuditFilter) -> dict[str, str]:
    given = {
        "actor": chosen.actor,
        "action": chosen.action,
        "kind": chosen.kind,
        "which": chosen.which,
        "since": chosen.since.isoformat() if chosen.since else "",
        "until": chosen.until.isoformat() if chosen.until else "",
        "borrowed": "1" if chosen.is_borrowed else "",
    }
    return {name: value for name, value in given.items() if value}


def _table(lines: list[AuditLine], words: dict[str, str], now: datetime) -> Table:
    return Table(
        title=_("Audit log"),
        headings=[
            (_("At"), 20),
            (_("Who"), 16),
            (_("Log-in"), 16),
            (_("Deed"), 28),
            (_("Kind of thing"), 16),
            (_("Which one"), 12),
            (_("Facts"), 50),
            (_("Reason"), 40),
            (_("Borrowed role"), 14),
            (_("Request"), 20),
        ],
        rows=[
            [
                f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}",
                line.who,
                line.login,
                line.what,
                line.kind,
                line.which,
                line.facts,
                line.reason,
                line.borrowed_role,
                line.request_id,
            ]
            for line in lines
        ],
        facts=[
            (_("Made at"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
            (_("Chosen"), ", ".join(f"{name} {value}" for name, value in words.items()) or "—"),
            (_("Events"), f"{len(lines)}, {_('at most')} {EVENTS_MOST}"),
        ],
    )
