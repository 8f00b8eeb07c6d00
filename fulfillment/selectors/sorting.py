"""What goes from each SKU to each pickup point, and what sorters put there."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Q, Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.selectors.receiving import accepted_by_sku
from orders.models.catalogue import SkuKind


class PointSku(NamedTuple):
    """Pieces of one SKU for one pickup point, with the size of one piece."""

    point_id: int
    point_code: str
    sku_id: int
    sku_code: str
    storage: str
    unit_weight_g: int
    unit_volume_ml: int
    has_bin: bool
    is_weighed: bool
    pieces: int


def allocated_by_point_and_sku(
    run: CutoffRun, *, point_ids: Collection[int] | None = None
) -> list[PointSku]:
    """The allocation projected on pickup points, in order of point and SKU code.

    Substitutes are pieces of the SKU that is given. Points and SKUs without
    pieces are left out; `point_ids` asks for some points only.
    """
    allocations = Allocation.objects.filter(run=run)
    if point_ids is not None:
        allocations = allocations.filter(order_line__order__pickup_point_id__in=point_ids)
    pieces: Counter[PointSku] = Counter()
    for given, sku in (("allocated_qty", "order_line__sku"), ("substitute_qty", "substitute_sku")):
        rows = (
            allocations.filter(**{f"{given}__gt": 0})
            .order_by()
            .values_list(
                "order_line__order__pickup_point_id",
                "order_line__order__pickup_point__code",
                f"{sku}_id",
                f"{sku}__code",
                f"{sku}__storage",
                f"{sku}__weight_g",
                f"{sku}__volume_ml",
                f"{sku}__bin_code",
                f"{sku}__kind",
            )
            .annotate(pieces=Sum(given))
        )
        for *goods, bin_code, kind, qty in rows:
            is_weighed = kind == SkuKind.CATCH_WEIGHT
            pieces[PointSku._make((*goods, bool(bin_code), is_weighed, 0))] += qty
    return [
        goods._replace(pieces=pieces[goods])
        for goods in sorted(pieces, key=lambda goods: (goods.point_code, goods.sku_code))
    ]


def sown_by_point_and_sku(run: CutoffRun) -> dict[tuple[int, int], int]:
    """(pickup point, SKU) → pieces that lie in the point's slot by what sorters entered.

    What nobody entered is missing, not zero; what was taken back counts down.
    """
    rows = (
        SortEvent.objects.filter(sort_task__wave__run=run, stage=SortStage.SLOT)
        .order_by()
        .values("drop__pickup_point_id", "sort_task__sku_id")
        .annotate(pieces=Sum("qty"))
        .values_list("drop__pickup_point_id", "sort_task__sku_id", "pieces")
    )
    return {(point_id, sku_id): pieces for point_id, sku_id, pieces in rows}


def planned_by_point_and_sku(
    run: CutoffRun, *, sku_id: int | None = None
) -> Counter[tuple[int, int]]:
    """(pickup point, SKU) → pieces to put into the point's slot, substitutes among them.

    Points that ordered a SKU and get nothing of it are there with 0.
    """
    allocations = Allocation.objects.filter(run=run).order_by()
    own = allocations if sku_id is None else allocations.filter(order_line__sku_id=sku_id)
    given = allocations.filter(substitute_qty__gt=0)
    if sku_id is not None:
        given = given.filter(substitute_sku_id=sku_id)
    planned: Counter[tuple[int, int]] = Counter()
    for rows in (
        own.values_list("order_line__order__pickup_point_id", "order_line__sku_id").annotate(
            pieces=Sum("allocated_qty")
        ),
        given.values_list("order_line__order__pickup_point_id", "substitute_sku_id").annotate(
            pieces=Sum("substitute_qty")
        ),
    ):
        for point_id, of_sku_id, pieces in rows:
            planned[point_id, of_sku_id] += pieces
    return planned


def desk_supply_by_sku(run: CutoffRun) -> Counter[int]:
    """SKU → pieces there are to sort: accepted, less what sorting and weighing found gone.

    What sorting found too many counts: a card with it adds up.
    """
    supply = Counter(accepted_by_sku(run))
    supply.subtract(gone_by_sku(run))
    return supply


def gone_by_sku(run: CutoffRun) -> Counter[int]:
    """SKU → accepted pieces that sorting and weighing found gone, below 0 too many."""
    rows = (
        ExceptionCase.objects.filter(
            Q(stage=Stage.SORT) | Q(stage=Stage.WEIGH) & ~Q(cause=Cause.OVER),
            run=run,
            sku__isnull=False,
        )
        .order_by()
        .values_list("sku_id", "cause")
        .annotate(pieces=Sum("qty"))
    )
    gone: Counter[int] = Counter()
    for sku_id, cause, pieces in rows:
        if sku_id is not None:
            gone[sku_id] += -pieces if cause == Cause.OVER else pieces
    return gone
