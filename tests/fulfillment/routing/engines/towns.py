"""A seeded town for engines: stops in clusters, two kinds of vans, second trips."""

import numpy as np

from fulfillment.routing.problem import RoutingProblem
from tests.fulfillment.routing.builders import HOUR_S, drop, micro_van, on_a_map, van

_CLUSTER = 8


def town(size: int, *, vans: int, seed: int = 0) -> RoutingProblem:
    """Return a town of `size` stops; every third vehicle is a micro van."""
    rng = np.random.default_rng(seed)
    centres = rng.integers(-25, 26, size=(size // _CLUSTER + 1, 2))
    points = centres[rng.integers(0, len(centres), size)] + rng.integers(-3, 4, size=(size, 2))
    stops = [
        drop(
            f"S{number}",
            weight_g=int(rng.integers(60, 240)) * 1_000,
            totes=int(rng.integers(3, 15)),
            closes_s=int(rng.choice([9, 10, 12])) * HOUR_S,
        )
        for number in range(size)
    ]
    fleet = [
        (van if number % 3 else micro_van)(f"V{number}", max_trips=2) for number in range(vans)
    ]
    return on_a_map([(int(east), int(north)) for east, north in points], stops, fleet)
