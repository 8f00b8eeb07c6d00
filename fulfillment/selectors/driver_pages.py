"""A trip and its stops as the driver's phone shows them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.domain.driving import ENDINGS, EventKind
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.domain.navigation import NavigationLink, navigation_links
from fulfillment.domain.sealing import TotePosition
from fulfillment.models.delivery import Stop, StopState, Trip
from fulfillment.models.driving import DriverEvent, DriverEventOutcome
from fulfillment.models.handover import Handover, HandoverMethod, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Tote
from fulfillment.selectors.driving import totes_on_board
from fulfillment.selectors.totes import PackedSku, drop_contents, tote_positions
from leaders.domain.coordinates import Place


class Phase(StrEnum):
    """How far a stop is, as its page changes with it."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    ENDED = "ended"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCard:
    """One stop of a trip in a list; `ending` is what the driver reported and may still undo."""

    stop: Stop
    phase: Phase
    window: ArrivalWindow
    ending: DriverEvent | None

    @property
    def is_done(self) -> bool:
        """Whether the driver has nothing to do there any more."""
        return self.phase in (Phase.ENDED, Phase.ENTERED)

    @property
    def is_failed(self) -> bool:
        """Whether nothing was handed over."""
        return self.stop.state in STOP_LIFECYCLE.failed

    @property
    def undo_until(self) -> datetime | None:
        """Until when the ending can be taken back, if it still can."""
        if self.ending is None or self.phase is not Phase.ENDED:
            return None
        return self.ending.result.applies_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPage:
    """A trip with its stops, the next one first in `next_card`, and what the phone knows of."""

    trip: Trip
    cards: tuple[StopCard, ...]
    is_signed: bool
    has_left: bool
    is_back: bool
    known: tuple[str, ...]

    @property
    def next_card(self) -> StopCard | None:
        """The stop to go to."""
        return next((card for card in self.cards if not card.is_done), None)

    @property
    def delivered(self) -> int:
        """Stops where goods were handed over."""
        return sum(card.is_done and not card.is_failed for card in self.cards)

    @property
    def failed(self) -> int:
        """Stops where nothing was."""
        return sum(card.is_failed for card in self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPage:
    """One stop with all that is needed at its door, without a network."""

    card: StopCard
    totes: tuple[tuple[Tote, TotePosition | None], ...]
    goods: tuple[PackedSku, ...]
    links: tuple[NavigationLink, ...]
    history: tuple[DriverEvent, ...]
    is_tapped: bool

    @property
    def expected(self) -> int:
        """Totes to be handed over."""
        return len(self.totes)


def trip_page_of(trip: Trip) -> TripPage:
    """Read a trip in a few queries."""
    stops = trip.stops.select_related("drop__pickup_point__leader", "handover", "trip")
    events = list(trip.driver_events.select_related("result").order_by("pk"))
    by_stop: dict[int, list[DriverEvent]] = defaultdict(list)
    for event in events:
        if event.stop_id:
            by_stop[event.stop_id].append(event)
    done = {event.kind for event in events if event.result.outcome == DriverEventOutcome.APPLIED}
    return TripPage(
        trip=trip,
        cards=tuple(_card(stop, by_stop[stop.pk]) for stop in stops.order_by("stop_seq")),
        is_signed=LoadCheck.objects.filter(trip=trip).exists(),
        has_left=EventKind.DEPART in done or EventKind.ARRIVE in done,
        is_back=EventKind.RETURN in done,
        known=tuple(str(event.event_id) for event in events),
    )


def stop_page_of(trip: Trip, stop_id: int) -> StopPage | None:
    """Read one stop of a trip; nothing for a stop of another."""
    stops = trip.stops.select_related("drop__pickup_point__leader", "handover", "trip")
    stop = stops.filter(pk=stop_id).first()
    if stop is None:
        return None
    history = list(stop.driver_events.select_related("result").order_by("device_at", "pk"))
    point = stop.drop.pickup_point
    positions = tote_positions(stop.drop)
    tapped = Handover.objects.filter(
        stop=stop, state=HandoverState.PENDING, method=HandoverMethod.TAP
    )
    return StopPage(
        card=_card(stop, history),
        totes=tuple((tote, positions.get(tote.pk)) for tote in totes_on_board(stop)),
        goods=tuple(drop_contents(stop.drop)),
        links=navigation_links(Place(point.lng, point.lat), point.name),
        history=tuple(history),
        is_tapped=tapped.exists(),
    )


def _card(stop: Stop, events: Sequence[DriverEvent]) -> StopCard:
    endings = (e for e in events if e.kind in ENDINGS)
    standing = (DriverEventOutcome.WAITING, DriverEventOutcome.APPLIED)
    return StopCard(
        stop=stop,
        phase=_phase(stop),
        window=arrival_window(stop.start_at),
        ending=next((e for e in endings if e.result.outcome in standing), None),
    )


def _phase(stop: Stop) -> Phase:
    handover = getattr(stop, "handover", None)
    if handover is not None and handover.state != HandoverState.PENDING:
        return Phase.ENTERED
    if stop.state == StopState.PLANNED:
        return Phase.PLANNED
    return Phase.ARRIVED if stop.state == StopState.ARRIVED else Phase.ENDED
