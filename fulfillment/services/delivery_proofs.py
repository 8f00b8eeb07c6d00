"""Pictures that drivers' phones send: cleaned, kept once, and tied to their stop for good."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.driving import DeliveryProof, ProofKind
from fulfillment.route_errors import DriverEventRefused, ProofUnreadable
from fulfillment.services.day_guard import run_locked
from leaders.errors import PhotoRefused
from leaders.models.accounts import User
from leaders.services.photos import photo_file

FOLDER = "proofs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofDraft:
    """A picture as a phone sends it, under the id the phone gave it."""

    proof_id: UUID
    kind: ProofKind
    device_at: datetime
    data: bytes


def proof_receive(
    *, trip_id: int, stop_id: int, draft: ProofDraft, actor: User, now: datetime
) -> DeliveryProof:
    """Keep a picture of a stop; sent again it is the same one.

    Raises `ProofUnreadable` for what is no picture, and `DriverEventRefused`
    for a stop of another trip or a picture of another stop.
    """
    try:
        file = photo_file(draft.data)
    except PhotoRefused as error:
        raise ProofUnreadable(error.message, **error.details) from error
    trip = Trip.objects.select_related("delivery_run").get(pk=trip_id)
    with ExitStack() as undo, transaction.atomic():
        run_locked(trip.delivery_run.cutoff_run_id)
        if not Stop.objects.filter(pk=stop_id, trip=trip).exists():
            raise DriverEventRefused(_("This stop is not on this trip any more."))
        known = DeliveryProof.objects.filter(proof_id=draft.proof_id).first()
        if known is not None:
            if known.stop_id != stop_id:
                raise DriverEventRefused(_("This picture is of another stop."))
            return known
        name = default_storage.save(f"{FOLDER}/{file.name}", file)
        # A picture without its row would lie there for good.
        undo.callback(default_storage.delete, name)
        proof = DeliveryProof.objects.create(
            proof_id=draft.proof_id,
            stop_id=stop_id,
            kind=draft.kind,
            picture=name,
            device_at=draft.device_at,
            received_at=now,
            actor=actor,
        )
        undo.pop_all()
    return proof
