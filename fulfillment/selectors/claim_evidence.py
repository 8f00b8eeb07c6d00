"""The evidence of one claim: photos, what happened when, counts, earlier claims, money."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet, Sum

from fulfillment.models.handover import Handover
from fulfillment.selectors.claim_facts import is_fast, is_light_enough, pickups_at, rule_decisions
from fulfillment.selectors.claim_liability import Liability, suggest
from orders.domain.claim_rules import RuleDecision
from orders.models.claims import Claim, ClaimPhoto
from orders.models.payments import RefundLine, RefundState
from orders.selectors.claim_photos import photos_seen_before
from orders.selectors.claims import promised_g

EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo and the other claims that show it, too."""

    pk: int
    seen_in: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened; `what` names it, words may follow."""

    what: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the desk knows of a claim."""

    claim: Claim
    photos: Sequence[Photo]
    moments: Sequence[Moment]
    earlier: Sequence[Claim]
    liability: Liability
    rule: RuleDecision
    is_fast: bool
    is_light_enough: bool
    promised_g: int
    refunded_fen: int

    @property
    def is_photo_known(self) -> bool:
        """Whether a photo of it was seen in another claim."""
        return any(photo.seen_in for photo in self.photos)


def claims_to_read() -> QuerySet[Claim]:
    """Every claim with what its page shows."""
    photos = ClaimPhoto.objects.order_by("pk")
    return Claim.objects.select_related(
        "order_line__order__campaign",
        "order_line__order__leader",
        "order_line__order__pickup_point",
        "order_line__sku",
        "refund",
        "decided_by",
    ).prefetch_related(Prefetch("photos", queryset=photos))


def evidence_of(claim: Claim, now: datetime) -> Evidence:
    """Everything there is about a claim of `claims_to_read`, in a fixed number of queries."""
    order = claim.order_line.order
    picked_up_at = pickups_at({order.pk}).get(order.pk)
    seen = photos_seen_before([claim.pk])
    earlier = (
        Claim.objects.filter(order_line__order__resident_id=order.resident_id)
        .exclude(pk=claim.pk)
        .select_related("order_line", "refund")
        .order_by("-filed_at", "-pk")[:EARLIER_SHOWN]
    )
    return Evidence(
        claim=claim,
        photos=[Photo(pk=photo.pk, seen_in=seen.get(photo.pk, ())) for photo in claim.photos.all()],
        moments=sorted(_moments(claim, picked_up_at), key=lambda moment: moment.at),
        earlier=list(earlier),
        liability=suggest(claim),
        rule=rule_decisions([claim], now)[claim.pk],
        is_fast=is_fast(claim, picked_up_at),
        is_light_enough=is_light_enough(claim),
        promised_g=promised_g(claim.order_line, claim.qty),
        refunded_fen=_refunded_fen(claim),
    )


def fast_marks(claims: Sequence[Claim]) -> Mapping[int, bool]:
    """Which claims of a list came within the fast lane, in one query."""
    picked_up = pickups_at({claim.order_line.order_id for claim in claims})
    return {claim.pk: is_fast(claim, picked_up.get(claim.order_line.order_id)) for claim in claims}


def _moments(claim: Claim, picked_up_at: datetime | None) -> Iterator[Moment]:
    order = claim.order_line.order
    yield Moment(what="placed", at=order.placed_at)
    if order.paid_at:
        yield Moment(what="paid", at=order.paid_at)
    handover = (
        Handover.objects.filter(
            stop__drop__wave__run__campaign_id=order.campaign_id,
            stop__drop__pickup_point_id=order.pickup_point_id,
        )
        .order_by("confirmed_at")
        .first()
    )
    if handover:
        yield Moment(what="handed_over", at=handover.confirmed_at, words=handover.note)
    if picked_up_at:
        yield Moment(what="picked_up", at=picked_up_at)
    yield Moment(what="filed", at=claim.filed_at)
    if claim.leader_answered_at:
        yield Moment(what="leader", at=claim.leader_answered_at, words=claim.leader_note)
    if claim.replied_at:
        yield Moment(what="replied", at=claim.replied_at, words=claim.reply)
    if claim.decided_at:
        yield Moment(what="decided", at=claim.decided_at, words=claim.decision_note)


def _refunded_fen(claim: Claim) -> int:
    """What went back of the line, for whatever reason."""
    lines = RefundLine.objects.filter(order_line_id=claim.order_line_id).exclude(
        refund__state=RefundState.CLOSED
    )
    fen: int = lines.aggregate(fen=Sum("amount_fen", default=0))["fen"]
    return fen
