"""The code by which two papers prove they agree."""

import random

from hypothesis import given
from hypothesis import strategies as st

from orders.domain.control_code import ALPHABET, control_code

pairs_strategy = st.lists(
    st.tuples(st.sampled_from(["O1/K1", "O1/K2", "O2/K1", "橙"]), st.integers(0, 99)), max_size=20
)


def test_the_code_is_the_one_on_the_page() -> None:
    assert control_code([("O1/K1", 2), ("O2/K1", 4)]) == "URQV"


def test_an_empty_paper_has_a_code_too() -> None:
    assert control_code([]) == "WGSE"


def test_no_character_of_the_alphabet_can_be_mistaken_for_another() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01OI")
    assert ALPHABET.isupper()


@given(pairs=pairs_strategy)
def test_a_code_is_four_characters_of_the_alphabet(pairs: list[tuple[str, int]]) -> None:
    code = control_code(pairs)

    assert len(code) == 4
    assert set(code) <= set(ALPHABET)


@given(pairs=pairs_strategy, seed=st.integers(0, 99))
def test_the_order_of_lines_does_not_matter(pairs: list[tuple[str, int]], seed: int) -> None:
    shuffled = list(pairs)
    random.Random(seed).shuffle(shuffled)

    assert control_code(iter(shuffled)) == control_code(pairs)


@given(pairs=pairs_strategy)
def test_a_line_split_over_totes_counts_as_its_sum(pairs: list[tuple[str, int]]) -> None:
    split = [
        part for line_id, qty in pairs for part in ((line_id, qty // 2), (line_id, qty - qty // 2))
    ]

    assert control_code(split) == control_code(pairs)


@given(pairs=pairs_strategy)
def test_rows_of_nothing_do_not_change_the_code(pairs: list[tuple[str, int]]) -> None:
    assert control_code([*pairs, ("O9/K9", 0)]) == control_code(pairs)


def test_moving_one_piece_between_lines_changes_the_code() -> None:
    before = control_code([("O1/K1", 2), ("O2/K1", 4)])
    after = control_code([("O1/K1", 3), ("O2/K1", 3)])

    assert before != after


def test_codes_spread_over_all_bits() -> None:
    codes = [control_code([("O1/K1", qty)]) for qty in range(1, 1_001)]

    # 1,000 random codes out of 1,048,576 hold 0.48 equal pairs on average.
    assert len(set(codes)) >= 998
    assert all({code[place] for code in codes} == set(ALPHABET) for place in range(4))
