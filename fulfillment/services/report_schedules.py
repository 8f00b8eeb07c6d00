"""Schedules of reports: made, changed and switched off by people, and written down."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fulfillment.domain.mail_addresses import addresses, is_address
from fulfillment.models.reports import ReportKind, ReportSchedule
from fulfillment.report_errors import RecipientsWrong, ScheduleNameTaken
from leaders.models.accounts import User
from leaders.services.audit import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTerms:
    """What is built when, and who gets it; `weekday` None is every day, 0 a Monday."""

    name: str
    kind: ReportKind
    city: str
    days: int
    weekday: int | None
    at_time: time
    recipients: str


@transaction.atomic
def schedule_save(
    *, schedule_id: int | None, terms: ScheduleTerms, actor: User, now: datetime
) -> ReportSchedule:
    """Make a schedule, or change one.

    Raises `RecipientsWrong` where a line is no mail address, nobody is named or
    too many are, and `ScheduleNameTaken` where another schedule has the name.
    """
    recipients = _checked(terms.recipients)
    fields: dict[str, Any] = {
        "name": terms.name,
        "kind": terms.kind,
        "city": terms.city,
        "days": terms.days,
        "weekday": terms.weekday,
        "at_time": terms.at_time,
        "recipients": "\n".join(recipients),
    }
    try:
        with transaction.atomic():
            if schedule_id is None:
                schedule = ReportSchedule.objects.create(**fields, made_by=actor)
            else:
                ReportSchedule.objects.filter(pk=schedule_id).update(**fields)
                schedule = ReportSchedule.objects.get(pk=schedule_id)
    except IntegrityError as error:
        raise ScheduleNameTaken(
            _("Another schedule has this name already."), name=terms.name
        ) from error
    audit(
        action="report_schedule.changed" if schedule_id else "report_schedule.made",
        about=schedule,
        actor=actor,
        now=now,
        facts={"kind": terms.kind, "recipients": len(recipients)},
    )
    return schedule


@transaction.atomic
def schedule_switch(*, schedule_id: int, is_active: bool, actor: User, now: datetime) -> bool:
    """Switch a schedule on or off; return whether that changed anything."""
    others = ReportSchedule.objects.filter(pk=schedule_id, is_active=not is_active)
    if not others.update(is_active=is_active):
        return False
    schedule = ReportSchedule.objects.get(pk=schedule_id)
    verb = "switched_on" if is_active else "switched_off"
    audit(action=f"report_schedule.{verb}", about=schedule, actor=actor, now=now)
    return True


def _checked(text: str) -> tuple[str, ...]:
    found = addresses(text)
    if not found:
        raise RecipientsWrong(_("Say who gets the report."))
    if wrong := next((one for one in found if not is_address(one)), None):
        raise RecipientsWrong(
            _("%(address)s is no mail address.") % {"address": wrong}, address=wrong
        )
    most: int = settings.REPORT_RECIPIENTS_MAX
    if len(found) > most:
        raise RecipientsWrong(
            _("A report goes to %(most)d addresses at most.") % {"most": most}, most=most
        )
    return found
