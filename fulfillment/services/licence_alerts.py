"""A mail when a licence comes to its last 30, 7 or 0 days: once for each of them."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.selectors.licences import LicenceAlert, licence_alerts
from leaders.models.audit import AuditEvent
from leaders.services.audit import audit

ALERTED = "licence.alerted"


def licences_alert_due(*, now: datetime) -> int:
    """Mail what came to a new step since the last mail; return how many licences that were.

    The desk shows them anyway; without `COMPLIANCE_MAIL` nobody is written to.
    A mail that could not be sent is tried again with the next look.
    """
    if not settings.COMPLIANCE_MAIL:
        return 0
    fresh = [alert for alert in licence_alerts(timezone.localdate(now)) if not _is_told(alert)]
    if not fresh:
        return 0
    send_mail(
        subject=_("Licences that run out: %(count)d") % {"count": len(fresh)},
        message="\n".join(_line(alert) for alert in fresh),
        from_email=None,
        recipient_list=settings.COMPLIANCE_MAIL,
    )
    _note(fresh, now)
    return len(fresh)


@transaction.atomic
def _note(alerts: Sequence[LicenceAlert], now: datetime) -> None:
    for alert in alerts:
        audit(action=ALERTED, about=alert.row, actor=None, now=now, facts=_facts(alert))


def _is_told(alert: LicenceAlert) -> bool:
    told = AuditEvent.objects.filter(
        action=ALERTED,
        object_type=str(alert.row._meta.model_name),
        object_id=str(alert.row.pk),
        facts=_facts(alert),
    )
    return told.exists()


def _facts(alert: LicenceAlert) -> dict[str, object]:
    """What makes an alert the same one: a new last day begins anew."""
    return {"step": alert.step, "last_day": alert.last_day.isoformat()}


def _line(alert: LicenceAlert) -> str:
    words = (
        _("%(holder)s: %(paper)s %(number)s has run out on %(day)s")
        if alert.is_over
        else _("%(holder)s: %(paper)s %(number)s ends on %(day)s")
    )
    return words % {
        "holder": alert.holder,
        "paper": alert.paper,
        "number": alert.number,
        "day": f"{alert.last_day:%Y-%m-%d}",
    }
