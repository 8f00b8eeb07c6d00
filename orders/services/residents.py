"""Residents: who logs in with a phone, and whose group they order in."""

import secrets
from datetime import datetime

from django.db import transaction

from leaders.domain.phones import phone_digits
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from orders.errors import LeaderNotServing, RebindWithoutReason, ResidentWithoutLeader
from orders.models.residents import BindingSource, Resident, ResidentBinding
from orders.selectors.storefront import SERVING_STATES
from orders.services.locks import phone_lock

CODE_BYTES = 5


@transaction.atomic
def resident_log_in(
    *, phone: str, leader: Leader | None, now: datetime, privacy_version: str = ""
) -> Resident:
    """Return the resident of a phone that was just proved, bound to a leader.

    A phone that was proved before keeps its resident and that resident's
    leader, whoever's page it comes from now. Otherwise the one resident that
    an import or the leader knows by this phone is claimed, or a new one made,
    bound to `leader`; raises `ResidentWithoutLeader` if there is none, and
    `LeaderNotServing` if that leader takes no orders. `privacy_version` is
    the notice that was agreed to just now, if any.
    """
    number = phone_digits(phone)
    phone_lock(number)
    resident = Resident.objects.filter(phone=number, phone_verified_at__isnull=False).first()
    if resident is None:
        resident = _resident_first_log_in(number, leader, now)
    resident_privacy_agree(resident=resident, version=privacy_version, now=now)
    return resident


@transaction.atomic
def resident_privacy_agree(*, resident: Resident, version: str, now: datetime) -> None:
    """Note that a resident agrees to a version of the privacy notice; none, or the same, is not."""
    if not version or resident.privacy_version == version:
        return
    resident.privacy_version = version
    resident.privacy_agreed_at = now
    resident.save(update_fields=["privacy_version", "privacy_agreed_at"])


@transaction.atomic
def resident_change_leader(*, resident: Resident, leader: Leader, now: datetime) -> bool:
    """Bind a resident to another leader by their own wish; return whether that changed anything.

    Raises `LeaderNotServing`. Orders placed before stay with the leader they
    were placed at.
    """
    return _resident_bind(
        resident, ResidentBinding(leader=leader, source=BindingSource.RESIDENT, bound_at=now)
    )


@transaction.atomic
def resident_rebind(
    *, resident: Resident, leader: Leader, user: User, reason: str, now: datetime
) -> bool:
    """Bind a resident to another leader on behalf of the operator; return whether it changed.

    Raises `RebindWithoutReason` and `LeaderNotServing`.
    """
    if not reason.strip():
        raise RebindWithoutReason("Please say why the resident changes leader.")
    return _resident_bind(
        resident,
        ResidentBinding(
            leader=leader,
            source=BindingSource.STAFF,
            changed_by=user,
            reason=reason.strip(),
            bound_at=now,
        ),
    )


@transaction.atomic
def resident_address_keep(*, resident: Resident, name: str, building: str, room: str) -> None:
    """Keep what a resident wrote about themselves, for the next order."""
    resident.name = name.strip()
    resident.building = building.strip()
    resident.room = room.strip()
    resident.save(update_fields=["name", "building", "room"])


@transaction.atomic
def neighbour_of_leader(
    *, leader: Leader, name: str, phone: str, building: str, room: str
) -> Resident:
    """Return the resident a leader orders for, made if the leader knows nobody like that.

    A phone decides alone if a resident of this leader has it; without one it
    takes the same name at the same door. The phone of a new one stays unproved.
    """
    number = phone_digits(phone)
    known = Resident.objects.filter(leader=leader).order_by("pk")
    if number:
        known = known.filter(phone=number)
    else:
        known = known.filter(phone="", name=name, building=building, room=room)
    # Two tabs of one leader must not make two neighbours.
    phone_lock(number or f"{leader.pk}:{name}:{building}:{room}")
    return known.first() or Resident.objects.create(
        code=_code(), leader=leader, name=name, phone=number, building=building, room=room
    )


def _resident_first_log_in(number: str, leader: Leader | None, now: datetime) -> Resident:
    """Claim the one resident the leader knows by this phone, or make one."""
    if leader is None:
        raise ResidentWithoutLeader("Open the link that your leader posted, then log in there.")
    _refuse_not_serving(leader)
    known = list(Resident.objects.filter(phone=number, leader=leader, phone_verified_at=None)[:2])
    if len(known) == 1:
        resident = known[0]
        resident.phone_verified_at = now
        resident.save(update_fields=["phone_verified_at"])
    else:
        resident = Resident.objects.create(
            code=_code(), leader=leader, name="", phone=number, phone_verified_at=now
        )
    ResidentBinding.objects.create(
        resident=resident, leader=leader, source=BindingSource.FIRST_VISIT, bound_at=now
    )
    return resident


def _resident_bind(resident: Resident, binding: ResidentBinding) -> bool:
    """Change the leader and record it; the one already bound to changes nothing."""
    _refuse_not_serving(binding.leader)
    changed = (
        Resident.objects.filter(pk=resident.pk)
        .exclude(leader=binding.leader)
        .update(leader=binding.leader)
    )
    if changed:
        binding.resident = resident
        binding.save(force_insert=True)
    resident.leader = binding.leader
    return bool(changed)


def _refuse_not_serving(leader: Leader) -> None:
    if leader.state not in SERVING_STATES:
        raise LeaderNotServing("This leader takes no orders at the moment.", leader=leader.code)


def _code() -> str:
    return f"R{secrets.token_hex(CODE_BYTES).upper()}"
