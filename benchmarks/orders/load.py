"""Two ways to put load on a shop, and what the shoppers felt.

Closed: a fixed number of shoppers, each of whom starts again as soon as they
are through; it finds the peak. Open: shoppers arrive at a fixed rate however
slow the shop is, and their time counts from the moment they should have
arrived, so that a stall is felt by all who wait behind it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import ceil

Shopper = Callable[[int], Awaitable["Visit"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One prepaid order: seconds until it was placed, and until it was paid."""

    placed_s: float
    paid_s: float
    error: str = ""


@dataclass(slots=True)
class Felt:
    """What many visits felt like."""

    seconds: float = 0.0
    placed_s: list[float] = field(default_factory=list)
    paid_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, visit: Visit) -> None:
        """Count a visit; one that failed has no times."""
        if visit.error:
            self.errors.append(visit.error)
            return
        self.placed_s.append(visit.placed_s)
        self.paid_s.append(visit.paid_s)

    @property
    def orders_per_s(self) -> float:
        """Orders that were placed and paid, per second."""
        return len(self.paid_s) / self.seconds if self.seconds else 0.0

    def figures(self) -> dict[str, object]:
        """The figures of the report; times in milliseconds."""
        return {
            "orders": len(self.paid_s),
            "seconds": round(self.seconds, 2),
            "orders_per_s": round(self.orders_per_s, 1),
            "prepaid_ms": percentiles_ms(self.paid_s),
            "placed_ms": percentiles_ms(self.placed_s),
            "errors": len(self.errors),
            "error_examples": sorted(set(self.errors))[:5],
        }


async def closed(shopper: Shopper, *, shoppers: int, seconds: float) -> Felt:
    """Let `shoppers` shop without a pause for `seconds`."""
    felt = Felt()
    started = time.perf_counter()

    async def shop(number: int) -> None:
        while time.perf_counter() - started < seconds:
            felt.add(await shopper(number))

    await asyncio.gather(*(shop(number) for number in range(shoppers)))
    felt.seconds = time.perf_counter() - started
    return felt


async def opened(shopper: Shopper, *, per_s: float, seconds: float, shoppers: int) -> Felt:
    """Let a visit begin every 1/`per_s` seconds; at most `shoppers` are inside at once.

    Who finds the shop full waits outside, and that wait is part of their time.
    """
    felt = Felt()
    idle: asyncio.LifoQueue[int] = asyncio.LifoQueue()  # as few connections as will do
    for number in range(shoppers):
        idle.put_nowait(number)
    started = time.perf_counter()

    async def visit(due: float) -> None:
        number = await idle.get()
        waited_s = time.perf_counter() - due
        came = await shopper(number)
        idle.put_nowait(number)
        felt.add(
            Visit(
                placed_s=came.placed_s + waited_s,
                paid_s=came.paid_s + waited_s,
                error=came.error,
            )
        )

    visits = []
    for turn in range(int(per_s * seconds)):
        due = started + turn / per_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        visits.append(asyncio.create_task(visit(due)))
    await asyncio.gather(*visits)
    felt.seconds = time.perf_counter() - started
    return felt


def percentiles_ms(times_s: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds, each the time of a real visit."""
    ordered = sorted(times_s)
    return {
        f"p{share}": round(ordered[ceil(len(ordered) * share / 100) - 1] * 1000, 1)
        for share in (50, 95, 99)
        if ordered
    }
