"""Matrices from a road service: kept pairs first, the service next, the estimate for the rest."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_cells import NO_ROAD, NOT_ASKED, RoadCells, RoadTable
from fulfillment.integrations.travel_osrm import OsrmTable
from fulfillment.integrations.travel_valhalla import ValhallaTable
from fulfillment.route_errors import TravelQuestionRefused, TravelUnavailable
from fulfillment.routing.travel import (
    ESTIMATE,
    TravelEstimate,
    TravelMatrices,
    travel_matrices,
)
from leaders.domain.coordinates import Place

logger = logging.getLogger(__name__)

# By the name the setting TRAVEL_PROVIDER knows them under.
ROAD_SERVICES: Mapping[str, type[OsrmTable] | type[ValhallaTable]] = {
    "osrm": OsrmTable,
    "valhalla": ValhallaTable,
}

# So many refusals without a single answer, and it is not the size of the
# question that the service minds; so many in all, and it minds too much.
_REFUSALS_BEFORE_AN_ANSWER = 20
_REFUSALS_IN_ALL = 500
_PLACES_NAMED = 3

_Indexes = npt.NDArray[np.int64]
_Block = tuple[_Indexes, _Indexes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a service may take: one try of one question, and all questions of one call.

    One that has failed is not asked again by this process for `rest_s`.
    """

    timeout_s: float
    total_s: float
    rest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadProvider:
    """A `TravelProvider` that asks a road service and never fails for want of it.

    Parameters
    ----------
    table
        The service.
    cache
        Where its answers are kept.
    estimate
        What stands in for pairs it cannot answer.
    patience
        How long it may take.
    clock
        Seconds, as `time.monotonic` counts them.
    """

    table: RoadTable
    cache: TravelCache
    estimate: TravelEstimate
    patience: Patience
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    @property
    def name(self) -> str:
        """The service's name."""
        return self.table.name

    def matrices(self, places: Sequence[Place]) -> TravelMatrices:
        """Return all pairs between `places`, and what had to be estimated among them."""
        rounded = [Place(round(place.lng, 6), round(place.lat, 6)) for place in places]
        distinct = list(dict.fromkeys(rounded))
        cells = self.cache.read(distinct)
        troubles = self._ask_missing(distinct, cells)
        index_of = {place: index for index, place in enumerate(distinct)}
        indexes = np.array([index_of[place] for place in rounded], dtype=np.int64)
        all_pairs = np.ix_(indexes, indexes)
        wanted = RoadCells(cells.distance_m[all_pairs], cells.duration_s[all_pairs])
        return self._completed(places, wanted, [*troubles, *_roadless(distinct, cells)])

    def _ask_missing(self, places: Sequence[Place], cells: RoadCells) -> list[str]:
        """Ask for every cell that is `NOT_ASKED`, keep the answers; return what went wrong."""
        was_missing = cells.distance_m == NOT_ASKED
        if not was_missing.any():
            return []
        troubles = []
        rests = f"travel-rests:{quote(str(self.cache.path))}"
        reason = cache.get(rests)
        if reason is None:
            try:
                self._ask(places, cells)
            except TravelUnavailable as trouble:
                reason = trouble.message
                cache.set(rests, reason, self.patience.rest_s)
        if reason is not None:
            troubles.append(_answers_missing(reason, cells))
        fresh = RoadCells(
            np.where(was_missing, cells.distance_m, NOT_ASKED).astype(np.int32),
            np.where(was_missing, cells.duration_s, NOT_ASKED).astype(np.int32),
        )
        if (fresh.distance_m != NOT_ASKED).any():
            try:
                self.cache.add(places, fresh)
            except OSError as error:
                logger.warning("Roads cannot be kept: %s", error)
                troubles.append(_("The roads could not be kept; the next plan asks again."))
        return troubles

    def _ask(self, places: Sequence[Place], cells: RoadCells) -> None:
        ends_at = self.clock() + self.patience.total_s
        answers = refusals = 0
        waiting = list(_blocks(cells, self.table.block_size))
        while waiting:
            rows, columns = waiting.pop()
            left_s = ends_at - self.clock()
            if left_s <= 0:
                raise TravelUnavailable(_("The road service takes too long."))
            try:
                found = self.table.block(
                    [places[row] for row in rows],
                    [places[column] for column in columns],
                    within_s=min(self.patience.timeout_s, left_s),
                )
            except TravelQuestionRefused:
                refusals += 1
                if refusals == (_REFUSALS_IN_ALL if answers else _REFUSALS_BEFORE_AN_ANSWER):
                    raise
                waiting += _halves(cells, rows, columns)
                continue
            answers += 1
            cells.distance_m[np.ix_(rows, columns)] = found.distance_m
            cells.duration_s[np.ix_(rows, columns)] = found.duration_s

    def _completed(
        self, places: Sequence[Place], cells: RoadCells, troubles: Sequence[str]
    ) -> TravelMatrices:
        is_known = cells.is_known
        distance, duration = cells.distance_m.astype(np.int64), cells.duration_s.astype(np.int64)
        if not is_known.all():
            estimated = travel_matrices(places, self.estimate)
            np.copyto(distance, estimated.distance_m, where=~is_known)
            np.copyto(duration, estimated.duration_s, where=~is_known)
        for table in (distance, duration):
            np.fill_diagonal(table, 0)
        has_roads = (is_known & ~np.eye(len(places), dtype=np.bool_)).any()
        return TravelMatrices(
            distance,
            duration,
            source=self.name if has_roads else ESTIMATE,
            troubles=tuple(troubles),
            estimated_pairs=int((~is_known).sum()),
        )


