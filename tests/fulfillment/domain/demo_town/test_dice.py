from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.domain.demo_town.dice import Dice


def test_the_first_throws_are_the_same_for_ever() -> None:
    dice = Dice(1, "test")

    assert [dice.below(1_000) for _ in range(5)] == [56, 522, 47, 101, 862]
    assert dice.shuffled(list("abcdef")) == list("bedcaf")


@settings(deadline=None)
@given(st.integers(), st.integers(min_value=1, max_value=10**12))
def test_a_throw_stays_below_its_limit(seed: int, limit: int) -> None:
    assert 0 <= Dice(seed, "law").below(limit) < limit


@settings(deadline=None)
@given(st.integers(), st.lists(st.integers()))
def test_a_shuffle_loses_and_adds_nothing(seed: int, items: list[int]) -> None:
    assert sorted(Dice(seed, "law").shuffled(items)) == sorted(items)


@settings(deadline=None)
@given(st.integers())
def test_what_weighs_nothing_is_never_drawn(seed: int) -> None:
    dice = Dice(seed, "law")

    assert {dice.weighted("abc", (3, 0, 1)) for _ in range(50)} <= {"a", "c"}


def test_every_side_falls_about_as_often_as_it_weighs() -> None:
    dice = Dice(2, "fair")

    throws = [dice.weighted("ab", (3, 1)) for _ in range(4_000)]

    assert 2_850 < throws.count("a") < 3_150
