"""The rows of a day for its chain: each table of a run read once.

Nothing here trusts a stored total where the rows below it can be summed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Q, Sum

from fulfillment.domain.day_counts import Arrival, FoundCase, SkuSupply, SlotCounts
from fulfillment.domain.exceptions import Cause, Stage
from fulfillment.domain.sorting import parse_slot
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.delivery import Stop, StopState
from fulfillment.models.exceptions import ExceptionCase, ExceptionCaseState
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.purchasing import PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.sorting import RouteBlock, SortStage
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.leftovers import leftovers_used_by_sku
from fulfillment.selectors.sorting import sown_by_point_and_sku
from orders.models.claims import Claim, ClaimState
from orders.models.orders import OrderLine
from orders.models.payments import RefundLine, RefundReason, RefundState
from orders.selectors.demand import DEMANDED_STATES

# A stop that ended like this left nothing at the point.
NOTHING_LEFT = (StopState.REFUSED, StopState.FAILED)

Place = tuple[int, int]


class Handed(NamedTuple):
    """How far a drop's goods are known to have come, and on which trip.

    Of a drop in parts `trip_id` is the trip that is furthest behind, `route_no`
    always the first part's.
    """

    drop: Drop
    trip_id: int | None
    route_no: int | None
    is_loaded: bool
    arrival: Arrival


class DayRows:
    """The rows of one run."""

    def __init__(self, run: CutoffRun) -> None:
        self.run = run

    @cached_property
    def is_allocated(self) -> bool:
        """Whether the goods were shared out."""
        return Allocation.objects.filter(run=self.run).exists()

    @cached_property
    def declared(self) -> set[tuple[str, int | None, int | None, int | None]]:
        """Counts that nobody will enter: stage, sort task, trip, drop."""
        return set(
            UnrecordedCount.objects.filter(run=self.run).values_list(
                "stage", "sort_task_id", "trip_id", "drop_id"
            )
        )

    @cached_property
    def tasks(self) -> dict[int, int]:
        """SKU → its sort task."""
        return dict(SortTask.objects.filter(wave__run=self.run).values_list("sku_id", "pk"))

    @cached_property
    def entered(self) -> set[tuple[int, int]]:
        """(sort task, route) whose slots were entered; route 0 is all of them."""
        return set(
            RouteBlock.objects.filter(
                sort_task__wave__run=self.run, stage=SortStage.SLOT
            ).values_list("sort_task_id", "route_no")
        )

    @cached_property
    def handed(self) -> dict[int, Handed]:
        """Pickup point → its drop and how far its goods came."""
        stops: defaultdict[int, list[Stop]] = defaultdict(list)
        for stop in (
            Stop.objects.filter(trip__delivery_run__cutoff_run=self.run)
            .select_related("trip")
            .order_by("part_no")
        ):
            stops[stop.drop_id].append(stop)
        loaded = set(
            LoadCheck.objects.filter(trip__delivery_run__cutoff_run=self.run).values_list(
                "trip_id", flat=True
            )
        )
        taken = set(
            Handover.objects.filter(stop__trip__delivery_run__cutoff_run=self.run)
            .exclude(state=HandoverState.PENDING)
            .values_list("stop_id", flat=True)
        )
        return {
            drop.pickup_point_id: self._handed_of(drop, stops[drop.pk], loaded, taken)
            for drop in Drop.objects.filter(wave__run=self.run)
            .select_related("pickup_point__leader")
            .order_by("pk")
        }

    def _handed_of(
        self, drop: Drop, stops: Sequence[Stop], loaded: set[int], taken: set[int]
    ) -> Handed:
        """A drop is where the part is that is furthest behind; something left there is taken."""
        in_no_trip = [None] if not stops or drop.unserved_reason else []
        parts = [self._part_of(drop, stop, loaded, taken) for stop in [*stops, *in_no_trip]]
        behind = min(
            parts,
            key=lambda part: (
                part.is_loaded,
                part.arrival is not Arrival.UNKNOWN,
                part.arrival is Arrival.REFUSED,
            ),
        )
        return behind._replace(route_no=parts[0].route_no)

    def _part_of(self, drop: Drop, stop: Stop | None, loaded: set[int], taken: set[int]) -> Handed:
        trip_id = stop.trip_id if stop else None
        drop_id = None if stop else drop.pk
        is_taken = stop is not None and stop.pk in taken
        arrival = Arrival.UNKNOWN
        if stop is not None and stop.state in NOTHING_LEFT:
            arrival = Arrival.REFUSED
        elif is_taken or self._is_declared(Stage.HANDOVER, trip_id, drop_id):
            arrival = Arrival.TAKEN
        return Handed(
            drop=drop,
            trip_id=trip_id,
            route_no=stop.trip.route_no if stop else None,
            is_loaded=trip_id in loaded or self._is_declared(Stage.LOAD, trip_id, drop_id),
            arrival=arrival,
        )

    def _is_declared(self, stage: Stage, trip_id: int | None, drop_id: int | None) -> bool:
        return (stage.value, None, trip_id, drop_id) in self.declared

    def supplies(self) -> Iterator[SkuSupply]:
        """What came into the warehouse, by SKU."""
        ordered = dict(
            PurchaseOrderLine.objects.filter(purchase_order__run=self.run, ended_as="")
            .exclude(purchase_order__state=PurchaseOrderState.CANCELLED)
            .order_by()
            .values_list("sku_id")
            .annotate(pieces=Sum("ordered_qty"))
        )
        accepted = dict(
            GoodsReceiptLine.objects.standing()
            .filter(purchase_line__purchase_order__run=self.run)
            .order_by()
            .values_list("purchase_line__sku_id")
            .annotate(pieces=Sum(F("arrived_qty") - F("rejected_qty")))
        )
        used = leftovers_used_by_sku(self.run)
        # A line nobody counted did not arrive once the dock is closed.
        uncounted = None if self.run.receiving_closed_at is None else 0
        for sku_id in sorted({*ordered, *accepted, *used}):
            bought = sku_id in ordered or sku_id in accepted
            yield SkuSupply(
                sku_id=sku_id,
                ordered=ordered.get(sku_id, 0),
                accepted=accepted.get(sku_id, uncounted) if bought else 0,
                used=used.get(sku_id, 0),
            )

    def slots(self) -> Iterator[SlotCounts]:
        """Every (pickup point, SKU) that ordered something or got something."""
        need = _sold(self.run)
        allocated, substituted, free_short = _allocated(self.run)
        given, refunded = _given(self.run), _refunded(self.run)
        claimed = _claimed(self.run, [ClaimState.FILED, ClaimState.APPROVED])
        repaid = _claimed(self.run, [ClaimState.APPROVED])
        sown = sown_by_point_and_sku(self.run)
        for place in sorted({*need, *allocated, *given, *sown}):
            handed = self.handed.get(place[0])
            yield SlotCounts(
                point_id=place[0],
                sku_id=place[1],
                need=need[place],
                allocated=allocated[place],
                substituted=substituted[place],
                given=given[place],
                refunded=refunded[place],
                free_short=free_short[place],
                sorted=self._sorted(place, allocated[place] + given[place], sown),
                is_loaded=bool(handed and handed.is_loaded),
                arrival=handed.arrival if handed else Arrival.UNKNOWN,
                claimed=claimed[place],
                claim_refunded=repaid[place],
            )

    def _sorted(self, place: Place, planned: int, sown: Mapping[Place, int]) -> int | None:
        """Pieces in a slot: entered, declared to be as planned, or None."""
        point_id, sku_id = place
        if not planned:
            return sown.get(place, 0)
        handed, task_id = self.handed.get(point_id), self.tasks.get(sku_id)
        if handed is None or task_id is None:
            return None
        if self._is_entered(task_id, handed.drop):
            return sown.get(place, 0)
        is_declared = (Stage.SORT.value, task_id, None, None) in self.declared
        return sown.get(place, planned) if is_declared else None

    def _is_entered(self, task_id: int, drop: Drop) -> bool:
        return (task_id, 0) in self.entered or (
            bool(drop.slot_code) and (task_id, parse_slot(drop.slot_code).route_no) in self.entered
        )

    def cases(self) -> list[FoundCase]:
        """The exceptions of the run, at the point they are about."""
        rows = ExceptionCase.objects.filter(run=self.run).select_related("drop", "tote__drop")
        return [
            FoundCase(
                case_id=case.pk,
                stage=Stage(case.stage),
                cause=Cause(case.cause),
                sku_id=case.sku_id,
                point_id=_point_of(case),
                qty=case.qty,
                is_decided=case.state == ExceptionCaseState.DECIDED,
            )
            for case in rows.order_by("pk")
        ]


def _sold(run: CutoffRun) -> Counter[Place]:
    return _places(
        OrderLine.objects.filter(
            order__campaign_id=run.campaign_id, order__state__in=DEMANDED_STATES, is_void=False
        )
        .order_by()
        .values_list("order__pickup_point_id", "sku_id")
        .annotate(pieces=Sum("qty"))
    )


def _allocated(run: CutoffRun) -> tuple[Counter[Place], Counter[Place], Counter[Place]]:
    """Pieces given, pieces replaced, and short pieces that were free."""
    given: Counter[Place] = Counter()
    replaced: Counter[Place] = Counter()
    free: Counter[Place] = Counter()
    rows = (
        Allocation.objects.filter(run=run)
        .order_by()
        .values_list("order_line__order__pickup_point_id", "order_line__sku_id")
        .annotate(
            given=Sum("allocated_qty"),
            replaced=Sum("substitute_qty"),
            free=Sum("short_qty", filter=Q(order_line__amount_fen=0), default=0),
        )
    )
    for point_id, sku_id, *pieces in rows:
        given[point_id, sku_id], replaced[point_id, sku_id], free[point_id, sku_id] = pieces
    return given, replaced, free


def _given(run: CutoffRun) -> Counter[Place]:
    return _places(
        (point_id, sku_id, pieces)
        for point_id, sku_id, pieces in Allocation.objects.filter(run=run, substitute_qty__gt=0)
        .order_by()
        .values_list("order_line__order__pickup_point_id", "substitute_sku_id")
        .annotate(pieces=Sum("substitute_qty"))
        if sku_id is not None
    )


def _refunded(run: CutoffRun) -> Counter[Place]:
    return _places(
        RefundLine.objects.filter(
            order_line__order__campaign_id=run.campaign_id, refund__reason=RefundReason.SHORTAGE
        )
        .exclude(refund__state=RefundState.CLOSED)
        .order_by()
        .values_list("order_line__order__pickup_point_id", "order_line__sku_id")
        .annotate(pieces=Sum("qty"))
    )


def _claimed(run: CutoffRun, states: Iterable[ClaimState]) -> Counter[Place]:
    return _places(
        Claim.objects.filter(order_line__order__campaign_id=run.campaign_id, state__in=states)
        .order_by()
        .values_list("order_line__order__pickup_point_id", "order_line__sku_id")
        .annotate(pieces=Sum("qty"))
    )


def _point_of(case: ExceptionCase) -> int | None:
    if case.drop is not None:
        return case.drop.pickup_point_id
    return case.tote.drop.pickup_point_id if case.tote is not None else None


def _places(rows: Iterable[tuple[int, int, int]]) -> Counter[Place]:
    return Counter({(point_id, sku_id): pieces for point_id, sku_id, pieces in rows})
