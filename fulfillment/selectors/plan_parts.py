"""A drop as the stops of a problem: one, or parts where it fits no vehicle whole."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fulfillment.routing.day_model import DayEstimates, Drop, day_stop
from fulfillment.routing.problem import Stop, Vehicle
from fulfillment.routing.splitting import split_stop
from fulfillment.selectors.plan_stand import StopStand, part_key, stop_key_read


def drop_parts(
    drop: Drop,
    planned: Sequence[StopStand],
    fleet: Sequence[Vehicle],
    estimates: DayEstimates,
) -> tuple[Stop, ...]:
    """The stops of a drop: as many as the fleet needs, or those of the plan with their loads.

    What lies on a vehicle is divided already, and only what is left over may be
    divided anew.
    """
    whole = split_stop(day_stop(drop, estimates), fleet, own_service_s=drop.unload_s)
    is_loaded = any(stop.is_loaded for stop in planned)
    shapes = {stop.key: stop.totes for stop in planned}
    if not planned or shapes == {stop.key: stop.totes for stop in whole}:
        return whole
    missing = replace(
        drop,
        totes=max(0, drop.totes - sum(stop.totes for stop in planned)),
        weight_g=max(0, drop.weight_g - sum(stop.weight_g for stop in planned)),
        volume_ml=max(0, drop.volume_ml - sum(stop.volume_ml for stop in planned)),
    )
    if not is_loaded and (missing.weight_g or len(whole) > len(planned)):
        return whole
    return (
        *_parts_planned(drop, planned, estimates),
        *_parts_missing(missing, planned, fleet, estimates),
    )


def _parts_planned(
    drop: Drop, planned: Sequence[StopStand], estimates: DayEstimates
) -> Iterator[Stop]:
    cold_left = drop.cold_totes
    for stop in sorted(planned, key=lambda stop: stop_key_read(stop.key)):
        cold = min(cold_left, stop.totes)
        cold_left -= cold
        yield day_stop(
            replace(
                drop,
                key=stop.key,
                totes=stop.totes,
                cold_totes=cold,
                weight_g=stop.weight_g,
                volume_ml=stop.volume_ml,
            ),
            estimates,
        )


def _parts_missing(
    missing: Drop,
    planned: Sequence[StopStand],
    fleet: Sequence[Vehicle],
    estimates: DayEstimates,
) -> Iterator[Stop]:
    """What no part of the plan carries, in parts that are numbered on."""
    if not missing.weight_g:
        return
    numbers = [stop_key_read(stop.key)[1] for stop in planned]
    cold = max(0, missing.cold_totes - sum(stop.totes for stop in planned))
    left = day_stop(replace(missing, cold_totes=min(cold, missing.totes)), estimates)
    parts = split_stop(left, fleet, own_service_s=missing.unload_s)
    for number, part in enumerate(parts, start=max(numbers) + 1):
        yield replace(part, key=part_key(int(missing.key), number))
