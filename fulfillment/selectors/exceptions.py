"""The exceptions of a night: lists, figures per stage, and what one case is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from fulfillment.domain.day_close import SlotChain
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.supplier_accounts import SupplierClaim
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.day_close import DayCounts
from orders.models.catalogue import Sku


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCases:
    """The cases of one stage that a list shows, and how many are open in all."""

    stage: Stage
    cases: Sequence[ExceptionCase]
    open: int
    pieces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """The four counts of a slot's goods, or of all the goods; None is not entered."""

    accepted: int | None
    allocated: int
    sorted: int | None
    loaded: int | None
    delivered: int | None
    of_slot: bool


def cases_of(run: CutoffRun) -> QuerySet[ExceptionCase]:
    """The exceptions of a run with what their pages show, newest last."""
    return (
        ExceptionCase.objects.filter(run=run)
        .select_related(
            "sku", "drop__pickup_point", "tote__drop", "found_by", "decided_by", "supplier_claim"
        )
        .order_by("pk")
    )


def cases_by_stage(run: CutoffRun, *, is_open: bool) -> list[StageCases]:
    """The cases in the order of the night; only the open ones, or all."""
    sums = {
        stage: (open_cases, pieces)
        for stage, open_cases, pieces in ExceptionCase.objects.filter(run=run)
        .order_by()
        .values_list("stage")
        .annotate(
            open_cases=Count("pk", filter=Q(state=ExceptionCaseState.OPEN)),
            pieces=Sum("qty"),
        )
    }
    cases = cases_of(run)
    if is_open:
        cases = cases.filter(state=ExceptionCaseState.OPEN)
    shown = list(cases)
    return [
        StageCases(
            stage=stage,
            cases=[case for case in shown if case.stage == stage],
            open=sums[stage][0],
            pieces=sums[stage][1],
        )
        for stage in Stage
        if stage in sums and (sums[stage][0] or not is_open)
    ]


def case_counts(case: ExceptionCase, counts: DayCounts) -> CaseCounts | None:
    """What the counts say of a case's goods, in its slot if it names one."""
    if case.sku_id is None:
        return None
    drop = case.drop or (case.tote.drop if case.tote else None)
    row = counts.chain.by_sku.get(case.sku_id)
    if row is None:
        return None
    slot = _slot_of(counts, drop, case.sku_id)
    if slot is not None:
        return CaseCounts(
            accepted=row.accepted,
            allocated=slot.counts.planned,
            sorted=slot.counts.sorted,
            loaded=slot.loaded,
            delivered=slot.delivered,
            of_slot=True,
        )
    return CaseCounts(
        accepted=row.accepted,
        allocated=row.allocated,
        sorted=row.sorted,
        loaded=row.loaded,
        delivered=row.delivered,
        of_slot=False,
    )


def claim_of(case: ExceptionCase) -> SupplierClaim | None:
    """The claim on the supplier that rests on a case."""
    return SupplierClaim.objects.filter(case=case).select_related("supplier").first()


def may_be_claimed(case: ExceptionCase) -> bool:
    """Whether the supplier may be asked for the money: it bears goods that were accepted."""
    return (
        case.state == ExceptionCaseState.DECIDED
        and case.bearer == Bearer.SUPPLIER
        and case.stage != Stage.RECEIVE
        and case.cause != Cause.OVER
        and case.qty > 0
        and case.sku_id is not None
    )


def purchase_lines_of(case: ExceptionCase) -> QuerySet[PurchaseOrderLine]:
    """The purchase lines a case's goods may have come with."""
    return (
        PurchaseOrderLine.objects.filter(
            purchase_order__run_id=case.run_id, sku_id=case.sku_id or 0
        )
        .select_related("purchase_order__supplier")
        .order_by("purchase_order__po_no")
    )


def skus_of(run: CutoffRun) -> QuerySet[Sku]:
    """What was sold for a run or given instead, by code."""
    sold = Allocation.objects.filter(run=run).values("order_line__sku_id")
    instead = Allocation.objects.filter(run=run, substitute_qty__gt=0).values("substitute_sku_id")
    bought = PurchaseOrderLine.objects.filter(purchase_order__run=run).values("sku_id")
    return Sku.objects.filter(Q(pk__in=sold) | Q(pk__in=instead) | Q(pk__in=bought)).order_by(
        "code"
    )


def drops_of(run: CutoffRun) -> QuerySet[Drop]:
    """The slots of a run with their points."""
    return (
        Drop.objects.filter(wave__run=run)
        .select_related("pickup_point")
        .order_by("slot_code", "pk")
    )


def _slot_of(counts: DayCounts, drop: Drop | None, sku_id: int) -> SlotChain | None:
    if drop is None:
        return None
    place = (drop.pickup_point_id, sku_id)
    return next(
        (
            slot
            for slot in counts.chain.slots
            if (slot.counts.point_id, slot.counts.sku_id) == place
        ),
        None,
    )
