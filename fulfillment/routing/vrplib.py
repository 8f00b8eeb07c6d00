"""CVRPLIB and Solomon texts, read into tables; what the tables mean is `instances.py`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

from fulfillment.errors import InstanceUnreadable

Row = tuple[str, ...]
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class VrplibFile:
    """The header fields and the sections of a CVRPLIB file, as text."""

    fields: dict[str, str]
    sections: dict[str, tuple[Row, ...]]

    def field(self, name: str) -> str:
        """Return a header field that must be there."""
        if name not in self.fields:
            raise InstanceUnreadable(f"The file has no {name} field.", field=name)
        return self.fields[name]

    def count(self, name: str) -> int:
        """Return a header field that must be a whole number."""
        return whole(self.field(name), name)

    def column(self, section: str, length: int) -> list[int]:
        """Return the values of a section of `length` numbered rows `place value`."""
        return [whole(row[0], section) for row in self.rows(section, length, 1)]

    def rows(self, section: str, length: int, width: int) -> list[Row]:
        """Return a section of `length` rows numbered from 1, without their numbers."""
        if section not in self.sections:
            raise InstanceUnreadable(f"The file has no {section}.", section=section)
        rows = self.sections[section]
        numbers = [whole(row[0], section) for row in rows]
        if numbers != list(range(1, length + 1)) or any(len(row) != width + 1 for row in rows):
            raise InstanceUnreadable(
                f"{section} should have {length} rows, numbered from 1, of {width + 1} values.",
                section=section,
            )
        return [row[1:] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolomonFile:
    """A Solomon text: customer 0 is the depot; rows are x, y, demand, ready, due, service."""

    name: str
    vehicles: int
    capacity: int
    customers: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SolutionFile:
    """Routes as CVRPLIB numbers them (customer i is node i + 1 of the file), and their cost."""

    routes: tuple[tuple[int, ...], ...]
    cost: float


def parse_vrplib(text: str) -> VrplibFile:
    """Return the fields and sections of a CVRPLIB text.

    Raises
    ------
    InstanceUnreadable
        If the text is not of that form.
    """
    fields: dict[str, str] = {}
    sections: dict[str, list[Row]] = {}
    rows: list[Row] | None = None
    for line in _lines(text):
        word = line.split()[0]
        if word == "EOF":
            break
        if word.endswith("_SECTION"):
            rows = sections.setdefault(word, [])
        elif ":" in line:
            key, _, value = line.partition(":")
            fields[key.strip()] = value.strip().strip('"')
            rows = None
        elif rows is None:
            raise InstanceUnreadable(f"Expected a field or a section, got: {line[:60]}")
        else:
            rows.append(tuple(line.split()))
    return VrplibFile(fields, {name: tuple(found) for name, found in sections.items()})


def parse_solomon(text: str) -> SolomonFile:
    """Return the values of a Solomon text.

    Raises
    ------
    InstanceUnreadable
        If the text is not of that form.
    """
    lines = list(_lines(text))
    titles = [line.split()[0].upper() for line in lines]
    if titles[1:3] != ["VEHICLE", "NUMBER"] or titles[4:6] != ["CUSTOMER", "CUST"]:
        raise InstanceUnreadable("This is neither a CVRPLIB nor a Solomon file.")
    vehicles, capacity = _numbers(lines[3], 2)
    table = [_numbers(line, 7) for line in lines[6:]]
    if not table or [row[0] for row in table] != list(range(len(table))):
        raise InstanceUnreadable("Customers should be numbered from 0 without gaps.")
    return SolomonFile(
        name=lines[0],
        vehicles=vehicles,
        capacity=capacity,
        customers=tuple(row[1:] for row in table),
    )


def parse_solution(text: str) -> SolutionFile:
    """Return the routes and the cost of a CVRPLIB solution text.

    Raises
    ------
    InstanceUnreadable
        If the text is not of that form.
    """
    routes: list[tuple[int, ...]] = []
    cost: float | None = None
    for line in _lines(text):
        word, _, rest = line.partition(" ")
        if word == "Route":
            nodes = rest.partition(":")[2].split()
            routes.append(tuple(whole(node, "a route") for node in nodes))
        elif word.rstrip(":") == "Cost":
            cost = number(rest, "Cost")
    if cost is None:
        raise InstanceUnreadable("The solution states no cost.")
    return SolutionFile(tuple(routes), cost)


def write_solution(routes: Iterable[Iterable[int]], cost: float | int) -> str:
    """Return a CVRPLIB solution text."""
    lines = [
        f"Route #{number}: {' '.join(str(node) for node in route)}".rstrip()
        for number, route in enumerate(routes, start=1)
    ]
    return "\n".join([*lines, f"Cost {cost}", ""])


def whole(text: str, where: str) -> int:
    """Return the text as a whole number."""
    return _read(int, text, where)


def number(text: str, where: str) -> float:
    """Return the text as a finite number."""
    value = _read(float, text, where)
    if not isfinite(value):
        raise InstanceUnreadable(f"{where} holds no number: {text[:40]}", where=where)
    return value


def _read(kind: Callable[[str], _Number], text: str, where: str) -> _Number:
    try:
        return kind(text)
    except ValueError as error:
        raise InstanceUnreadable(f"{where} holds no number: {text[:40]}", where=where) from error


def _numbers(line: str, width: int) -> tuple[int, ...]:
    words = line.split()
    if len(words) != width:
        raise InstanceUnreadable(f"Expected {width} numbers, got: {line[:60]}")
    return tuple(whole(word, "a row") for word in words)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        stripped = line.strip()
        if stripped:
            yield stripped
