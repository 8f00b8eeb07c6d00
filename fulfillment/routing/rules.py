"""Rules of a day beside loads and windows: breaks, fixed trips, traffic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A pause that a driver takes, starting within ``[from_s, until_s]``.

    It falls due for a vehicle that is away at `until_s`: out before, and not
    back for the day yet. It is taken at a door, before or after unloading, or
    at the depot, never on the road; waiting for a door to open may be part of
    it, reloading may not. Before the first departure it is not paid, and not
    before the shift starts.
    """

    duration_s: int
    from_s: int
    until_s: int

    def __post_init__(self) -> None:
        if self.duration_s < 1 or not 0 <= self.from_s <= self.until_s:
            raise ValueError("A break takes time and starts before it must have started.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTrip:
    """Stops that a plan must keep where they are.

    The fixed trips of a vehicle keep their order. A closed one is not judged by
    loads, windows or access any more, only timed.

    Parameters
    ----------
    vehicle
        Position in the fleet.
    trip
        Which of its trips, from 1; it moves up where one before it falls away.
    nodes
        The stops the trip begins with, in this order.
    is_closed
        Nothing else joins the trip: it is loaded, on the road or done.
    departs_s
        When a closed trip leaves or left; None lets the scheduler choose.
    """

    vehicle: int
    trip: int
    nodes: tuple[int, ...]
    is_closed: bool = False
    departs_s: int | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much longer roads take by the hour: (from second of day, percent), in order.

    The first entry starts at 0; 100 is what the matrix says. Speeds change in
    the middle of a drive, so leaving later never arrives earlier.

    References
    ----------
    Ichoua, S., M. Gendreau and J.-Y. Potvin (2003). Vehicle dispatching with
    time-dependent travel times. *European Journal of Operational Research*,
    144(2), 379-396.
    """

    percents: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        starts = [start_s for start_s, _ in self.percents]
        if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
            raise ValueError("Traffic starts at 0 and goes on in order.")
        if min(percent for _, percent in self.percents) < 1:
            raise ValueError("A road takes time.")
