"""How long a drive takes by the hour: speeds that change in the middle of it.

A road is a piece of work that gets done faster or slower by the clock, so a
vehicle that leaves later never arrives earlier. Whole numbers throughout: with
``L`` the least common multiple of the percentages, a second of the matrix is
``L`` units of work and a second of the clock does ``100 L / percent``. Arrivals
are rounded up to the second.

References
----------
Ichoua, S., M. Gendreau and J.-Y. Potvin (2003). Vehicle dispatching with
time-dependent travel times. *European Journal of Operational Research*,
144(2), 379-396.
"""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import lcm

from fulfillment.routing.rules import Traffic


def drive_s(traffic: Traffic | None, base_s: int, departs_s: int) -> int:
    """Return the seconds of a drive of `base_s` by the matrix that begins at `departs_s`.

    The last factor holds on after midnight, the first before the day begins.
    """
    return base_s if traffic is None else hours_of(traffic).drive_s(base_s, departs_s)


class Hours:
    """The traffic of a day, ready for many drives."""

    def __init__(self, traffic: Traffic) -> None:
        self.percents = traffic.percents
        self._starts_s = [start_s for start_s, _ in traffic.percents]
        self._unit = lcm(*(percent for _, percent in traffic.percents))
        self._speeds = [100 * self._unit // percent for _, percent in traffic.percents]

    def drive_s(self, base_s: int, departs_s: int) -> int:
        """Return the seconds a drive takes that begins at `departs_s`."""
        work, now_s = base_s * self._unit, departs_s
        hour = max(0, bisect_right(self._starts_s, now_s) - 1)
        while hour + 1 < len(self._starts_s):
            next_s = self._starts_s[hour + 1]
            done = (next_s - now_s) * self._speeds[hour]
            if work <= done:
                break
            work, now_s, hour = work - done, next_s, hour + 1
        return now_s - departs_s + -(-work // self._speeds[hour])

    def latest_departure_s(self, base_s: int, arrives_s: int) -> int:
        """Return the last second at which a drive may begin that ends by `arrives_s`."""
        work, now_s = base_s * self._unit, arrives_s
        hour = max(0, bisect_left(self._starts_s, now_s) - 1)
        while hour > 0:
            begun_s = self._starts_s[hour]
            done = (now_s - begun_s) * self._speeds[hour]
            if work <= done:
                break
            work, now_s, hour = work - done, begun_s, hour - 1
        return now_s - -(-work // self._speeds[hour])


@lru_cache(maxsize=32)
def hours_of(traffic: Traffic) -> Hours:
    """Return the traffic's hours, made once."""
    return Hours(traffic)
