"""Clearing away what nobody may keep any longer: by class, each with its age, each written down.

Nothing here is needed for a trade that is open. The ages are settings; food
purchase records (two years), the books and the log of deeds are never cleared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from leaders.models.applications import ApplicationState, LeaderApplication
from orders.domain.lifecycle import ORDER_LIFECYCLE
from orders.domain.personal_data import PSEUDONYM, Kept
from orders.models.claims import ClaimPhoto, ClaimState
from orders.models.jielong import JielongImport
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage
from orders.models.personal_data import RetentionRecord
from orders.models.residents import ResidentToken, ShortLinkClick
from orders.selectors.persons import holds_due
from orders.services.person_erasure import applications_blank, chains_blank, years_after

# Sessions are gone when they end; the end of a token is kept for questions.
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Clearing:
    """One class of records: its age, and what clears it (or counts, when it is only asked).

    `clear` takes the moment before which things go, and whether it really does.
    """

    name: str
    age: Callable[[], timedelta]
    clear: Callable[[datetime, bool], int]

    def older_than(self, now: datetime) -> datetime:
        """The moment before which things go."""
        return now - self.age()


def retention_clear(
    *, now: datetime, clearings: Sequence[Clearing] | None = None, is_dry_run: bool = False
) -> Mapping[str, int]:
    """Clear every class, each in a transaction of its own; return how many rows by class.

    A dry run counts what would go and changes nothing.
    """
    cleared = {}
    for clearing in CLEARINGS if clearings is None else clearings:
        with transaction.atomic():
            older_than = clearing.older_than(now)
            rows = clearing.clear(older_than, not is_dry_run)
            if not is_dry_run:
                RetentionRecord.objects.create(
                    record_class=clearing.name, cleared_at=now, older_than=older_than, rows=rows
                )
        cleared[clearing.name] = rows
    return cleared


def _messages(before: datetime, is_real: bool) -> int:
    """Blank phone and words; the rows stay, so that nothing is told twice."""
    old = OutboxMessage.objects.filter(done_at__lt=before).exclude(phone="", facts={})
    return old.update(phone="", facts={}, error="") if is_real else old.count()


def _tokens(before: datetime, is_real: bool) -> int:
    ended = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return _deleted(ResidentToken.objects.filter(ended), is_real)


def _sessions(before: datetime, is_real: bool) -> int:
    return _deleted(Session.objects.filter(expire_date__lt=before), is_real)


def _clicks(before: datetime, is_real: bool) -> int:
    return _deleted(ShortLinkClick.objects.filter(at__lt=before), is_real)


def _chains(before: datetime, is_real: bool) -> int:
    day = timezone.localdate(before)
    old = JielongImport.objects.filter(campaign__delivery_date__lt=day).exclude(raw_text="")
    ids = list(old.values_list("pk", flat=True))
    if is_real:
        chains_blank(ids=ids)
    return len(ids)


def _applications(before: datetime, is_real: bool) -> int:
    old = LeaderApplication.objects.filter(
        state=ApplicationState.REJECTED, reviewed_at__lt=before
    ).exclude(phone="")
    ids = list(old.values_list("pk", flat=True))
    if is_real:
        _files_delete(applications_blank(ids=ids))
    return len(ids)


def _photos(before: datetime, is_real: bool) -> int:
    old = ClaimPhoto.objects.filter(claim__decided_at__lt=before).exclude(
        claim__state=ClaimState.FILED
    )
    names = [str(name) for name in old.values_list("photo", flat=True) if name]
    rows = _deleted(old, is_real)
    if is_real:
        _files_delete(names)
    return rows


def _trades(before: datetime, is_real: bool) -> int:
    """Orders past the years of trade, and what an erased person began at that very moment."""
    day = years_after(timezone.localdate(before), -settings.TRADE_KEPT_YEARS)
    over = Order.objects.exclude(state__in=ORDER_LIFECYCLE.open)
    old = over.filter(
        Q(campaign__delivery_date__lt=day) | Q(resident__erased_at__isnull=False)
    ).exclude(resident_phone="", building="", room="", resident_name__startswith=PSEUDONYM)
    if not is_real:
        return old.count()
    return old.update(
        resident_name=Concat(Value(PSEUDONYM), F("resident_id"), output_field=CharField()),
        resident_phone="",
        building="",
        room="",
        request_hash="",
    )


def _holds(before: datetime, is_real: bool) -> int:
    return _deleted(holds_due(timezone.localdate(before)), is_real)


def _deleted(rows: QuerySet[Any], is_real: bool) -> int:
    return rows.delete()[0] if is_real else rows.count()


def _files_delete(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _days(setting: str) -> Callable[[], timedelta]:
    return lambda: timedelta(days=getattr(settings, setting))


CLEARINGS = (
    Clearing(Kept.MESSAGES, _days("RETAIN_MESSAGES_DAYS"), _messages),
    Clearing(Kept.LOGIN, _days("RETAIN_TOKENS_DAYS"), _tokens),
    Clearing(Kept.SESSIONS, lambda: AT_ONCE, _sessions),
    Clearing("clicks", _days("RETAIN_CLICKS_DAYS"), _clicks),
    Clearing(Kept.CHAINS, _days("RETAIN_CHAINS_DAYS"), _chains),
    Clearing(Kept.APPLICATIONS, _days("RETAIN_APPLICATIONS_DAYS"), _applications),
    Clearing(Kept.PHOTOS, _days("RETAIN_CLAIM_PHOTOS_DAYS"), _photos),
    Clearing(Kept.TRADE, lambda: AT_ONCE, _trades),
    Clearing(Kept.HOLD, lambda: AT_ONCE, _holds),
)
