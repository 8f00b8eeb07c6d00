"""How far pickup points keep from one another."""

import pytest

from leaders.domain.protection import ProtectionRules, shares_village

RULES = ProtectionRules(radius_m=500, dense_radius_m=300, dense_districts=frozenset({"金水"}))


@pytest.mark.parametrize(
    ("district", "other", "metres"),
    [("金水", "金水", 300), ("金水", "中牟", 500), ("中牟", "金水", 500), ("中牟", "中牟", 500)],
)
def test_two_points_keep_the_wider_of_their_radii(district: str, other: str, metres: int) -> None:
    assert RULES.radius_between(district, other) == metres


def test_nothing_beyond_the_widest_radius_is_a_conflict() -> None:
    assert RULES.widest_m == 500


@pytest.mark.parametrize(
    ("community", "other", "is_shared"),
    [
        (("中牟", "大孟村"), ("中牟", "大孟村"), True),
        (("中牟", "大孟村"), ("新郑", "大孟村"), False),
        (("中牟", "阳光花园"), ("中牟", "阳光花园"), False),
    ],
    ids=["one_village", "villages_of_one_name", "a_community_is_no_village"],
)
def test_a_village_is_shared_by_name_and_district(
    community: tuple[str, str], other: tuple[str, str], is_shared: bool
) -> None:
    assert shares_village(community, other) is is_shared
