"""Erasing a person: pseudonyms in what must stay, nothing in the rest, one sealed row for the law.

Trades are kept three years (E-Commerce Law, article 31): the orders stay under
a pseudonym, and who they were with is sealed in `LegalHold` and read by nobody.
What each field becomes stands in `orders.domain.personal_data`.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace

from leaders.integrations.sealing import seal
from leaders.models.accounts import User
from leaders.models.applications import ApplicationDocument, ApplicationState, LeaderApplication
from leaders.models.care import FollowUp
from leaders.services.audit import audit
from orders.domain.personal_data import ERASED_TEXT, pseudonym
from orders.models.claims import Claim, ClaimPhoto
from orders.models.jielong import JielongEntry, JielongImport, JielongItem
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage, SubscriptionQuota
from orders.models.payments import Payment
from orders.models.personal_data import LegalHold
from orders.models.residents import LoginCode, Resident, ResidentToken
from orders.person_errors import PersonErased, PersonHasOpenMatters
from orders.selectors.persons import last_trade_on, open_matters, rows_of_person
from orders.services.locks import phone_lock

LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure came to: the rows of the person, and the claims they had filed."""

    resident_ids: tuple[int, ...]
    order_ids: tuple[int, ...]
    claim_ids: tuple[int, ...]
    known_as: tuple[str, ...]


@transaction.atomic
def person_erase(*, resident: Resident, actor: User | None, now: datetime) -> Erased:
    """Erase a person in every table of orders and leaders, and the files behind them.

    Raises `PersonHasOpenMatters` while orders, money, claims or an application
    are open, or the person is a leader, and `PersonErased` the second time.
    The rows of later apps are theirs to clear (`fulfillment.services.persons`).
    """
    phone_lock(resident.phone or f"resident:{resident.pk}")
    rows = list(rows_of_person(resident).select_for_update())
    if any(row.erased_at is not None for row in rows):
        raise PersonErased("This resident was erased before.", resident=resident.pk)
    ids = [row.pk for row in rows]
    phones = sorted({row.phone for row in rows if row.phone})
    if matters := open_matters(ids, phones):
        raise PersonHasOpenMatters(
            "Something is still open; the data are needed until it is done.",
            matters={matter.value: count for matter, count in matters.items()},
        )
    orders = list(Order.objects.filter(resident_id__in=ids).values_list("pk", flat=True))
    claims = list(
        Claim.objects.filter(order_line__order_id__in=orders).values_list("pk", flat=True)
    )
    known_as = _known_as(rows, orders)
    for row in rows:
        _identity_seal(row, now)
    files = [*_claims_blank(claims), *_applications_blank(phones)]
    _chains_blank(rows, orders, known_as)
    _messages_blank(ids, phones, now)
    _trades_pseudonymise(ids)
    _accounts_blank(rows, phones, now)
    for row in rows:
        audit(action="resident.erased", about=row, actor=actor, now=now)
    # Last, and inside: rows that are brought back without their picture are
    # better than a picture that nobody knows of.
    for name in files:
        default_storage.delete(name)
    return Erased(
        resident_ids=tuple(ids),
        order_ids=tuple(orders),
        claim_ids=tuple(claims),
        known_as=known_as,
    )


@transaction.atomic
def orders_pseudonymise(*, resident_ids: Collection[int]) -> int:
    """Give the orders of these residents their pseudonyms; return how many had none."""
    return _trades_pseudonymise(resident_ids)


