"""Sends the files of scheduled reports by mail.

An attempt is written down and committed before the mail server is asked, so two
workers never send at once. Only a process that dies between the server's yes and
our note of it sends a report twice; both mails then carry the same Message-ID,
by which mail programs show one.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils.translation import gettext as _

from fulfillment.domain.mail_addresses import addresses
from fulfillment.integrations.report_files import report_path
from fulfillment.models.reports import ReportRun, ReportState
from fulfillment.report_errors import ReportNotReady
from orders.selectors.clock import Clock, database_now

logger = logging.getLogger(__name__)

MAIL_ATTEMPTS_MAX = 5
# The first pause after a failure; each further one is twice as long.
MAIL_PAUSE = timedelta(minutes=5)
ERROR_LENGTH = 300
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_mail(*, run_id: int, clock: Clock = database_now) -> bool:
    """Mail a scheduled report that is ready and due; return whether it went out now.

    A failure stands in the row and is tried again later, `MAIL_ATTEMPTS_MAX` times in all.
    """
    if not _attempt_begin(run_id, clock()):
        return False
    run = ReportRun.objects.select_related("schedule").get(pk=run_id)
    try:
        _message(run).send()
    except (OSError, ReportNotReady) as error:
        logger.warning("Report %s was not mailed: %s", run_id, type(error).__name__)
        told = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        is_last = run.mail_attempts >= MAIL_ATTEMPTS_MAX
        ReportRun.objects.filter(pk=run_id).update(
            error=told, **({"mail_after": None} if is_last else {})
        )
        return False
    ReportRun.objects.filter(pk=run_id).update(mailed_at=clock(), mail_after=None, error="")
    return True


def _attempt_begin(run_id: int, now: datetime) -> bool:
    """Take one attempt; until it ends, or its pause is over, nobody takes another."""
    run = ReportRun.objects.filter(pk=run_id).first()
    if run is None or run.mail_after is None:
        return False
    due = ReportRun.objects.filter(
        pk=run_id,
        state=ReportState.READY,
        mailed_at__isnull=True,
        mail_after__lte=now,
        mail_attempts__lt=MAIL_ATTEMPTS_MAX,
        mail_attempts=run.mail_attempts,
    )
    pause = MAIL_PAUSE * 2**run.mail_attempts
    return bool(due.update(mail_attempts=F("mail_attempts") + 1, mail_after=now + pause))


def _message(run: ReportRun) -> EmailMessage:
    if run.schedule is None:
        raise ReportNotReady(_("Nobody is to get this report by mail."))
    path = report_path(settings.REPORTS_ROOT, run.file_name)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    message = EmailMessage(
        subject=_("%(name)s, %(from_on)s to %(until_on)s")
        % {"name": run.schedule.name, "from_on": run.from_on, "until_on": run.until_on},
        body=_(
            "The report is attached. Its figures are those of the report pages; what each is "
            "made of stands there beside it."
        ),
        to=list(addresses(run.schedule.recipients)),
        headers={"Message-ID": f"<report-{run.pk}@{domain}>"},
    )
    message.attach(path.name, path.read_bytes(), SHEETS)
    return message
