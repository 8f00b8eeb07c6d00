"""A leader's delivery: when it comes, who brings it, how it was handed over, what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.domain.handover import OPEN_TO_DIFFERENCES
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.delivery import Driver, Stop
from fulfillment.models.exceptions import ExceptionCase, Stage
from fulfillment.models.handover import Handover, HandoverCount, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.handover import last_counts, received_at, received_lines
from fulfillment.selectors.leader_arrivals import drops_minded_by
from leaders.models.leaders import Leader
from orders.models.catalogue import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPart:
    """One stop of a drop; a drop that fits no vehicle has several."""

    stop: Stop
    window: ArrivalWindow
    has_left: bool

    @property
    def handover(self) -> Handover | None:
        """What driver and leader agreed on, or what the leader alone has said."""
        handover: Handover | None = getattr(self.stop, "handover", None)
        return handover

    @property
    def is_entered(self) -> bool:
        """Whether the delivery is in the books."""
        return self.handover is not None and self.handover.state != HandoverState.PENDING

    @property
    def is_expected(self) -> bool:
        """Whether the driver is still to come, as far as anybody has said."""
        return not self.is_entered and self.stop.state in STOP_LIFECYCLE.open

    @property
    def shows_code(self) -> bool:
        """Whether the leader can prove the handover by showing the code."""
        return self.has_left and self.is_expected

    @property
    def late_at(self) -> datetime | None:
        """When a late driver is expected; None for one in time."""
        expected_at = self.stop.expected_at
        is_late = expected_at is not None and expected_at > self.window.arrive_to
        return expected_at if self.is_expected and is_late else None

    @property
    def driver(self) -> Driver | None:
        """Who drives, once the plan is published."""
        is_told = self.stop.trip.delivery_run.published_at is not None
        return self.stop.trip.driver if is_told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the leader's last count of one SKU says, and what became of it."""

    count: HandoverCount
    case: ExceptionCase | None

    @property
    def pieces(self) -> int:
        """Pieces missing; below 0 those that were too many."""
        return self.count.expected_qty - self.count.counted_qty


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One drop as its leader sees it; `counting` is the handover a count belongs to."""

    drop: Drop
    parts: tuple[DeliveryPart, ...]
    counting: Handover | None
    cold_until: datetime | None
    differences: tuple[Difference, ...]

    @property
    def has_parts(self) -> bool:
        """Whether the drop comes on several trips."""
        return len(self.parts) > 1

    @property
    def is_proved(self) -> bool:
        """Whether there is something to prove: a delivery, or that there was none."""
        return any(part.is_entered for part in self.parts)

    @property
    def until(self) -> datetime | None:
        """When the claim window closes, once there is one."""
        return self.counting.claim_until if self.counting else None

    def may_count(self, now: datetime) -> bool:
        """Whether the leader can report differences."""
        return (
            self.counting is not None
            and self.counting.state in OPEN_TO_DIFFERENCES
            and self.until is not None
            and now < self.until
            and all(part.is_entered for part in self.parts)
        )


def deliveries_of_leader(leader: Leader) -> QuerySet[Drop]:
    """The drops at the points a leader minds on the day of each."""
    return drops_minded_by(leader).select_related("pickup_point__leader", "wave__run__campaign")


def delivery(drop: Drop) -> Delivery:
    """Everything there is to say about one drop."""
    stops = (
        Stop.objects.filter(drop=drop)
        .select_related("trip__vehicle", "trip__driver", "trip__delivery_run", "handover", "drop")
        .prefetch_related(Prefetch("trip__load_check", LoadCheck.objects.all()))
        .order_by("part_no")
    )
    parts = tuple(
        DeliveryPart(
            stop=stop,
            window=arrival_window(stop.start_at),
            has_left=getattr(stop.trip, "load_check", None) is not None,
        )
        for stop in stops
    )
    counting = _counting(parts)
    return Delivery(
        drop=drop,
        parts=parts,
        counting=counting,
        cold_until=_cold_until(counting) if counting else None,
        differences=tuple(_differences(drop)),
    )


def _counting(parts: Sequence[DeliveryPart]) -> Handover | None:
    """The handover of the last part that brought something."""
    brought = [
        part.handover
        for part in parts
        if part.is_entered and part.handover and part.handover.state != HandoverState.COUNTED
    ]
    return max(brought, key=received_at, default=None)


def _cold_until(handover: Handover) -> datetime | None:
    """When the window over chilled and frozen goods closes, if there are any."""
    ends = [
        line.due.until
        for line in received_lines(handover)
        if line.sku.storage != Storage.AMBIENT and line.due.expected
    ]
    return max(ends, default=None)


def _differences(drop: Drop) -> list[Difference]:
    cases = {
        (case.sku_id, case.cause): case
        for case in ExceptionCase.objects.filter(drop=drop, stage=Stage.HANDOVER).order_by("pk")
    }
    counts = last_counts(drop).select_related("sku", "handover")
    return [
        Difference(count=count, case=cases.get((count.sku_id, count.cause)))
        for count in sorted(counts, key=lambda count: count.sku.code)
        if count.expected_qty != count.counted_qty
    ]
