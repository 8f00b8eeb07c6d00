"""The four counts behind a claim, and who most likely bears it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Sum

from fulfillment.domain.claim_liability import Ground, PieceCounts, propose
from fulfillment.domain.exceptions import Cause
from fulfillment.models.allocation import Allocation
from fulfillment.models.exceptions import Bearer
from fulfillment.models.handover import HandoverCount
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import Batch, GoodsReceiptLine
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.totes import LoadCheck
from fulfillment.models.weighing import WeighedPortion
from orders.models.claims import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One purchase line the goods may have come with, and its batches."""

    line: PurchaseOrderLine
    accepted: int
    batches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """Who is proposed to bear a claim and why, with the figures it rests on."""

    bearer: Bearer
    ground: Ground
    counts: PieceCounts
    sources: Sequence[Source]


def suggest(claim: Claim) -> Liability:
    """Propose who bears a claim, in a fixed number of queries.

    The claim carries its order line with the order.
    """
    allocation = Allocation.objects.filter(order_line=claim.order_line).first()
    run_id = allocation.run_id if allocation else 0
    sources = _sources(run_id, claim.order_line.sku_id)
    counts = _counts(claim, run_id, sources)
    proposal = propose(claim.kind, counts)
    return Liability(
        bearer=Bearer(proposal.bearer.value),
        ground=proposal.ground,
        counts=counts,
        sources=sources,
    )


def _sources(run_id: int, sku_id: int) -> tuple[Source, ...]:
    """Where goods of a run came from: purchase lines of which something was accepted."""
    accepted = dict(
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line__purchase_order__run_id=run_id, purchase_line__sku_id=sku_id)
        .order_by()
        .values_list("purchase_line_id")
        .annotate(pieces=Sum("accepted_qty"))
    )
    batches: dict[int, list[str]] = {line_id: [] for line_id in accepted}
    for line_id, batch_no in (
        Batch.objects.filter(
            receipt_line__purchase_line_id__in=accepted, receipt_line__void__isnull=True
        )
        .order_by("batch_no")
        .values_list("receipt_line__purchase_line_id", "batch_no")
        .distinct()
    ):
        batches[line_id].append(batch_no)
    lines = PurchaseOrderLine.objects.filter(pk__in=accepted).select_related(
        "purchase_order__supplier"
    )
    return tuple(
        Source(line=line, accepted=accepted[line.pk], batches=tuple(batches[line.pk]))
        for line in lines.order_by("purchase_order__po_no", "pk")
        if accepted[line.pk]
    )


def _counts(claim: Claim, run_id: int, sources: Sequence[Source]) -> PieceCounts:
    point_id, sku_id = claim.order_line.order.pickup_point_id, claim.order_line.sku_id
    counted = (
        HandoverCount.objects.filter(
            handover__stop__drop__wave__run_id=run_id,
            handover__stop__drop__pickup_point_id=point_id,
            sku_id=sku_id,
        )
        .order_by("-pk")
        .first()
    )
    rejected = (
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line__purchase_order__run_id=run_id, purchase_line__sku_id=sku_id)
        .aggregate(pieces=Sum("rejected_qty", default=0))["pieces"]
    )
    return PieceCounts(
        accepted=sum(source.accepted for source in sources) if sources else None,
        rejected=rejected,
        planned=_planned(run_id, point_id, sku_id),
        sorted=_sorted(run_id, point_id, sku_id),
        is_loaded=LoadCheck.objects.filter(
            trip__stops__drop__wave__run_id=run_id, trip__stops__drop__pickup_point_id=point_id
        ).exists(),
        handed=counted.expected_qty if counted else None,
        counted=counted.counted_qty if counted else None,
        counted_cause=Cause(counted.cause) if counted and counted.cause else None,
        is_weighed=WeighedPortion.objects.filter(
            allocation__order_line=claim.order_line, undoes__isnull=True
        ).exists(),
    )


def _planned(run_id: int, point_id: int, sku_id: int) -> int:
    """Pieces of a SKU that were to go to a point, given instead of others included."""
    at_point = Allocation.objects.filter(run_id=run_id, order_line__order__pickup_point_id=point_id)
    own: int = at_point.filter(order_line__sku_id=sku_id).aggregate(
        pieces=Sum("allocated_qty", default=0)
    )["pieces"]
    given: int = at_point.filter(substitute_sku_id=sku_id).aggregate(
        pieces=Sum("substitute_qty", default=0)
    )["pieces"]
    return own + given


def _sorted(run_id: int, point_id: int, sku_id: int) -> int | None:
    """Pieces that sorters put into the slot; None if nobody entered any."""
    entered = RouteBlock.objects.filter(sort_task=OuterRef("sort_task"), stage=SortStage.SLOT)
    found: int | None = SortEvent.objects.filter(
        Exists(entered),
        stage=SortStage.SLOT,
        sort_task__wave__run_id=run_id,
        sort_task__sku_id=sku_id,
        drop__pickup_point_id=point_id,
    ).aggregate(pieces=Sum("qty"))["pieces"]
    return found
