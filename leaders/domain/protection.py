"""How near another pickup point may stand before a person looks at it.

Where points stand too close, residents go to the wrong one and leaders fight
over the same families. A conflict is a flag; it refuses nothing.
"""

from dataclasses import dataclass

VILLAGE_ENDING = "村"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRules:
    """The operator's radii in metres, and the districts where people live close together."""

    radius_m: int
    dense_radius_m: int
    dense_districts: frozenset[str] = frozenset()

    @property
    def widest_m(self) -> int:
        """No two points farther apart than this are in conflict, unless they share a village."""
        return max(self.radius_m, self.dense_radius_m)

    def radius_of(self, district: str) -> int:
        """The radius in metres around a point of a district."""
        return self.dense_radius_m if district in self.dense_districts else self.radius_m

    def radius_between(self, district: str, other: str) -> int:
        """The radius in metres that two points keep: the wider of theirs."""
        return max(self.radius_of(district), self.radius_of(other))


def shares_village(community: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two (district, name) communities are one village, which has one point."""
    return community == other and community[1].strip().endswith(VILLAGE_ENDING)
