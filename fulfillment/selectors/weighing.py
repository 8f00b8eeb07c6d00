"""What is weighed of a run: its catch-weight lines with their standing portions."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from fulfillment.domain.catch_weight import Portion, Settlement, is_weighed, settle_line
from fulfillment.models.allocation import Allocation
from fulfillment.models.weighing import WeighedPortion
from orders.models.catalogue import SkuKind
from orders.models.payments import RefundLine, RefundReason, RefundState


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighLine:
    """One order line of goods that are sold by weight.

    `portions` are those that stand, in order of their number; `pieces` are
    handed out. Portions of pieces that the line has lost since are still
    there, and have to be undone.
    """

    allocation_id: int
    order_line_id: int
    order_no: str
    sku_id: int
    point_id: int
    pieces: int
    unit_price_fen: int
    portions: tuple[Portion, ...]

    @property
    def is_weighed(self) -> bool:
        """Whether exactly its pieces are weighed."""
        return is_weighed(self.portions, self.pieces)

    @property
    def weight_g(self) -> int:
        """What its portions weigh together."""
        return sum(portion.net_g for portion in self.portions)

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of the portions that are not weighed yet."""
        weighed = {portion.number for portion in self.portions}
        return tuple(number for number in range(1, self.pieces + 1) if number not in weighed)

    def settlement(self) -> Settlement | None:
        """What it costs; None until all of it is weighed."""
        return settle_line(
            self.portions,
            pieces=self.pieces,
            unit_price_fen=self.unit_price_fen,
            refund_min_fen=settings.WEIGHT_REFUND_MIN_FEN,
        )


def portions_standing() -> QuerySet[WeighedPortion]:
    """Portions that count: neither undone nor the row that undoes another."""
    return WeighedPortion.objects.filter(undoes__isnull=True, undone_by__isnull=True)


def weigh_lines(run_id: int, where: Q | None = None) -> list[WeighLine]:
    """The lines of a run that are sold by weight and get something, in two queries.

    Parameters
    ----------
    run_id
        The run.
    where
        Which of its allocations; all of them if left out.
    """
    lines = Allocation.objects.filter(
        where or Q(), run_id=run_id, order_line__sku__kind=SkuKind.CATCH_WEIGHT
    ).filter(Q(allocated_qty__gt=0) | Q(portions__isnull=False))
    rows = (
        lines.order_by("order_line__order__order_no", "order_line__line_no")
        .values_list(
            "pk",
            "order_line_id",
            "order_line__order__order_no",
            "order_line__sku_id",
            "order_line__order__pickup_point_id",
            "allocated_qty",
            "order_line__unit_price_fen",
        )
        .distinct()
    )
    portions = _portions_of(lines)
    return [
        WeighLine(
            allocation_id=pk,
            order_line_id=line_id,
            order_no=order_no,
            sku_id=sku_id,
            point_id=point_id,
            pieces=pieces,
            unit_price_fen=unit_price_fen,
            portions=tuple(portions[pk]),
        )
        for pk, line_id, order_no, sku_id, point_id, pieces, unit_price_fen in rows
    ]


def weight_refunded(run_id: int) -> dict[int, int]:
    """Order line → fen that went back for its weight, or are on their way."""
    return dict(
        RefundLine.objects.filter(
            order_line__allocation__run_id=run_id, refund__reason=RefundReason.SHORT_WEIGHT
        )
        .exclude(refund__state=RefundState.CLOSED)
        .values_list("order_line_id")
        .annotate(fen=Sum("amount_fen"))
        .order_by("order_line_id")
    )


def _portions_of(lines: QuerySet[Allocation]) -> dict[int, list[Portion]]:
    portions: defaultdict[int, list[Portion]] = defaultdict(list)
    rows = (
        portions_standing()
        .filter(allocation__in=lines.order_by().values("pk"))
        .order_by("allocation_id", "portion_no", "pk")
        .values_list("allocation_id", "portion_no", "nominal_g", "net_g")
    )
    for allocation_id, number, nominal_g, net_g in rows:
        portions[allocation_id].append(Portion(number=number, nominal_g=nominal_g, net_g=net_g))
    return portions