def sessions_forget(*, holding: Mapping[str, Collection[object]]) -> int:
    """Delete the sessions that hold one of these values under its key; return how many.

    Reads every session: call it outside any transaction.
    """
    theirs = [
        session.pk
        for session in Session.objects.iterator(chunk_size=1000)
        if any(session.get_decoded().get(key) in values for key, values in holding.items())
    ]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; a leap day becomes the first of March."""
    if (day.month, day.day) == LEAP_DAY:
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def _known_as(rows: Sequence[Resident], orders: Sequence[int]) -> tuple[str, ...]:
    """The names and phones the person went by, for texts that quote them."""
    snapshots = Order.objects.filter(pk__in=orders).values_list("resident_name", "resident_phone")
    words = {row.name for row in rows} | {row.phone for row in rows}
    words |= {word for pair in snapshots.distinct() for word in pair}
    return tuple(sorted(word for word in words if word))


def _identity_seal(row: Resident, now: datetime) -> None:
    traded_on = last_trade_on(row.pk)
    if traded_on is None:
        return
    who = {
        name: getattr(row, name) for name in ("code", "name", "phone", "building", "room", "openid")
    }
    LegalHold.objects.create(
        resident=row,
        sealed=seal(json.dumps(who, ensure_ascii=False)),
        kept_until=years_after(traded_on, settings.TRADE_KEPT_YEARS),
        created_at=now,
    )


def _claims_blank(claims: Sequence[int]) -> list[str]:
    """Blank what was written in claims; return the names of their photos."""
    mine = Claim.objects.filter(pk__in=claims)
    mine.update(description="", leader_note="", decision_note="", bearer_note="")
    mine.exclude(reply="").update(reply=ERASED_TEXT)
    photos = ClaimPhoto.objects.filter(claim_id__in=claims)
    names = [str(name) for name in photos.values_list("photo", flat=True) if name]
    photos.delete()
    return names


def _applications_blank(phones: Sequence[str]) -> list[str]:
    """Blank rejected applications of the same phone; return the names of their photos."""
    mine = LeaderApplication.objects.filter(phone__in=phones, state=ApplicationState.REJECTED)
    return applications_blank(ids=list(mine.values_list("pk", flat=True)))


def applications_blank(*, ids: Sequence[int]) -> list[str]:
    """Blank rejected applications; return the names of the photos whose rows are gone."""
    for pk in ids:
        LeaderApplication.objects.filter(pk=pk).update(
            applicant_name=pseudonym(pk),
            phone="",
            community_name="",
            district="",
            address="",
            introduction="",
            review_note="",
            lng=None,
            lat=None,
        )
    FollowUp.objects.filter(application_id__in=ids).update(note=ERASED_TEXT)
    content_type = ContentType.objects.get_for_model(LeaderApplication)
    LogEntry.objects.filter(
        content_type=content_type, object_id__in=[str(pk) for pk in ids]
    ).update(object_repr=ERASED_TEXT, change_message="")
    documents = ApplicationDocument.objects.filter(application_id__in=ids)
    names = [str(name) for name in documents.values_list("photo", flat=True) if name]
    documents.delete()
    return names


def _chains_blank(rows: Sequence[Resident], orders: Sequence[int], known_as: Sequence[str]) -> None:
    """Blank the group chains a person is in, by row, by name or by door.

    A later paste repeats the rows of an earlier one, so all of a leader's
    pastes for that campaign lose their text; nobody needs them any more.
    """
    is_theirs = Q(resident__in=rows) | Q(order_id__in=orders) | Q(nickname__in=known_as)
    for row in rows:
        if row.building and row.room:
            at_leader = Q(jielong_import__leader_id=row.leader_id)
            is_theirs |= at_leader & Q(building=row.building, room=row.room)
    mine = JielongEntry.objects.filter(
        is_theirs,
        jielong_import__leader=OuterRef("leader"),
        jielong_import__campaign=OuterRef("campaign"),
    )
    pastes = JielongImport.objects.filter(Exists(mine))
    chains_blank(ids=list(pastes.values_list("pk", flat=True)))


def chains_blank(*, ids: Sequence[int]) -> None:
    """Blank these pastes with all their rows."""
    JielongImport.objects.filter(pk__in=ids).update(raw_text="")
    entries = JielongEntry.objects.filter(jielong_import_id__in=ids)
    JielongItem.objects.filter(entry__in=entries).update(raw="")
    entries.exclude(note="").update(note=ERASED_TEXT)
    entries.update(raw="", nickname="", building="", room="", problems=[])


def _messages_blank(ids: Sequence[int], phones: Sequence[str], now: datetime) -> None:
    """Blank what was told to the person; the rows stay, so that nothing is told twice."""
    codes = LoginCode.objects.filter(phone__in=phones)
    keys = [f"login:{pk}" for pk in codes.values_list("pk", flat=True)]
    OutboxMessage.objects.filter(topic="login_code", dedupe_key__in=keys).delete()
    codes.delete()
    told = OutboxMessage.objects.filter(Q(resident_id__in=ids) | Q(phone__in=phones))
    told.filter(done_at=None).update(done_at=now, lease_until=None, lease_token=None)
    told.update(phone="", facts={}, error="")
    SubscriptionQuota.objects.filter(resident_id__in=ids).delete()


def _trades_pseudonymise(ids: Collection[int]) -> int:
    changed = 0
    for pk in ids:
        named = Order.objects.filter(resident_id=pk).exclude(
            resident_name=pseudonym(pk), resident_phone="", building="", room=""
        )
        changed += named.update(
            resident_name=pseudonym(pk),
            resident_phone="",
            building="",
            room="",
            request_hash="",
        )
    Payment.objects.filter(order__resident_id__in=ids).exclude(handle={}).update(handle={})
    return changed


def _accounts_blank(rows: Sequence[Resident], phones: Sequence[str], now: datetime) -> None:
    """Leave of the account what keeps rows together: a new code and a pseudonym.

    The old code is how another system may know the person, and what the log
    of deeds calls them; with a new one neither finds this row again.
    """
    ResidentToken.objects.filter(resident__in=rows).delete()
    for row in rows:
        Resident.objects.filter(pk=row.pk).update(
            code=f"X{secrets.token_hex(6).upper()}",
            name=pseudonym(row.pk),
            phone="",
            building="",
            room="",
            openid="",
            phone_verified_at=None,
            restricted_at=row.restricted_at or now,
            erased_at=now,
        )
    content_type = ContentType.objects.get_for_model(Resident)
    LogEntry.objects.filter(
        content_type=content_type, object_id__in=[str(row.pk) for row in rows]
    ).update(object_repr=ERASED_TEXT)
    for phone in phones:
        LogEntry.objects.filter(change_message__contains=phone).update(
            change_message=Replace("change_message", Value(phone), Value(ERASED_TEXT))
        )
