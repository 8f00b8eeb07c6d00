"""The problems that engines are measured on, by family."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.routing.day import read_day
from benchmarks.routing.jd import read_jd
from benchmarks.routing.town import read_town
from fulfillment.routing.instances import Instance, read_instance
from fulfillment.routing.problem import RoutingProblem

INSTANCE_FAMILIES = ("CVRP", "VRPTW", "HFVRP", "SOLOMON")
_TOWNS = (1_000, 2_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """One problem; `instance` where a best known cost goes with it."""

    family: str
    name: str
    problem: RoutingProblem
    instance: Instance | None = None


def problems(data: Path, families: Sequence[str], only: Sequence[str]) -> Iterator[Measured]:
    """Yield the problems of the families that are at hand, those named in `only` if any are."""
    for family in families:
        for name, read in _FAMILIES[family](data, family).items():
            if not only or name in only:
                yield read()


def _instances(data: Path, family: str) -> Mapping[str, Callable[[], Measured]]:
    folder = data / "cvrplib_bks" / family
    paths = sorted((*folder.glob("*.vrp"), *folder.glob("*.txt")))
    return {path.stem: partial(_instance, family, path) for path in paths}


def _instance(family: str, path: Path) -> Measured:
    instance = read_instance(path)
    return Measured(family, instance.name, instance.problem, instance)


def _days(data: Path, family: str) -> Mapping[str, Callable[[], Measured]]:
    return {folder.name: partial(_day, family, folder) for folder in sorted(data.glob("day_*"))}


def _day(family: str, folder: Path) -> Measured:
    return Measured(family, folder.name, read_day(folder))


def _contest(data: Path, family: str) -> Mapping[str, Callable[[], Measured]]:
    paths = sorted((data / "jd_goc2018_beijing").glob("nodes_*.csv"))
    names = [path.stem.replace("nodes", "jd") for path in paths]
    return {
        name: partial(_contest_day, family, name, path)
        for name, path in zip(names, paths, strict=True)
    }


def _contest_day(family: str, name: str, path: Path) -> Measured:
    return Measured(family, name, read_jd(path))


def _towns(data: Path, family: str) -> Mapping[str, Callable[[], Measured]]:
    folder = data / "communities_zhengzhou"
    sizes = _TOWNS if folder.is_dir() else ()
    return {f"town_{size}": partial(_town, family, folder, size) for size in sizes}


def _town(family: str, folder: Path, size: int) -> Measured:
    return Measured(family, f"town_{size}", read_town(folder, size))


_FAMILIES: Mapping[str, Callable[[Path, str], Mapping[str, Callable[[], Measured]]]] = {
    **dict.fromkeys(INSTANCE_FAMILIES, _instances),
    "DAY": _days,
    "JD": _contest,
    "TOWN": _towns,
}
FAMILIES = tuple(_FAMILIES)
