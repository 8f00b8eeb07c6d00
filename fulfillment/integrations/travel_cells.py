"""What a road service says about a block of pairs: metres and seconds, or that no road leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from leaders.domain.coordinates import Place

CellMatrix = npt.NDArray[np.int32]

# In a cell, in place of an amount.
NOT_ASKED = -1
NO_ROAD = -2
# Ten thousand kilometres and a hundred days: beyond, an answer is not about roads.
_MOST_M = 10_000_000
_MOST_S = 8_640_000


@dataclass(frozen=True, slots=True)
class RoadCells:
    """Metres and seconds from each source (row) to each destination (column), int32.

    Both hold `NOT_ASKED` or `NO_ROAD` in the same cells.
    """

    distance_m: CellMatrix
    duration_s: CellMatrix

    @classmethod
    def blank(cls, sources: int, destinations: int) -> "RoadCells":
        """Return cells of which nothing has been asked."""
        shape = (sources, destinations)
        return cls(
            np.full(shape, NOT_ASKED, dtype=np.int32), np.full(shape, NOT_ASKED, dtype=np.int32)
        )

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        """Where a road and its length are known."""
        known: npt.NDArray[np.bool_] = self.distance_m >= 0
        return known


class RoadTable(Protocol):
    """A road service as far as it is asked here: one block of pairs at a time."""

    @property
    def name(self) -> str:
        """What it is called in settings and plans."""

    @property
    def block_size(self) -> int:
        """How many sources, and how many destinations, one question may name."""

    def block(
        self, sources: Sequence[Place], destinations: Sequence[Place], *, within_s: float
    ) -> RoadCells:
        """Return the cells between places; none of them is `NOT_ASKED`.

        Raises
        ------
        TravelQuestionRefused
            If the service refuses this question; a smaller one may be answered.
        TravelUnavailable
            If there is no answer, or one that nobody can use.
        """


def cells_read(
    metres: object, seconds: object, *, shape: tuple[int, int], metres_per_unit: float = 1.0
) -> RoadCells:
    """Return the cells of two decoded JSON tables, amounts rounded, null as `NO_ROAD`.

    Raises
    ------
    ValueError
        If a table is not of this shape, or holds anything but nulls and
        amounts that can be lengths and durations of roads.
    """
    distance, duration = _table(metres, shape) * metres_per_unit, _table(seconds, shape)
    is_roadless = np.isnan(distance) | np.isnan(duration)
    for table, most in ((distance, _MOST_M), (duration, _MOST_S)):
        table[is_roadless] = NO_ROAD
        if ((table < 0) & ~is_roadless).any() or (table > most).any():
            raise ValueError("A road is no longer than the Earth allows, and takes time.")
    return RoadCells(np.rint(distance).astype(np.int32), np.rint(duration).astype(np.int32))


def _table(rows: object, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    if not isinstance(rows, list):
        raise ValueError("Expected a table.")
    try:
        table = np.array(rows, dtype=np.float64)
    except TypeError as error:
        raise ValueError("Expected numbers.") from error
    if table.shape != shape:
        raise ValueError(f"Expected a table of {shape}, got {table.shape}.")
    return table
