"""What residents ask about their own data: written down, answered within 15 days, once.

Articles 44 to 50 of the Personal Information Protection Law: a copy, a
correction, restriction (kept and protected, used for nothing) and erasure.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leaders.domain.phones import phone_digits
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.domain.lifecycle import ORDER_LIFECYCLE, PERSON_REQUEST_LIFECYCLE
from orders.models.orders import Order
from orders.models.personal_data import PersonRequest, PersonRequestKind, PersonRequestState
from orders.models.residents import Resident, ResidentToken
from orders.person_errors import (
    PersonAnswerMissing,
    PersonErased,
    PersonRequestAnswered,
    PhoneTaken,
)
from orders.selectors.persons import rows_of_person
from orders.services.locks import phone_lock

OUTCOME_LENGTH = 300


@transaction.atomic
def person_request_open(
    *, resident: Resident, kind: PersonRequestKind, now: datetime, actor: User | None = None
) -> PersonRequest:
    """Write down what a resident asks, or return it if it is asked for already.

    `actor` took it down for somebody who wrote or called; None is the resident
    on the own page. Raises `PersonErased`.
    """
    Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    if resident.erased_at is not None:
        raise PersonErased(_("This resident was erased before."), resident=resident.pk)
    request, is_new = PersonRequest.objects.get_or_create(
        resident=resident,
        kind=kind,
        state=PersonRequestState.OPEN,
        defaults={
            "asked_at": now,
            "due_at": now + timedelta(days=settings.PERSON_REQUEST_DAYS),
            "asked_by": actor,
        },
    )
    if is_new:
        audit(
            action="person_request.opened",
            about=request,
            actor=actor,
            now=now,
            facts={"kind": request.kind, "resident": resident.code},
        )
    return request


@transaction.atomic
def person_request_handle(
    *,
    request: PersonRequest,
    actor: User | None,
    now: datetime,
    outcome: str = "",
    is_refused: bool = False,
) -> PersonRequest:
    """Note that a request was answered; what it asks for is done by whoever calls.

    Raises `PersonRequestAnswered` if somebody was first, and
    `PersonAnswerMissing` for a refusal without a word.
    """
    if is_refused and not outcome.strip():
        raise PersonAnswerMissing(_("Please say why it is refused."))
    new = PersonRequestState.REFUSED if is_refused else PersonRequestState.DONE
    moved = PersonRequest.objects.filter(
        pk=request.pk, state__in=PERSON_REQUEST_LIFECYCLE.sources_of(new)
    ).update(state=new, handled_at=now, handled_by=actor, outcome=outcome.strip()[:OUTCOME_LENGTH])
    if not moved:
        raise PersonRequestAnswered(_("This request has been answered already."))
    audit(
        action=f"person_request.{new.value}",
        about=request,
        actor=actor,
        now=now,
        facts={"kind": request.kind},
    )
    request.refresh_from_db()
    return request


@transaction.atomic
def person_restrict(*, resident: Resident, actor: User | None, now: datetime) -> bool:
    """Keep a person's data and use them for nothing; return whether that is new.

    Every row of the person is hidden from lists, gets no message but of
    recalls and money, and cannot order until it is lifted.
    """
    rows = list(rows_of_person(resident).select_for_update(no_key=True))
    free = [row for row in rows if row.restricted_at is None]
    Resident.objects.filter(pk__in=[row.pk for row in free]).update(restricted_at=now)
    for row in free:
        audit(action="resident.restricted", about=row, actor=actor, now=now)
    return bool(free)


@transaction.atomic
def person_restriction_lift(*, resident: Resident, actor: User | None, now: datetime) -> bool:
    """Use the data as before; return whether they were restricted. Raises `PersonErased`."""
    rows = list(rows_of_person(resident).select_for_update(no_key=True))
    if any(row.erased_at is not None for row in rows):
        raise PersonErased(_("This resident was erased before."), resident=resident.pk)
    held = [row for row in rows if row.restricted_at is not None]
    Resident.objects.filter(pk__in=[row.pk for row in held]).update(restricted_at=None)
    for row in held:
        audit(action="resident.restriction_lifted", about=row, actor=actor, now=now)
    return bool(held)


@transaction.atomic
def person_correct(
    *,
    resident: Resident,
    words: Mapping[str, str],
    actor: User | None,
    now: datetime,
) -> tuple[str, ...]:
    """Correct name, building and room here and in open orders; return what changed.

    Orders that are done stay as they were: they say to whom the goods were
    handed out. Raises `PersonErased`.
    """
    row = Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    if row.erased_at is not None:
        raise PersonErased(_("This resident was erased before."), resident=row.pk)
    new = {name: words[name].strip() for name in ("name", "building", "room") if name in words}
    changed = tuple(name for name, word in new.items() if getattr(row, name) != word)
    if not changed:
        return ()
    for name in changed:
        setattr(row, name, new[name])
        setattr(resident, name, new[name])
    row.save(update_fields=changed)
    snapshot = {("resident_name" if name == "name" else name): new[name] for name in changed}
    orders = _open_orders(row).update(**snapshot)
    audit(
        action="resident.corrected",
        about=row,
        actor=actor,
        now=now,
        facts={"fields": list(changed), "orders": orders},
    )
    return changed


@transaction.atomic
def person_phone_change(*, resident: Resident, phone: str, now: datetime) -> None:
    """Give a resident another phone, which was proved by a code just now.

    Open orders follow; tokens of the old phone end. Raises `PhoneTaken` if it
    belongs to another resident, and `PersonErased`.
    """
    number = phone_digits(phone)
    phone_lock(number)
    row = Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    if row.erased_at is not None:
        raise PersonErased(_("This resident was erased before."), resident=row.pk)
    try:
        with transaction.atomic():
            Resident.objects.filter(pk=row.pk).update(phone=number, phone_verified_at=now)
    except IntegrityError:
        raise PhoneTaken(_("This phone already belongs to a resident.")) from None
    orders = _open_orders(row).update(resident_phone=number)
    ResidentToken.objects.filter(resident=row, revoked_at=None).update(revoked_at=now)
    resident.phone = number
    audit(
        action="resident.corrected",
        about=row,
        actor=None,
        now=now,
        facts={"fields": ["phone"], "orders": orders},
    )


def _open_orders(row: Resident) -> QuerySet[Order]:
    return Order.objects.filter(resident=row, state__in=ORDER_LIFECYCLE.open)
