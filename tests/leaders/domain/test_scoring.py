"""What speaks for an application, in points."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.scoring import ApplicantFacts, ScoreReason, score

FACTS = st.builds(
    ApplicantFacts,
    **{
        field.name: st.integers(0, 10_000) if field.name == "group_size" else st.booleans()
        for field in fields(ApplicantFacts)
    },
)


@pytest.mark.parametrize(
    ("facts", "points", "is_passing"),
    [
        pytest.param(ApplicantFacts(), 0, False, id="nothing"),
        pytest.param(ApplicantFacts(is_shop=True), 0, False, id="a_shop_without_hours"),
        pytest.param(ApplicantFacts(has_hours=True), 0, False, id="hours_without_a_shop"),
        pytest.param(ApplicantFacts(is_shop=True, has_hours=True), 30, False, id="an_open_shop"),
        pytest.param(ApplicantFacts(has_fridge=True), 15, False, id="a_fridge"),
        pytest.param(ApplicantFacts(group_size=199), 0, False, id="a_small_group"),
        pytest.param(ApplicantFacts(group_size=200), 20, False, id="a_large_group"),
        pytest.param(ApplicantFacts(is_ground_floor=True), 10, False, id="no_stairs"),
        pytest.param(ApplicantFacts(is_experienced=True), 10, False, id="experience"),
        pytest.param(
            ApplicantFacts(is_shop=True, has_hours=True, group_size=200), 50, True, id="just_enough"
        ),
        pytest.param(
            ApplicantFacts(
                has_fridge=True, group_size=900, is_ground_floor=True, is_experienced=True
            ),
            55,
            True,
            id="a_good_home",
        ),
    ],
)
def test_points(facts: ApplicantFacts, points: int, is_passing: bool) -> None:
    result = score(facts)

    assert (result.points, result.is_passing) == (points, is_passing)


@given(FACTS)
def test_every_reason_is_named_once_and_the_points_add_up(facts: ApplicantFacts) -> None:
    result = score(facts)

    assert [part.reason for part in result.parts] == list(ScoreReason)
    assert result.points == sum(part.points for part in result.parts)
    assert 0 <= result.points <= 85
