"""What there is to print labels for: one row per route, point, count or SKU."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from fulfillment.domain.label_codes import Labelled
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.labels.choice import in_slot_order
from fulfillment.selectors.totes import totes_sealed_once
from fulfillment.selectors.weighing import portions_standing
from leaders.models.leaders import Leader

# Older counts are found by their SKU.
COUNTS_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSubject:
    """One row: pressing it chooses the labels of `field` = `value`.

    `count` is what will be printed, in pieces, totes or households as the
    kind has it; None where that is not known before it is printed.
    """

    field: str
    value: str
    title: str
    detail: str = ""
    count: int | None = None


def label_subjects(
    run: CutoffRun, kind: Labelled, leader: Leader | None = None
) -> list[LabelSubject]:
    """The rows of a kind; for a leader, the leader's own points."""
    if leader is not None:
        return _points(run, Q(pickup_point__leader=leader))
    return _ROWS[kind](run)


def _routes(run: CutoffRun) -> list[LabelSubject]:
    rows = (
        totes_sealed_once()
        .filter(drop__wave__run=run, drop__stops__isnull=False)
        .order_by("drop__stops__trip__route_no")
        .values_list("drop__stops__trip__route_no")
        .annotate(totes=Count("pk", distinct=True))
    )
    return [
        LabelSubject(field="route", value=str(route_no), title=f"R{route_no:02d}", count=totes)
        for route_no, totes in rows
    ]


def _bagged_points(run: CutoffRun) -> list[LabelSubject]:
    return _points(run, Q(pickup_point__is_bagged=True))


def _points(run: CutoffRun, where: Q) -> list[LabelSubject]:
    drops = Drop.objects.filter(where, wave__run=run, pieces__gt=0).select_related(
        "pickup_point__leader"
    )
    return [
        LabelSubject(
            field="slot",
            value=drop.slot_code,
            title=f"{drop.slot_code} {drop.pickup_point.leader.name}",
            detail=drop.pickup_point.name,
            count=drop.pieces,
        )
        for drop in in_slot_order(drops)
        if drop.slot_code
    ]


def _counts(run: CutoffRun) -> list[LabelSubject]:
    lines = (
        GoodsReceiptLine.objects.filter(
            purchase_line__purchase_order__run=run, void__isnull=True, accepted_qty__gt=0
        )
        .select_related("purchase_line__sku", "purchase_line__purchase_order__supplier")
        .order_by("-pk")[:COUNTS_SHOWN]
    )
    return [
        LabelSubject(
            field="of",
            value=str(line.pk),
            title=line.purchase_line.sku.name,
            detail=line.purchase_line.purchase_order.supplier.name,
            count=line.accepted_qty,
        )
        for line in lines
    ]


def _weighed_skus(run: CutoffRun) -> list[LabelSubject]:
    rows = (
        portions_standing()
        .filter(allocation__run=run)
        .order_by("allocation__order_line__sku__code")
        .values_list("allocation__order_line__sku__code", "allocation__order_line__sku__name")
        .annotate(portions=Count("pk"))
    )
    return [
        LabelSubject(field="sku", value=code, title=name, detail=code, count=portions)
        for code, name, portions in rows
    ]


def _all_routes(run: CutoffRun) -> list[LabelSubject]:
    rows = (
        Drop.objects.filter(wave__run=run, stops__isnull=False, pieces__gt=0)
        .order_by("stops__trip__route_no")
        .values_list("stops__trip__route_no")
        .annotate(total=Sum("pieces"))
    )
    return [
        LabelSubject(field="route", value=str(route_no), title=f"R{route_no:02d}", count=pieces)
        for route_no, pieces in rows
    ]


_ROWS: Mapping[Labelled, Callable[[CutoffRun], list[LabelSubject]]] = {
    Labelled.TOTE: _routes,
    Labelled.HOUSEHOLD: _bagged_points,
    Labelled.ITEM: _all_routes,
    Labelled.PALLET: _counts,
    Labelled.PORTION: _weighed_skus,
}