def _blocks(cells: RoadCells, size: int) -> Iterator[_Block]:
    """Yield rows and columns that together cover every cell `NOT_ASKED`.

    Places with the most unknown pairs come first. Where all unknown pairs lead
    to or from a few of them, as when new places join known ones, only their
    rows and their columns are asked for.
    """
    missing = cells.distance_m == NOT_ASKED
    order = np.argsort(-(missing.sum(axis=0) + missing.sum(axis=1)), kind="stable")
    new, known = _split(order, missing)
    for rows, columns in ((new, order), (known, new)):
        for top in range(0, len(rows), size):
            for left in range(0, len(columns), size):
                block = rows[top : top + size], columns[left : left + size]
                part = missing[np.ix_(*block)]
                if part.any():
                    yield block[0][part.any(axis=1)], block[1][part.any(axis=0)]


def _split(order: _Indexes, missing: npt.NDArray[np.bool_]) -> tuple[_Indexes, _Indexes]:
    """Part `order` so that every missing pair has a place in the first part."""
    ordered = missing[np.ix_(order, order)]
    last_column = np.where(
        ordered.any(axis=1), len(order) - 1 - ordered[:, ::-1].argmax(axis=1), -1
    )
    new = int(np.minimum(np.arange(len(order)), last_column).max(initial=-1)) + 1
    return (order, order[:0]) if 2 * new >= len(order) else (order[:new], order[new:])


def _halves(cells: RoadCells, rows: _Indexes, columns: _Indexes) -> list[_Block]:
    """Return a refused block as two; a single pair that is refused has no road."""
    if len(rows) == len(columns) == 1:
        cells.distance_m[rows[0], columns[0]] = NO_ROAD
        cells.duration_s[rows[0], columns[0]] = NO_ROAD
        return []
    if len(rows) >= len(columns):
        middle = len(rows) // 2
        return [(rows[:middle], columns), (rows[middle:], columns)]
    middle = len(columns) // 2
    return [(rows, columns[:middle]), (rows, columns[middle:])]


def _answers_missing(reason: str, cells: RoadCells) -> str:
    unanswered = int((cells.distance_m == NOT_ASKED).sum())
    pairs = cells.distance_m.size - len(cells.distance_m)
    return _("%(unanswered)s of %(pairs)s distances are estimated: %(reason)s") % {
        "unanswered": unanswered,
        "pairs": pairs,
        "reason": reason,
    }


def _roadless(places: Sequence[Place], cells: RoadCells) -> list[str]:
    """Say where the service knows no road; places without any are named."""
    roadless = cells.distance_m == NO_ROAD
    count = int(roadless.sum())
    if not count:
        return []
    others = max(1, len(places) - 1)
    lost = np.flatnonzero((roadless.sum(axis=0) >= others) | (roadless.sum(axis=1) >= others))
    if not len(lost):
        said = ngettext(
            "No road leads between %(count)s pair of places; its distance is estimated.",
            "No road leads between %(count)s pairs of places; their distances are estimated.",
            count,
        )
        return [said % {"count": count}]
    named = ", ".join(
        f"{places[index].lat:.6f} {places[index].lng:.6f}" for index in lost[:_PLACES_NAMED]
    )
    said = ngettext(
        "The road service reaches %(count)s place by no road: %(places)s (latitude, longitude). "
        "Its distances are estimated.",
        "The road service reaches %(count)s places by no road: %(places)s (latitude, longitude). "
        "Their distances are estimated.",
        len(lost),
    )
    return [
        said % {"count": len(lost), "places": named + ("…" if len(lost) > _PLACES_NAMED else "")}
    ]
