"""A drop that fits no vehicle becomes parts that do.

Whole totes are what can be divided. Weight and volume go with the totes, and
every sum stays exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fulfillment.routing.day_rules import is_allowed, is_too_large
from fulfillment.routing.problem import Stop, Vehicle


def split_stop(
    stop: Stop, vehicles: Iterable[Vehicle], *, own_service_s: int = 0
) -> tuple[Stop, ...]:
    """Return the fewest parts of `stop` of which each fits a vehicle that may come to it.

    Just the stop itself, key and all, where one vehicle holds it, and where no
    number of vehicles would, because none may come or a single tote is too much.
    Parts are keyed ``key#1``, ``key#2`` and so on, the fullest first; cold totes
    share as few parts as they can.

    Parameters
    ----------
    own_service_s
        What `stop.service_s` holds beside the totes. Every part spends it; the
        rest is shared.
    """
    room = {
        _Room.of(vehicle, stop)
        for vehicle in vehicles
        if is_allowed(vehicle, stop) and not is_too_large(vehicle, stop)
    }
    chosen = _fewest([r for r in room if r.totes], stop.totes, stop.cold_totes)
    if len(chosen) < 2:
        return (stop,)
    totes, cold_totes = _filled(chosen, stop.totes, stop.cold_totes)
    weights_g = shared(stop.weight_g, totes)
    volumes_ml = shared(stop.volume_ml, totes)
    services_s = shared(max(0, stop.service_s - own_service_s), totes)
    return tuple(
        replace(
            stop,
            key=f"{stop.key}#{number + 1}",
            totes=totes[number],
            cold_totes=cold_totes[number],
            weight_g=weights_g[number],
            volume_ml=volumes_ml[number],
            service_s=min(own_service_s, stop.service_s) + services_s[number],
        )
        for number in range(len(totes))
    )


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """Return `total` divided by `weights`, which are not all 0: exact, by largest remainder."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


@dataclass(frozen=True, slots=True, order=True)
class _Room:
    """How many of one stop's totes a vehicle holds, and how many of these may be cold."""

    totes: int
    cold_totes: int

    @staticmethod
    def of(vehicle: Vehicle, stop: Stop) -> "_Room":
        totes = min(vehicle.capacity_totes, stop.totes)
        # A share rounded up to the gram still fits.
        if stop.weight_g:
            totes = min(totes, vehicle.capacity_g * stop.totes // stop.weight_g)
        if stop.volume_ml:
            totes = min(totes, vehicle.capacity_ml * stop.totes // stop.volume_ml)
        return _Room(totes, min(totes, vehicle.capacity_cold_totes))


def _fewest(rooms: Sequence[_Room], totes: int, cold_totes: int) -> tuple[_Room, ...]:
    """Return the fewest rooms, repeated at will, that hold all totes; none if none do.

    Rooms are added one by one; of as many, those that nothing beats in both
    respects are kept.
    """
    if not rooms or (cold_totes and not any(room.cold_totes for room in rooms)):
        return ()
    reached: dict[_Room, tuple[_Room, ...]] = {_Room(0, 0): ()}
    while _Room(totes, cold_totes) not in reached:
        further: dict[_Room, tuple[_Room, ...]] = {}
        for so_far, path in reached.items():
            for room in sorted(rooms, reverse=True):
                both = _Room(
                    min(totes, so_far.totes + room.totes),
                    min(cold_totes, so_far.cold_totes + room.cold_totes),
                )
                further.setdefault(both, (*path, room))
        reached = {
            both: path
            for both, path in further.items()
            if not any(
                other.totes >= both.totes and other.cold_totes >= both.cold_totes
                for other in further
                if other != both
            )
        }
    return reached[_Room(totes, cold_totes)]


def _filled(rooms: Sequence[_Room], totes: int, cold_totes: int) -> tuple[list[int], list[int]]:
    """Return the totes of each part and the cold ones among them, the fullest part first."""
    parts: list[tuple[int, int]] = []
    warm = totes - cold_totes
    coldest_first = sorted(rooms, key=lambda room: (-room.cold_totes, -room.totes))
    for room in coldest_first:
        cold = min(room.cold_totes, cold_totes)
        cold_totes -= cold
        parts.append((room.totes - cold, cold))
    filled: list[tuple[int, int]] = []
    for space, cold in sorted(parts, key=lambda part: (-part[0] - part[1], -part[1])):
        ambient = min(space, warm)
        warm -= ambient
        filled.append((ambient + cold, cold))
    filled.sort(reverse=True)
    return [part for part, _ in filled], [cold for _, cold in filled]
