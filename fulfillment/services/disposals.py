"""What becomes of goods nobody fetched: they are thrown away, given away or kept, with proof.

Goods are thrown away at the resident's cost only after two reminders that
reached them: nothing is refunded for it.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.pickups import REMINDERS_BEFORE_DISPOSAL
from fulfillment.models.pickups import Disposal, DisposalKind
from fulfillment.pickup_errors import DisposalRefused
from fulfillment.selectors.pickups import pickup_of_order
from fulfillment.selectors.unpicked import is_perishable, may_dispose_at, reminders_of
from fulfillment.services.pickups import orders_lock
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import points_minded_by
from leaders.services.audit import audit
from leaders.services.photos import photo_file
from orders.models.orders import Order, OrderState

FOLDER = "disposals"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDraft:
    """What the leader says; `photo` holds the bytes of a picture, or None."""

    kind: DisposalKind
    note: str
    photo: bytes | None


def order_dispose(
    *, leader: Leader, order_id: int, draft: DisposalDraft, actor: User, now: datetime
) -> Disposal:
    """Write down what was done with the goods of an order nobody fetched.

    Raises
    ------
    DisposalRefused
        If the order is not the leader's to hand out, was fetched or disposed
        of, if it is too early, or without the photo, the note or the two
        reminders that its kind needs.
    PhotoRefused
        If the picture cannot be read.
    """
    photo = photo_file(draft.photo) if draft.photo else None
    with ExitStack() as undo, transaction.atomic():
        order = orders_lock([order_id]).get(order_id)
        if order is None or not _is_here(leader, order, now):
            raise DisposalRefused(_("There is no such order at your points."), order=order_id)
        _require_waiting(order)
        _require_grounds(order, draft, now)
        disposal = Disposal(order=order, kind=draft.kind, note=draft.note, at=now, made_by=actor)
        if photo is not None:
            disposal.photo.name = default_storage.save(f"{FOLDER}/{photo.name}", photo)
            # A picture without its row would lie there for good.
            undo.callback(default_storage.delete, disposal.photo.name)
        disposal.save(force_insert=True)
        audit(
            action="goods.disposed",
            about=disposal,
            actor=actor,
            now=now,
            facts={"order_no": order.order_no, "kind": draft.kind.value},
        )
        undo.pop_all()
    return disposal


def _is_here(leader: Leader, order: Order, now: datetime) -> bool:
    minded = points_minded_by(leader, timezone.localdate(now))
    return minded.filter(pk=order.pickup_point_id).exists()


def _require_waiting(order: Order) -> None:
    if order.state != OrderState.FROZEN or pickup_of_order(order.pk):
        raise DisposalRefused(_("These goods do not wait any more."), order=order.pk)
    if Disposal.objects.filter(order=order).exists():
        raise DisposalRefused(_("What became of these goods is written down."), order=order.pk)


def _require_grounds(order: Order, draft: DisposalDraft, now: datetime) -> None:
    """What each kind needs: spoiling its time, photo and reminders, giving away a word."""
    day = order.campaign.delivery_date
    if draft.kind is DisposalKind.GIVEN_AWAY and not draft.note.strip():
        raise DisposalRefused(_("Say who agreed that it is given away, and when."))
    if draft.kind is not DisposalKind.SPOILED:
        return
    if now < may_dispose_at(day, is_perishable(order.pk)):
        raise DisposalRefused(_("These goods still have to wait for their resident."))
    if not draft.photo:
        raise DisposalRefused(_("Take a photo of the goods first."))
    reached = reminders_of([(order.order_no, day)]).reached.get(order.order_no, 0)
    if reached < REMINDERS_BEFORE_DISPOSAL:
        raise DisposalRefused(_("Two reminders have to reach the resident first."), reached=reached)
