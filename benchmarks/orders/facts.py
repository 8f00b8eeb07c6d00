"""What the generator has to know of the town, and the keys by which statements are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEADERS = 20
RESIDENTS = 2_000
OFFERS = 60
HOT_CAP = 1_000_000
HOT_BUCKETS = 8
# Keys far from all others: they can be told apart in the text of a statement.
FIRST_IDS = {
    "orders_offer": 930_000_001,
    "orders_offerstock": 920_000_001,
    "orders_order": 900_000_001,
    "orders_payment": 910_000_001,
    "orders_resident": 940_000_001,
    "orders_residenttoken": 950_000_001,
    "orders_sandboxtrade": 960_000_001,
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A resident who can order."""

    resident_id: int
    token: str
    leader_code: str


@dataclass(frozen=True, slots=True)
class BenchTown:
    """An open campaign and who buys in it; the hot offer comes first."""

    campaign_code: str
    offer_ids: Sequence[int]
    buyers: Sequence[Buyer]


def town_of(facts: dict[str, Any]) -> BenchTown:
    """The town that the program `benchmarks.orders.town:main` printed."""
    buyers = [Buyer(**buyer) for buyer in facts.pop("buyers")]
    return BenchTown(**facts, buyers=buyers)
