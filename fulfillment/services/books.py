"""Checks of the books: nothing leaves, and nobody is paid, before they agree."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from fulfillment.errors import BooksDoNotAgree
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.books import LAWS, books_check
from orders.errors import BooksBroken
from orders.models.reconciliation import BillDifference, BooksCheck

logger = logging.getLogger(__name__)

# The nightly check waits for the freeze and what follows it.
CHECKED_AT = time(2, 0)


def books_require_clean(*, run: CutoffRun) -> Mapping[str, int]:
    """Check what a run depends on and return the figures; raise `BooksDoNotAgree` otherwise.

    The last step of a run. Goods that are packed do not wait for the money of
    orders that are none of them, such as a late payment on its way back.
    """
    results = books_check(law for law in LAWS if law.stops_the_day)
    broken = [result for result in results if result.violations]
    if broken:
        raise BooksDoNotAgree(
            "Two figures that must be equal are not; see the checks.",
            campaign=run.campaign.code,
            checks={result.law: list(result.offenders) for result in broken},
        )
    return {"checks": len(results), "violations": 0}


@transaction.atomic
def books_check_record(*, now: datetime) -> BooksCheck:
    """Check every law and store what was found."""
    findings = [asdict(result) for result in books_check() if result.violations]
    check = BooksCheck.objects.create(
        checked_at=now,
        violations=sum(int(finding["violations"]) for finding in findings),
        findings=findings,
    )
    if findings:
        logger.error("the books do not agree: %s", [finding["name"] for finding in findings])
    return check


def books_check_due(now: datetime) -> bool:
    """Whether tonight's check has not been made: after two, once a local day."""
    local = timezone.localtime(now)
    if local.time() < CHECKED_AT:
        return False
    tonight = local.replace(hour=CHECKED_AT.hour, minute=0, second=0, microsecond=0)
    return not BooksCheck.objects.filter(checked_at__gte=tonight).exists()


def books_check_nightly(*, now: datetime) -> int:
    """Make tonight's check if it is due; return how many were made."""
    if not books_check_due(now):
        return 0
    books_check_record(now=now)
    return 1


def payouts_require_clean() -> None:
    """Raise `BooksBroken` while money must not be paid out.

    That is while the last check of the books found violations, or a difference
    with a provider's bill is not cleared up.
    """
    last = BooksCheck.objects.order_by("pk").last()
    if last is not None and last.violations:
        raise BooksBroken(
            "The last check of the books found violations.",
            checks=[finding["name"] for finding in last.findings],
        )
    if unresolved := BillDifference.objects.filter(resolved_at__isnull=True).count():
        raise BooksBroken(
            "Differences with a provider's bill are not cleared up.", differences=unresolved
        )
