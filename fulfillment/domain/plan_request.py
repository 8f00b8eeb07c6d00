"""What somebody asks a planner for, as it is kept with the draft."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What a plan shall do otherwise than the day as it stands.

    Parameters
    ----------
    seconds, seed, engine
        How long which engine searches and the seed of its choices; the
        default engine without a name.
    keeps_plan
        Only what must move moves: the accepted plan is kept but around the
        change. Otherwise everything that is not loaded is planned anew.
    keeps_drivers
        It is worth money to leave a stop with the driver it knows.
    vehicles_out
        Codes of vehicles that drive no further.
    drops_out
        Keys of drops that nobody takes; loaded ones stay where they are.
    transships
        What lies on a vehicle that is out may go on by another one, from the
        warehouse; without, loaded stops stay.
    max_vehicles
        No more vehicles than this.
    leaves_from_s
        Second of the delivery day before which nothing leaves that is not
        loaded yet.
    note
        Why, in the words of whoever asked.
    """

    seconds: int = 30
    seed: int = 1
    engine: str = ""
    keeps_plan: bool = False
    keeps_drivers: bool = True
    vehicles_out: frozenset[str] = frozenset()
    drops_out: frozenset[int] = frozenset()
    transships: bool = False
    max_vehicles: int | None = None
    leaves_from_s: int = 0
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values; `from_json` is the way back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in values.items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; what is not there is as nobody asked for it."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: frozenset(value) if isinstance(value, list) else value
            for name, value in kept.items()
            if name in known
        }
        return cls(**values)
