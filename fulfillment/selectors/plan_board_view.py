"""A plan draft as the board shows it: each vehicle's day with its loads, times and faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.measures import kilograms, litres
from fulfillment.models.delivery import Vehicle as VehicleRow
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.models.warehouse import Drop, DropLock
from fulfillment.routing.plan import PlannedStop, PlannedTrip
from fulfillment.routing.problem import UNBOUNDED_ML, Stop, Vehicle
from fulfillment.selectors.delivery_views import REASON_LABELS
from fulfillment.selectors.plan_board import Verdict
from fulfillment.selectors.plan_stand import stop_key_read
from fulfillment.selectors.plan_wording import violation_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBar:
    """One kind of load of a trip against its vehicle's limit."""

    label: str
    amount: int
    limit: int
    text: str

    @property
    def percent(self) -> int:
        """The share of the limit, rounded up so that 101 % never reads as full."""
        return -(-100 * self.amount // self.limit) if self.limit else 100 if self.amount else 0

    @property
    def is_over(self) -> bool:
        """Whether more lies on the vehicle than it takes."""
        return self.amount > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTimes:
    """When a stop is served."""

    arrive_at: datetime
    start_at: datetime
    depart_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardStop:
    """One stop on the board; without times where no trip serves it."""

    key: str
    drop: Drop
    part: str
    totes: int
    cold_totes: int
    weight_g: int
    opens_at: time
    closes_at: time
    position: int = 0
    times: VisitTimes | None = None
    lateness_fen: int = 0
    is_closed: bool = False
    is_moved: bool = False
    reason: str = ""
    faults: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Slot, leader, and which part of a split drop."""
        leader = self.drop.pickup_point.leader.name
        return " ".join(filter(None, (self.drop.slot_code, leader, self.part)))

    @property
    def lock_text(self) -> str:
        """What is locked, in two words."""
        return _("place locked") if self.drop.lock == DropLock.PLACE else _("vehicle locked")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTrip:
    """One trip with its stops in driving order."""

    vehicle_code: str
    trip_no: int
    colour_no: int
    departs_at: datetime
    returns_at: datetime
    distance_m: int
    loads: tuple[LoadBar, ...]
    stops: tuple[BoardStop, ...]
    is_closed: bool
    faults: tuple[str, ...]

    @property
    def label(self) -> str:
        """The trip as the board and its faults name it: V01-2."""
        return f"{self.vehicle_code}-{self.trip_no}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDay:
    """One vehicle and its trips; an idle vehicle has none."""

    vehicle: VehicleRow
    trips: tuple[BoardTrip, ...]
    can_take_trip: bool
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFault:
    """One broken rule: what breaks it, where that stands on the page, and the rule in words."""

    label: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A whole draft."""

    draft: PlanDraft
    verdict: Verdict
    days: tuple[BoardDay, ...]
    unserved: tuple[BoardStop, ...]
    plan_faults: tuple[str, ...] = ()

    @property
    def faults(self) -> list[BoardFault]:
        """Every broken rule, as the page goes; a whole plan's own figures last."""
        found: list[tuple[str, str, tuple[str, ...]]] = []
        for day in self.days:
            found.append((day.vehicle.code, f"day-{day.vehicle.code}", day.faults))
            for trip in day.trips:
                found.append((trip.label, f"trip-{trip.label}", trip.faults))
                found += [(stop.name, f"stop-{stop.key}", stop.faults) for stop in trip.stops]
        found += [(stop.name, f"stop-{stop.key}", stop.faults) for stop in self.unserved]
        found.append((_("The plan"), "", self.plan_faults))
        return [
            BoardFault(label=label, anchor=anchor, text=text)
            for label, anchor, texts in found
            for text in texts
        ]

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.draft.state == PlanDraftState.READY

    @property
    def trips(self) -> list[BoardTrip]:
        """All trips, by vehicle."""
        return [trip for day in self.days for trip in day.trips]

    @property
    def vehicles_used(self) -> int:
        """How many vehicles drive."""
        return sum(1 for day in self.days if day.trips)

    def stop(self, stop_key: str) -> BoardStop | None:
        """Return a stop by its part key, on a trip or not."""
        on_trips = (stop for trip in self.trips for stop in trip.stops)
        return next((s for s in (*on_trips, *self.unserved) if s.key == stop_key), None)


def board_view(draft: PlanDraft, verdict: Verdict) -> BoardView:
    """Return the board of a draft, in a fixed number of queries."""
    return _Reader(draft, verdict).view()


class _Reader:
    def __init__(self, draft: PlanDraft, verdict: Verdict) -> None:
        self._draft, self._problem, self._verdict = draft, verdict.problem, verdict
        problem = verdict.problem
        self._stops: Mapping[str, Stop] = {stop.key: stop for stop in problem.stops}
        drop_ids = {stop.key: stop_key_read(stop.key)[0] for stop in problem.stops}
        drops = Drop.objects.select_related("pickup_point__leader").in_bulk(drop_ids.values())
        self._drops = {key: drops[drop_id] for key, drop_id in drop_ids.items()}
        self._rows = VehicleRow.objects.select_related("driver").in_bulk(
            [vehicle.key for vehicle in problem.vehicles], field_name="code"
        )
        self._moved = frozenset(verdict.moved_stops)
        closed = [fixed for fixed in problem.fixed if fixed.is_closed]
        self._closed_trips = {(problem.vehicles[fixed.vehicle].key, fixed.trip) for fixed in closed}
        self._faults: dict[str, list[str]] = {}
        for violation in verdict.violations:
            self._faults.setdefault(violation.subject, []).append(violation_words(violation))
        self._midnight = timezone.make_aware(
            datetime.combine(draft.cutoff_run.campaign.delivery_date, time.min)
        )

    def view(self) -> BoardView:
        plan = self._verdict.plan
        days = [
            self._day(position, vehicle, [t for t in plan.trips if t.vehicle_key == vehicle.key])
            for position, vehicle in enumerate(self._problem.vehicles)
        ]
        unserved = [
            self._stop(out.stop_key, reason=str(REASON_LABELS.get(out.reason, out.reason)))
            for out in plan.unserved
        ]
        return BoardView(
            draft=self._draft,
            verdict=self._verdict,
            days=tuple(days),
            unserved=tuple(unserved),
            plan_faults=self._faults_of("plan"),
        )

    def _day(self, position: int, vehicle: Vehicle, trips: Sequence[PlannedTrip]) -> BoardDay:
        first_colour = 1 + sum(v.max_trips for v in self._problem.vehicles[:position])
        return BoardDay(
            vehicle=self._rows[vehicle.key],
            trips=tuple(self._trip(trip, vehicle, first_colour + trip.trip - 1) for trip in trips),
            can_take_trip=len(trips) < vehicle.max_trips,
            faults=self._faults_of(vehicle.key),
        )

    def _trip(self, trip: PlannedTrip, vehicle: Vehicle, colour_no: int) -> BoardTrip:
        is_closed = (vehicle.key, trip.trip) in self._closed_trips
        return BoardTrip(
            vehicle_code=vehicle.key,
            trip_no=trip.trip,
            colour_no=colour_no,
            departs_at=self._at(trip.departs_s),
            returns_at=self._at(trip.returns_s),
            distance_m=trip.distance_m,
            loads=tuple(_load_bars(trip, vehicle)),
            stops=tuple(
                self._stop(visit.stop_key, visit, position, is_closed=is_closed)
                for position, visit in enumerate(trip.stops, start=1)
            ),
            is_closed=is_closed,
            faults=self._faults_of(f"{vehicle.key} trip {trip.trip}"),
        )

    def _stop(
        self,
        key: str,
        visit: PlannedStop | None = None,
        position: int = 0,
        *,
        is_closed: bool = False,
        reason: str = "",
    ) -> BoardStop:
        stop, drop = self._stops[key], self._drops[key]
        return BoardStop(
            key=key,
            drop=drop,
            part=key.partition("#")[2],
            totes=stop.totes,
            cold_totes=stop.cold_totes,
            weight_g=stop.weight_g,
            opens_at=drop.pickup_point.opens_at,
            closes_at=drop.pickup_point.closes_at,
            position=position,
            times=self._times(visit) if visit else None,
            lateness_fen=visit.lateness_fen if visit else 0,
            is_closed=is_closed,
            is_moved=key in self._moved,
            reason=reason,
            faults=self._faults_of(key),
        )

    def _times(self, visit: PlannedStop) -> VisitTimes:
        return VisitTimes(
            arrive_at=self._at(visit.arrive_s),
            start_at=self._at(visit.start_s),
            depart_at=self._at(visit.depart_s),
        )

    def _at(self, second: int) -> datetime:
        return timezone.localtime(self._midnight + timedelta(seconds=second))

    def _faults_of(self, subject: str) -> tuple[str, ...]:
        return tuple(self._faults.get(subject, ()))


def _load_bars(trip: PlannedTrip, vehicle: Vehicle) -> Iterator[LoadBar]:
    weight = f"{trip.weight_g / 1000:,.1f} / {kilograms(vehicle.capacity_g)}"
    yield _bar(_("Weight"), trip.weight_g, vehicle.capacity_g, weight)
    yield _bar(_("Totes"), trip.totes, vehicle.capacity_totes)
    if trip.cold_totes or vehicle.capacity_cold_totes:
        yield _bar(_("Cold totes"), trip.cold_totes, vehicle.capacity_cold_totes)
    if vehicle.capacity_ml < UNBOUNDED_ML:
        volume = f"{trip.volume_ml / 1000:,.0f} / {litres(vehicle.capacity_ml)}"
        yield _bar(_("Volume"), trip.volume_ml, vehicle.capacity_ml, volume)


def _bar(label: str, amount: int, limit: int, text: str = "") -> LoadBar:
    return LoadBar(label=label, amount=amount, limit=limit, text=text or f"{amount} / {limit}")
