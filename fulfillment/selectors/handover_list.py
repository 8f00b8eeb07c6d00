"""The handovers of a night as the warehouse follows them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, StopState
from fulfillment.models.handover import Handover, HandoverState


class Shown(StrEnum):
    """Parts of the list; a handover may be in several."""

    ALL = "all"
    OPEN = "open"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    TO_RELEASE = "to_release"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """One stop with what is known of its handover."""

    stop: Stop
    handover: Handover | None

    @property
    def is_entered(self) -> bool:
        """Whether the end of the stop is in the books."""
        return self.handover is not None and self.handover.state != HandoverState.PENDING

    @property
    def is_by_phone(self) -> bool:
        """Whether a driver's phone has told of an end that is not entered yet."""
        return not self.is_entered and self.stop.state not in STOP_LIFECYCLE.open

    @property
    def waits_for_release(self) -> bool:
        """Whether goods were left and nobody has approved of it."""
        return (
            self.handover is not None
            and self.handover.state == HandoverState.UNSIGNED
            and self.handover.released_at is None
        )

    @property
    def parts(self) -> frozenset[Shown]:
        """The parts of the list it stands in."""
        parts = {Shown.ALL}
        if not self.is_entered:
            parts.add(Shown.OPEN)
        elif self.stop.state in (StopState.DELIVERED, StopState.PARTLY):
            parts.add(Shown.DELIVERED)
        else:
            parts.add(Shown.NOT_DELIVERED)
        if self.waits_for_release:
            parts.add(Shown.TO_RELEASE)
        if self.handover is not None and self.handover.state == HandoverState.DISPUTED:
            parts.add(Shown.DISPUTED)
        return frozenset(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFigures:
    """How the stops of a night ended, each ending counted apart."""

    stops: int
    delivered: int
    partly: int
    refused: int
    failed: int
    open: int
    to_release: int
    disputed: int


def handover_rows(run: CutoffRun) -> list[HandoverRow]:
    """Every stop of a night in the order of its slots."""
    stops = (
        Stop.objects.filter(trip__delivery_run__cutoff_run=run)
        .select_related(
            "handover__released_by", "drop__pickup_point__leader", "trip__vehicle", "trip__driver"
        )
        .order_by("trip__route_no", "stop_seq", "pk")
    )
    return [HandoverRow(stop=stop, handover=getattr(stop, "handover", None)) for stop in stops]


def handover_figures(rows: Iterable[HandoverRow]) -> HandoverFigures:
    """The counts at the head of the list."""
    rows = list(rows)
    ended = Counter(row.stop.state for row in rows if row.is_entered)
    shown = Counter(part for row in rows for part in row.parts)
    return HandoverFigures(
        stops=len(rows),
        delivered=ended[StopState.DELIVERED],
        partly=ended[StopState.PARTLY],
        refused=ended[StopState.REFUSED],
        failed=ended[StopState.FAILED],
        open=shown[Shown.OPEN],
        to_release=shown[Shown.TO_RELEASE],
        disputed=shown[Shown.DISPUTED],
    )
