"""What there is to share out, by which rule, and what every line has already."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment.domain.allocation import LineDemand, ShortageRule
from fulfillment.models.allocation import Allocation, ShortageChoice
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.selectors.receiving import accepted_by_sku
from orders.domain.demand import line_key
from orders.models.payments import RefundLine, RefundReason


class AllocatedLine(NamedTuple):
    """One line of a SKU with what it has, and what can no longer come to it."""

    allocation_id: int
    order_no: str
    sku_code: str
    point_id: int
    point_code: str
    ordered_qty: int
    allocated_qty: int
    substitute_qty: int
    substitute_sku_id: int | None
    refunded_qty: int
    is_fixed: bool
    paid_at: datetime
    line_no: int
    is_whole_only: bool

    @property
    def key(self) -> str:
        """The business key of the line."""
        return line_key(self.order_no, self.sku_code)

    @property
    def wanted_qty(self) -> int:
        """Pieces it may still get: ordered, not refunded, not replaced."""
        return self.ordered_qty - self.refunded_qty - self.substitute_qty

    @property
    def placed_qty(self) -> int:
        """Pieces it gets, substitutes among them."""
        return self.allocated_qty + self.substitute_qty

    @property
    def short_qty(self) -> int:
        """Pieces it lacks and may still get."""
        return self.wanted_qty - self.allocated_qty

    def demand(self, qty: int) -> LineDemand:
        """A demand of this line for so many pieces."""
        return LineDemand(
            line_key=self.key,
            point_code=self.point_code,
            qty=qty,
            paid_at=self.paid_at,
            line_no=self.line_no,
            is_whole_only=self.is_whole_only,
        )


def lines_of_sku(run: CutoffRun, sku_id: int) -> list[AllocatedLine]:
    """The allocated lines of one SKU in order of their allocation's key."""
    rows = (
        Allocation.objects.filter(run=run, order_line__sku_id=sku_id)
        .annotate(refunded_qty=shortage_refunded_qty())
        .order_by("pk")
        .values_list(
            "pk",
            "order_line__order__order_no",
            "order_line__sku__code",
            "order_line__order__pickup_point_id",
            "order_line__order__pickup_point__code",
            "ordered_qty",
            "allocated_qty",
            "substitute_qty",
            "substitute_sku_id",
            "refunded_qty",
            "is_fixed",
            "order_line__order__paid_at",
            "order_line__line_no",
            "order_line__offer__is_all_or_nothing",
        )
    )
    return [AllocatedLine._make(row) for row in rows]


def shortage_refunded_qty() -> Coalesce:
    """Pieces of an allocation's line whose money was asked back as short; for annotations.

    A refund that the provider closed counts as asked: a person settles it.
    """
    refunded = (
        RefundLine.objects.filter(
            order_line=OuterRef("order_line"), refund__reason=RefundReason.SHORTAGE
        )
        .order_by()
        .values("order_line")
        .annotate(pieces=Sum("qty"))
        .values("pieces")
    )
    return Coalesce(Subquery(refunded), 0)


def supply_by_sku(run: CutoffRun) -> Counter[int]:
    """SKU → pieces there are for its own lines, 0 or more.

    Accepted pieces and leftovers, less what sorting and weighing found
    missing or spoilt, less what was given instead of something else.
    """
    supply = Counter(accepted_by_sku(run))
    gone = (
        ExceptionCase.objects.filter(
            run=run, sku__isnull=False, stage__in=[Stage.SORT, Stage.WEIGH]
        )
        .exclude(cause=Cause.OVER)
        .order_by()
        .values_list("sku_id")
        .annotate(pieces=Sum("qty"))
    )
    given = (
        Allocation.objects.filter(run=run, substitute_qty__gt=0)
        .order_by()
        .values_list("substitute_sku_id")
        .annotate(pieces=Sum("substitute_qty"))
    )
    for rows in (gone, given):
        supply.subtract({sku_id: pieces for sku_id, pieces in rows if sku_id is not None})
    return Counter({sku_id: max(0, pieces) for sku_id, pieces in supply.items()})


def spare_of_sku(run: CutoffRun, sku_id: int) -> int:
    """Pieces of a SKU that nobody gets."""
    lines = Allocation.objects.filter(run=run, order_line__sku_id=sku_id)
    given = lines.aggregate(pieces=Sum("allocated_qty", default=0))["pieces"]
    return max(0, supply_by_sku(run)[sku_id] - int(given))


def sorted_by_point(run: CutoffRun, sku_id: int) -> dict[int, int]:
    """Pickup point → pieces of one SKU in its slot; points nobody entered are missing."""
    rows = (
        SortEvent.objects.filter(
            sort_task__wave__run=run, sort_task__sku_id=sku_id, stage=SortStage.SLOT
        )
        .order_by()
        .values_list("drop__pickup_point_id")
        .annotate(pieces=Sum("qty"))
    )
    return {point_id: pieces for point_id, pieces in rows if point_id is not None}


class ChosenRules:
    """Who goes without, SKU by SKU: chosen for it, else for the wave, else by the campaign."""

    def __init__(self, run: CutoffRun) -> None:
        self._chosen = {
            choice.sku_id: ShortageRule(choice.rule)
            for choice in ShortageChoice.objects.filter(run=run)
        }
        self.otherwise = self._chosen.get(None, ShortageRule(run.campaign.shortage_rule))

    def of(self, sku_id: int) -> ShortageRule:
        """The rule for one SKU."""
        return self._chosen.get(sku_id, self.otherwise)

    def is_chosen(self, sku_id: int | None) -> bool:
        """Whether somebody chose for this SKU; for the wave with None."""
        return sku_id in self._chosen
