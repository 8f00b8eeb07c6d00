"""Seeded dice that fall the same way on every machine and in every Python.

The standard library promises the same sequence only for one version; the town
must be the same bytes for as long as its tables stay the same. The generator
is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
generators", OOPSLA 2014), plain whole numbers throughout.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

WORD = 1 << 64
GOLDEN_GAMMA = 0x9E3779B97F4A7C15

T = TypeVar("T")


class Dice:
    """A stream of chance.

    Parameters
    ----------
    seed
        Any whole number.
    purpose
        Names the stream; streams of one seed for different purposes do not
        follow each other, so a new article does not move a single house.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, `limit` (at least 1)."""
        return (self._word() * limit) >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of 100 throws."""
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """One of `choices`, all equally likely."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        """One of `choices`, as likely as its whole-number weight says."""
        left = self.below(sum(weights))
        for choice, weight in zip(choices, weights, strict=True):
            left -= weight
            if left < 0:
                return choice
        raise ValueError("the weights must be positive")

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of `items` in a new order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def _word(self) -> int:
        self._state = (self._state + GOLDEN_GAMMA) % WORD
        word = self._state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % WORD
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % WORD
        return word ^ (word >> 31)
