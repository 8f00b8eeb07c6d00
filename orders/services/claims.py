"""After-sales claims: filed by residents, decided by people or a rule, paid back by refunds."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.domain.crashpoints import crashpoint
from leaders.domain.promises import ensure
from leaders.models.accounts import User
from leaders.models.countersignatures import Countersignature, CountersignatureState
from leaders.services.photos import photo_file
from orders.claim_errors import (
    ClaimAlreadyDecided,
    ClaimNotPossible,
    ClaimPhotoRepeated,
    ClaimWaitsForSignature,
    RefundNeedsSignature,
)
from orders.domain.claims import Asked, ClaimRequest, granted_fen, has_arrived
from orders.domain.lifecycle import CLAIM_LIFECYCLE
from orders.errors import OrderLineUnknown, RequestKeyReused
from orders.integrations.fingerprints import fingerprint
from orders.models.claims import Claim, ClaimPhoto, ClaimState, LeaderStance
from orders.models.orders import Order, OrderLine
from orders.models.outbox import Topic
from orders.models.payments import Payment, Refund, RefundReason, Verdict
from orders.selectors import claim_signatures
from orders.selectors.claims import (
    CLAIMABLE_STATES,
    claimable_lines,
    order_line_of_resident,
    promised_g,
)
from orders.services.outbox import Message, messages_queue
from orders.services.refunds import LineRefund, refund_request

FOLDER = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledClaim:
    """The claim of a request; not new if the same request had filed it before."""

    claim: Claim
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecision:
    """An answer to a claim: a refund for a yes, and words for the resident.

    `bearer` is written down where it is known already who bears the loss;
    `for_finance` says why so much goes back, where finance has to sign.
    """

    approve: bool
    refund_fen: int = 0
    note: str = ""
    bearer: str = ""
    bearer_note: str = ""
    for_finance: str = ""


@dataclass(frozen=True, slots=True)
class _Photo:
    """A cleaned photo with its digest and what it shows."""

    digest: str
    fingerprint: int | None
    file: "ContentFile[bytes]"


def claim_file(
    *, resident_id: int, request: ClaimRequest, now: datetime, asks_leader: bool = True
) -> FiledClaim:
    """File a claim about a line of one of the resident's own orders, or return it.

    The leader is told and may say a word for `CLAIM_LEADER_HOURS`, unless the
    caller knows already what became of the goods.

    Raises `OrderLineUnknown` for anybody else's order, `ClaimNotPossible`
    before the delivery day and for orders that were never delivered,
    `ClaimExceedsLine` for more pieces than came and were not claimed,
    `ClaimInvalid` for goods that weigh enough, `PhotoRefused`,
    `ClaimPhotoRepeated`, and `RequestKeyReused` if the key stands for another
    claim.
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
            ClaimPhoto.objects.create(
                claim=claim, photo=name, digest=photo.digest, fingerprint=photo.fingerprint
            )
        if asks_leader:
            messages_queue(messages=[_to_leader(claim)], now=now)
        undo.pop_all()
    return FiledClaim(claim=claim, is_new=True)


@transaction.atomic
def claim_decide(
    *,
    claim_id: int,
    decision: ClaimDecision,
    actor: User | None,
    now: datetime,
    signature: Countersignature | None = None,
) -> Claim:
    """Answer a claim: approve it with a refund, or reject it; the resident is told.

    Without an actor a rule decides: it only approves, and only what the leader
    has agreed to, by word or by silence. `signature` is what finance has just
    signed. Raises `ClaimAlreadyDecided` if somebody was first, or the leader
    has just disagreed, `ClaimAmountOutOfRange` for a refund of nothing or of
    more than was asked, `RefundNeedsSignature` for one that finance has to
    sign, `ClaimWaitsForSignature` while it is asked to, and
    `RefundExceedsPaid` if the payment has given back too much already.
    """
    claim, order = claim_locked(claim_id)
    ensure(decision.approve or actor is not None, "no rule rejects a claim")
    new = ClaimState.APPROVED if decision.approve else ClaimState.REJECTED
    open_claims = Claim.objects.filter(pk=claim_id, state__in=CLAIM_LIFECYCLE.sources_of(new))
    if actor is None:
        open_claims = open_claims.filter(leader_agrees(now))
    changed = open_claims.update(
        state=new,
        decided_at=now,
        decided_by=actor,
        is_automatic=actor is None,
        decision_note=decision.note,
        bearer=decision.bearer,
        bearer_note=decision.bearer_note,
    )
    if not changed:
        raise ClaimAlreadyDecided(_("This claim has been decided already."), claim_id=claim_id)
    claim.refresh_from_db()
    crashpoint("claim.decided")
    fen = granted_fen(claim.asked_fen, decision.refund_fen) if decision.approve else 0
    _require_signature(claim, fen, signature)
    if fen:
        claim.refund = _refund(claim, order, fen, now)
        claim.save(update_fields=["refund"])
    messages_queue(messages=[_answer(claim, order, fen)], now=now)
    return claim


