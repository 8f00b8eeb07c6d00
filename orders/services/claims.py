"""After-sales claims: filed by residents, decided by people, paid back by refunds."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User
from leaders.services.photos import photo_file
from orders.claim_errors import (
    ClaimAlreadyDecided,
    ClaimNotPossible,
    ClaimPhotoRepeated,
)
from orders.domain.claims import ClaimRequest, granted_fen, has_arrived
from orders.domain.lifecycle import CLAIM_LIFECYCLE
from orders.errors import OrderLineUnknown, RequestKeyReused
from orders.models.claims import Claim, ClaimPhoto, ClaimState
from orders.models.orders import Order, OrderLine
from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundReason, Verdict
from orders.selectors.claims import CLAIMABLE_STATES, claimable_lines, order_line_of_resident
from orders.services.outbox import Message, messages_queue
from orders.services.refunds import LineRefund, refund_request

FOLDER = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledClaim:
    """The claim of a request; not new if the same request had filed it before."""

    claim: Claim
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Photo:
    """A cleaned photo with its digest."""

    digest: str
    file: "ContentFile[bytes]"


def claim_file(*, resident_id: int, request: ClaimRequest, now: datetime) -> FiledClaim:
    """File a claim about a line of one of the resident's own orders, or return it.

    Raises `OrderLineUnknown` for anybody else's order, `ClaimNotPossible`
    before the delivery day and for orders that were never delivered,
    `ClaimExceedsLine` for more pieces than came and were not claimed,
    `PhotoRefused`, `ClaimPhotoRepeated`, and `RequestKeyReused` if the key
    stands for another claim.
    """
    photos = _photos_cleaned(request.photos)
    with ExitStack() as undo, transaction.atomic():
        line = _line_locked(resident_id, request)
        known = _filed_before(resident_id, request)
        if known is not None:
            _refuse_another(known, line, request, photos)
            return FiledClaim(claim=known, is_new=False)
        claim = _claim_create(line, request, now)
        for photo in photos:
            name = default_storage.save(f"{FOLDER}/{photo.file.name}", photo.file)
            # A picture without its row would lie there for good.
            undo.callback(default_storage.delete, name)
            ClaimPhoto.objects.create(claim=claim, photo=name, digest=photo.digest)
        undo.pop_all()
    return FiledClaim(claim=claim, is_new=True)


@transaction.atomic
def claim_decide(
    *, claim_id: int, approve: bool, refund_fen: int, note: str, actor: User, now: datetime
) -> Claim:
    """Answer a claim: approve it with a refund, or reject it; the resident is told.

    Raises `ClaimAlreadyDecided` if somebody was first, `ClaimAmountOutOfRange`
    for a refund of nothing or of more than was asked, and `RefundExceedsPaid`
    if the payment has given back too much already.
    """
    claim = Claim.objects.select_related("order_line").get(pk=claim_id)
    # The refund is booked by the state of the order, which must not move meanwhile.
    order = Order.objects.select_for_update(no_key=True).get(pk=claim.order_line.order_id)
    new = ClaimState.APPROVED if approve else ClaimState.REJECTED
    changed = Claim.objects.filter(pk=claim_id, state__in=CLAIM_LIFECYCLE.sources_of(new)).update(
        state=new, decided_at=now, decided_by=actor, decision_note=note
    )
    if not changed:
        raise ClaimAlreadyDecided(_("This claim has been decided already."), claim_id=claim_id)
    claim.refresh_from_db()
    crashpoint("claim.decided")
    fen = granted_fen(claim.asked_fen, refund_fen) if approve else 0
    if fen:
        claim.refund = _refund(claim, order, fen, now)
        claim.save(update_fields=["refund"])
    messages_queue(messages=[_answer(claim, order, fen)], now=now)
    return claim


def _photos_cleaned(photos: Sequence[bytes]) -> list[_Photo]:
    """Re-encode the photos; the same picture twice proves nothing more."""
    cleaned: list[_Photo] = []
    for data in photos:
        file = photo_file(data)
        cleaned.append(_Photo(hashlib.sha256(file.read()).hexdigest(), file))
        file.seek(0)
    if len({photo.digest for photo in cleaned}) < len(cleaned):
        raise ClaimPhotoRepeated(_("The same photo is there twice."))
    return cleaned


def _line_locked(resident_id: int, request: ClaimRequest) -> OrderLine:
    """The line, with its order locked: two claims at once are counted one by one."""
    order_no, line_no = request.order_no, request.line_no
    own = Order.objects.filter(resident_id=resident_id, order_no=order_no)
    # The line is read after the wait for the lock, as it is then.
    own.select_for_update(no_key=True).first()
    line = order_line_of_resident(resident_id=resident_id, order_no=order_no, line_no=line_no)
    if line is None:
        raise OrderLineUnknown(_("You have no such order."), order_no=order_no, line_no=line_no)
    return line


def _filed_before(resident_id: int, request: ClaimRequest) -> Claim | None:
    return (
        Claim.objects.select_related("order_line__order", "refund")
        .filter(order_line__order__resident_id=resident_id, request_key=request.request_key)
        .first()
    )


def _refuse_another(
    known: Claim, line: OrderLine, request: ClaimRequest, photos: Sequence[_Photo]
) -> None:
    said = (known.order_line_id, known.kind, known.qty, known.description)
    digests = set(known.photos.values_list("digest", flat=True))
    if said != (line.pk, request.kind, request.qty, request.description) or digests != {
        photo.digest for photo in photos
    }:
        raise RequestKeyReused(_("This key has been used for another claim."))


def _claim_create(line: OrderLine, request: ClaimRequest, now: datetime) -> Claim:
    order = line.order
    is_there = has_arrived(timezone.localdate(now), order.campaign.delivery_date)
    if order.state not in CLAIMABLE_STATES or not is_there:
        raise ClaimNotPossible(
            _("Claims can be filed from the delivery day on."),
            state=order.state,
            delivery_date=order.campaign.delivery_date,
        )
    return Claim.objects.create(
        order_line=line,
        kind=request.kind,
        qty=request.qty,
        asked_fen=claimable_lines([line])[line.pk].asked_fen(request.qty),
        description=request.description,
        request_key=request.request_key,
        filed_at=now,
    )


def _refund(claim: Claim, order: Order, fen: int, now: datetime) -> Refund:
    payment = Payment.objects.get(order=order, verdict=Verdict.PAID)
    part = LineRefund(
        order_no=order.order_no,
        order_line_id=claim.order_line_id,
        qty=claim.qty,
        amount_fen=fen,
    )
    return refund_request(
        payment_id=payment.pk,
        reason=RefundReason.AFTER_SALES,
        amount_fen=fen,
        refund_no=f"{payment.out_trade_no}A{claim.pk}",
        lines=[part],
        now=now,
    )


def _answer(claim: Claim, order: Order, fen: int) -> Message:
    return Message(
        topic=Topic.CLAIM_DECIDED,
        dedupe_key=f"claim:{claim.pk}",
        phone=order.resident_phone,
        resident_id=order.resident_id,
        facts={
            "order_no": order.order_no,
            "goods": [[claim.order_line.sku_name, claim.qty]],
            "is_approved": claim.state == ClaimState.APPROVED,
            "amount_fen": fen,
        },
    )
