"""What a leader received, by line, and until when differences to it count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import ClaimHours, LineCount, LineDue
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.handover import Handover, HandoverCount, HandoverState
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import Drop, ToteState
from fulfillment.selectors.totes import drop_contents
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """One SKU of a delivery as its leader sees it; `last` is the count that counts."""

    due: LineDue
    sku: Sku
    last: HandoverCount | None

    @property
    def is_stray(self) -> bool:
        """Whether nobody sent these goods, and nobody has counted them yet."""
        return not self.due.expected and self.last is None

    @property
    def missing(self) -> int:
        """Pieces that the last count missed; below 0 those that were too many."""
        return self.last.expected_qty - self.last.counted_qty if self.last else 0


def claim_hours() -> ClaimHours:
    """How long a leader may report differences."""
    return ClaimHours(
        cold=timedelta(hours=settings.HANDOVER_CLAIM_HOURS_COLD),
        other=timedelta(hours=settings.HANDOVER_CLAIM_HOURS),
    )


@dataclass(frozen=True, slots=True)
class OpenWindows:
    """How many leaders' deliveries of a night may still be complained of, and until when."""

    deliveries: int
    until: datetime


def windows_open(run: CutoffRun, now: datetime) -> OpenWindows | None:
    """What closing the day now would cut short; None if nothing."""
    found = Handover.objects.filter(
        stop__trip__delivery_run__cutoff_run=run,
        state__in=[HandoverState.SIGNED, HandoverState.UNSIGNED],
        claim_until__gt=now,
    ).aggregate(deliveries=Count("pk"), until=Max("claim_until"))
    return OpenWindows(found["deliveries"], found["until"]) if found["deliveries"] else None


def received_at(handover: Handover) -> datetime:
    """When the claim window of a handover began: once both sides had spoken."""
    entered: datetime | None = ToteEvent.objects.filter(
        tote__drop_id=handover.stop.drop_id,
        trip_id=handover.stop.trip_id,
        to_state=ToteState.DELIVERED,
    ).aggregate(at=Max("at"))["at"]
    return max(handover.confirmed_at, entered or handover.confirmed_at)


def received_lines(handover: Handover, *, also: Collection[int] = ()) -> list[ReceivedLine]:
    """Every SKU that came with a drop, in the order of the codes.

    `also` are SKUs that nobody sent and the leader has, by key.
    """
    drop, since = handover.stop.drop, received_at(handover)
    last = {count.sku_id: count for count in last_counts(drop)}
    came = {sku.sku_id: sku.pieces for sku in drop_contents(drop)}
    hours = claim_hours()
    skus = Sku.objects.filter(pk__in={*came, *last, *also}).order_by("code")
    return [
        ReceivedLine(
            due=LineDue(
                sku_id=sku.pk,
                expected=came.get(sku.pk, 0) + _missed(last.get(sku.pk)),
                until=hours.line_until(StorageClass(sku.storage), since),
                said=said(last.get(sku.pk)),
            ),
            sku=sku,
            last=last.get(sku.pk),
        )
        for sku in skus
    ]


def last_counts(drop: Drop) -> "QuerySet[HandoverCount]":
    """The last count of every SKU of a drop."""
    return (
        HandoverCount.objects.filter(handover__stop__drop=drop)
        .order_by("sku_id", "-pk")
        .distinct("sku_id")
    )


def said(count: HandoverCount | None) -> LineCount | None:
    """A stored count as the rules see it."""
    if count is None:
        return None
    return LineCount(
        sku_id=count.sku_id,
        counted=count.counted_qty,
        cause=Cause(count.cause) if count.cause else None,
        note=count.note,
        has_photo=bool(count.photo),
    )


def photos_of(drop: Drop) -> Mapping[tuple[int, str], str]:
    """(SKU, cause) → the last photo that the leader sent of it."""
    counts = HandoverCount.objects.filter(handover__stop__drop=drop).exclude(photo="")
    return {(count.sku_id, count.cause): str(count.photo) for count in counts.order_by("pk")}


def _missed(count: HandoverCount | None) -> int:
    """Pieces a count found missing: its case has taken them off what the drop holds."""
    return max(0, count.expected_qty - count.counted_qty) if count else 0