def claim_locked(claim_id: int) -> tuple[Claim, Order]:
    """A claim with its order, which is locked: its refund is booked by the order's state."""
    claim = Claim.objects.select_related("order_line").get(pk=claim_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=claim.order_line.order_id)
    claim.refresh_from_db(fields=["state", "refund"])
    return claim, order


def _require_signature(claim: Claim, fen: int, signature: Countersignature | None) -> None:
    """Refuse what finance has to sign, or is asked to; one signature stands for one amount."""
    if signature is not None:
        ensure(
            (signature.deed, signature.object_type, signature.object_id, signature.amount_fen)
            == (claim_signatures.DEED, claim_signatures.OBJECT_TYPE, str(claim.pk), fen)
            and signature.state == CountersignatureState.SIGNED,
            "a refund is signed for its claim and its amount",
        )
    elif claim_signatures.signature_waiting(claim.pk) is not None:
        raise ClaimWaitsForSignature(_("This waits for finance to sign."), claim_id=claim.pk)
    elif fen and claim_signatures.needs_signature(claim, fen):
        raise RefundNeedsSignature(_("So much goes back only with the signature of finance."))


def leader_agrees(now: datetime) -> Q:
    """Claims whose leader has agreed, or had the time to disagree and did not."""
    silent = Q(leader_stance="") & (Q(leader_until__isnull=True) | Q(leader_until__lt=now))
    return Q(leader_stance=LeaderStance.AGREES) | silent


def _photos_cleaned(photos: Sequence[bytes]) -> list[_Photo]:
    """Re-encode the photos; the same picture twice proves nothing more."""
    cleaned: list[_Photo] = []
    for data in photos:
        file = photo_file(data)
        picture = file.read()
        file.seek(0)
        digest = hashlib.sha256(picture).hexdigest()
        cleaned.append(_Photo(digest, fingerprint(picture), file))
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
    said = (known.order_line_id, known.kind, known.qty, known.weighed_g, known.description)
    says = (line.pk, request.kind, request.qty, request.weighed_g, request.description)
    # By weight the share is worked out from the grams.
    is_same_share = request.weighed_g is not None or known.defect_bp == request.defect_bp
    digests = set(known.photos.values_list("digest", flat=True))
    if said != says or not is_same_share or digests != {photo.digest for photo in photos}:
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
    asked = _asked(line, request)
    return Claim.objects.create(
        order_line=line,
        kind=request.kind,
        qty=request.qty,
        asked_fen=asked.fen,
        defect_bp=asked.defect_bp,
        weighed_g=request.weighed_g,
        description=request.description,
        request_key=request.request_key,
        filed_at=now,
        leader_until=now + timedelta(hours=settings.CLAIM_LEADER_HOURS),
        decide_by=now + timedelta(hours=settings.CLAIM_DECIDE_HOURS),
    )


def _asked(line: OrderLine, request: ClaimRequest) -> Asked:
    left = claimable_lines([line])[line.pk]
    if request.weighed_g is None:
        return left.asked(request.qty, request.defect_bp)
    return left.asked_by_weight(
        request.qty, promised_g=promised_g(line, request.qty), weighed_g=request.weighed_g
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


def _to_leader(claim: Claim) -> Message:
    order, until = claim.order_line.order, claim.leader_until
    return Message(
        topic=Topic.CLAIM_TO_LEADER,
        dedupe_key=f"claim-leader:{claim.pk}",
        phone=order.leader.phone,
        facts={
            "order_no": order.order_no,
            "goods": [[claim.order_line.sku_name, claim.qty]],
            "until": f"{timezone.localtime(until):%H:%M}" if until else "",
        },
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
