"""When and in how many totes goods come to a leader's points."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.delivery import first_stop
from leaders.models.care import Substitution
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.catalogue import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What comes to one pickup point; `stop` and `window` are there once routes are planned."""

    point: PickupPoint
    pieces: int
    slot_code: str
    unserved_reason: str
    totes: tuple[tuple[str, int], ...]
    stop: Stop | None
    window: ArrivalWindow | None

    @property
    def is_coming(self) -> bool:
        """Whether the driver is still to come."""
        return self.stop is not None and self.stop.state in STOP_LIFECYCLE.open

    @property
    def expected_at(self) -> datetime | None:
        """When the driver will be there, by where they are now."""
        return self.stop.expected_at if self.stop and self.is_coming else None

    @property
    def is_late(self) -> bool:
        """Whether the driver is expected after the announced window."""
        return bool(self.expected_at and self.window and self.expected_at > self.window.arrive_to)

    @property
    def totes_count(self) -> int:
        """Totes of all storage classes."""
        return sum(count for _label, count in self.totes)


def newest_run_of_leader(leader: Leader) -> CutoffRun | None:
    """The newest run that brings something to a point the leader minds that day."""
    drop = (
        drops_minded_by(leader)
        .select_related("wave__run__campaign")
        .order_by("-wave__run__campaign__delivery_date", "-wave__run")
        .first()
    )
    return drop.wave.run if drop else None


def drops_of_leader(leader: Leader, run: CutoffRun) -> QuerySet[Drop]:
    """The drops of a run at the points the leader minds on the day of delivery."""
    return drops_minded_by(leader).filter(wave__run=run).order_by("pickup_point__code")


def arrivals_of_leader(leader: Leader, run: CutoffRun) -> tuple[Arrival, ...]:
    """When and in how many totes a run's goods come, point by point."""
    return arrivals_of_drops(list(_with_stops(drops_of_leader(leader, run))))


def newest_drops_of_leader(leader: Leader) -> list[Drop]:
    """What the newest run brings to the leader, with its stops."""
    minded = drops_minded_by(leader)
    newest = minded.order_by("-wave__run__campaign__delivery_date", "-wave__run")
    drops = minded.filter(wave__run=Subquery(newest.values("wave__run")[:1]))
    return list(
        _with_stops(drops.select_related("wave__run__campaign").order_by("pickup_point__code"))
    )


def drops_minded_by(leader: Leader) -> QuerySet[Drop]:
    """Drops at the leader's points, and at those they minded for others on the day."""
    on_the_day = Substitution.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("wave__run__campaign__delivery_date")),
        pickup_point=OuterRef("pickup_point"),
        from_date__lte=OuterRef("wave__run__campaign__delivery_date"),
        until_date__gte=OuterRef("wave__run__campaign__delivery_date"),
    )
    ever = PickupPoint.objects.filter(
        Q(leader=leader) | Exists(leader.substitutions.filter(pickup_point=OuterRef("pk")))
    )
    own = Q(pickup_point__leader=leader) & ~Exists(on_the_day.exclude(substitute=leader))
    return Drop.objects.filter(
        own | Exists(on_the_day.filter(substitute=leader)), pickup_point__in=ever.values("pk")
    )


def _with_stops(drops: QuerySet[Drop]) -> QuerySet[Drop]:
    stops = Stop.objects.select_related("trip__vehicle", "handover")
    return drops.select_related("pickup_point").prefetch_related(Prefetch("stops", stops))


def arrivals_of_drops(drops: Sequence[Drop]) -> tuple[Arrival, ...]:
    """What these drops bring; their stops and points are fetched already."""
    totes = _totes_by_drop(drops) if drops else {}
    return tuple(_arrival(drop, totes.get(drop.pk, Counter())) for drop in drops)


def _arrival(drop: Drop, totes: Mapping[str, int]) -> Arrival:
    stop = first_stop(drop)
    return Arrival(
        point=drop.pickup_point,
        pieces=drop.pieces,
        slot_code=drop.slot_code,
        unserved_reason=drop.unserved_reason,
        totes=tuple(
            (str(storage.label), totes[storage]) for storage in Storage if totes.get(storage)
        ),
        stop=stop,
        window=arrival_window(stop.start_at) if stop else None,
    )


def _totes_by_drop(drops: Sequence[Drop]) -> dict[int, Counter[str]]:
    counted: dict[int, Counter[str]] = {}
    rows = (
        Tote.objects.filter(drop__in=[drop.pk for drop in drops])
        .values_list("drop_id", "storage")
        .annotate(count=Count("pk"))
        .order_by("drop_id", "storage")
    )
    for drop_id, storage, count in rows:
        counted.setdefault(drop_id, Counter())[storage] = count
    return counted
