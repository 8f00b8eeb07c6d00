"""Road distances kept in a file per warehouse: each pair is asked for once in a while.

A file holds all pairs between the places it knows, with the day each pair was
asked for. It is a cache: deleting it loses nothing but time, and one that
cannot be read counts as empty.
"""

import fcntl
import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fulfillment.integrations.travel_cells import NO_ROAD, NOT_ASKED, CellMatrix, RoadCells
from leaders.domain.coordinates import Place

logger = logging.getLogger(__name__)

# Millionths of a degree: a tenth of a metre, and what a service is asked with.
_PER_DEGREE = 1_000_000
# Beyond, the places asked for longest ago make room: 3,000 take 90 MB.
MOST_PLACES = 3_000
_NEVER = 0
_FIRST_DAY = date(2000, 1, 1)
# What reading a damaged archive may raise.
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)

_Days = npt.NDArray[np.uint16]
_Key = tuple[int, int]


def today() -> date:
    """The present day, by the machine's clock."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class _Stored:
    """The content of a file: keys of k places, k by k cells, and when each was asked for."""

    keys: tuple[_Key, ...]
    cells: RoadCells
    days: _Days

    def indexes(self, keys: Sequence[_Key]) -> npt.NDArray[np.int64]:
        """Where keys stand here, -1 for those that do not."""
        index_of = {key: index for index, key in enumerate(self.keys)}
        return np.array([index_of.get(key, -1) for key in keys], dtype=np.int64)


class TravelCache:
    """The pairs of one service and warehouse in the file `path`.

    Any number of processes may use it at once: readers see a whole file, and
    writers add to what the one before them has written.
    """

    def __init__(self, path: Path, *, max_age_days: int, clock: Callable[[], date] = today) -> None:
        self.path = path
        self._max_age_days = max_age_days
        self._clock = clock

    def read(self, places: Sequence[Place]) -> RoadCells:
        """Return what is known between `places` and not too old; the rest is `NOT_ASKED`.

        `places` are distinct to a millionth of a degree.
        """
        found = RoadCells.blank(len(places), len(places))
        _copy(self._load(), found, _keys(places))
        for table in (found.distance_m, found.duration_s):
            np.fill_diagonal(table, 0)
        return found

    def add(self, places: Sequence[Place], cells: RoadCells) -> None:
        """Keep the cells between `places` that are not `NOT_ASKED`.

        Raises
        ------
        OSError
            If the folder cannot be written to.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            merged = self._merged(self._load(), _keys(places), cells)
            self._replace(merged)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process is writing; the lock ends with its holder."""
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left_behind in self.path.parent.glob(f"{self.path.name}.*.tmp"):
                left_behind.unlink(missing_ok=True)
            yield

    def _load(self) -> _Stored:
        """Return what the file holds, without what is too old."""
        try:
            stored = _loaded(self.path)
        except FileNotFoundError:
            return _NOTHING
        except _UNREADABLE:
            logger.warning(
                "The kept roads in %s cannot be read; they are asked for again", self.path
            )
            return _NOTHING
        today_no = self._day()
        is_old = (stored.days < today_no - self._max_age_days) | (stored.days > today_no)
        for table in (stored.cells.distance_m, stored.cells.duration_s):
            table[is_old] = NOT_ASKED
        stored.days[is_old] = _NEVER
        return stored

    def _merged(self, old: _Stored, keys: list[_Key], cells: RoadCells) -> _Stored:
        kept = _worth_keeping(old, keys)
        all_keys = tuple(dict.fromkeys([*keys, *(old.keys[index] for index in kept)]))
        merged = _blank(all_keys)
        _copy(old, merged.cells, all_keys, days=merged.days)
        places = merged.indexes(keys)
        block = np.ix_(places, places)
        is_asked = cells.distance_m != NOT_ASKED
        for table, fresh in (
            (merged.cells.distance_m, cells.distance_m),
            (merged.cells.duration_s, cells.duration_s),
        ):
            table[block] = np.where(is_asked, fresh, table[block])
        merged.days[block] = np.where(is_asked, np.uint16(self._day()), merged.days[block])
        return merged

    def _replace(self, stored: _Stored) -> None:
        descriptor, name = tempfile.mkstemp(
            prefix=f"{self.path.name}.", suffix=".tmp", dir=self.path.parent
        )
        try:
            with os.fdopen(descriptor, "wb") as stream:
                np.savez(
                    stream,
                    keys=np.array(stored.keys, dtype=np.int32).reshape(-1, 2),
                    distance_m=stored.cells.distance_m,
                    duration_s=stored.cells.duration_s,
                    days=stored.days,
                )
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _day(self) -> int:
        return (self._clock() - _FIRST_DAY).days


def _keys(places: Sequence[Place]) -> list[_Key]:
    return [(round(place.lng * _PER_DEGREE), round(place.lat * _PER_DEGREE)) for place in places]


def _blank(keys: tuple[_Key, ...]) -> _Stored:
    return _Stored(
        keys,
        RoadCells.blank(len(keys), len(keys)),
        np.full((len(keys), len(keys)), _NEVER, dtype=np.uint16),
    )


_NOTHING = _blank(())


def _copy(
    stored: _Stored, target: RoadCells, keys: Sequence[_Key], *, days: _Days | None = None
) -> None:
    """Put what is stored between `keys` into `target`, whose rows and columns they are."""
    indexes = stored.indexes(keys)
    present = np.flatnonzero(indexes >= 0)
    into, out_of = np.ix_(present, present), np.ix_(indexes[present], indexes[present])
    target.distance_m[into] = stored.cells.distance_m[out_of]
    target.duration_s[into] = stored.cells.duration_s[out_of]
    if days is not None:
        days[into] = stored.days[out_of]


def _worth_keeping(old: _Stored, keys: Sequence[_Key]) -> list[int]:
    """Which places of a file stay beside those in use: the latest asked for, if there is room."""
    in_use = set(keys)
    newest = old.days.max(axis=1, initial=_NEVER)
    others = [
        index
        for index in np.argsort(-newest.astype(np.int64), kind="stable").tolist()
        if old.keys[index] not in in_use and newest[index] > _NEVER
    ]
    return others[: max(0, MOST_PLACES - len(in_use))]


def _loaded(path: Path) -> _Stored:
    with path.open("rb") as stream:
        # A wrong byte in a header could ask for all memory there is.
        if zipfile.ZipFile(stream).testzip() is not None:
            raise ValueError("A checksum is wrong.")
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as arrays:
            keys, days = arrays["keys"], arrays["days"]
            cells = RoadCells(arrays["distance_m"], arrays["duration_s"])
    shape = (len(keys), len(keys))
    if keys.shape[1:] != (2,) or not days.shape == shape == _shape(cells):
        raise ValueError("The tables do not belong together.")
    if days.dtype != np.uint16 or not _are_cells(cells):
        raise ValueError("The tables hold something else.")
    return _Stored(tuple(map(tuple, keys.tolist())), cells, days)


def _shape(cells: RoadCells) -> tuple[int, ...] | None:
    same = cells.distance_m.shape == cells.duration_s.shape
    return cells.distance_m.shape if same else None


def _are_cells(cells: RoadCells) -> bool:
    tables: tuple[CellMatrix, CellMatrix] = (cells.distance_m, cells.duration_s)
    return all(table.dtype == np.int32 and (table >= NO_ROAD).all() for table in tables)
