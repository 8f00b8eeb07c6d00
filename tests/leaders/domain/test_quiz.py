"""Grading a go at the quiz."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.domain.quiz import PASS_MARK, QUESTIONS, Question, grade

RIGHT = {question.code: question.right for question in QUESTIONS}
ANSWERS = st.fixed_dictionaries(
    {}, optional={question.code: st.sampled_from(question.answers) for question in QUESTIONS}
)


def test_all_right_is_a_pass() -> None:
    result = grade(RIGHT)

    assert (result.right_count, result.wrong, result.is_passed) == (len(QUESTIONS), (), True)


def test_nothing_answered_is_no_pass() -> None:
    result = grade({})

    assert result.right_count == 0
    assert result.wrong == tuple(RIGHT)
    assert not result.is_passed


@pytest.mark.parametrize(("right", "is_passed"), [(PASS_MARK - 1, False), (PASS_MARK, True)])
def test_the_pass_mark_decides(right: int, is_passed: bool) -> None:
    assert grade(dict(list(RIGHT.items())[:right])).is_passed == is_passed


def test_what_is_no_question_of_ours_counts_for_nothing() -> None:
    assert grade({"weather": "good"}).right_count == 0


@given(ANSWERS)
def test_right_and_wrong_are_all_questions(answers: dict[str, str]) -> None:
    result = grade(answers)

    assert result.right_count + len(result.wrong) == len(QUESTIONS)
    assert all(answers.get(code) != RIGHT[code] for code in result.wrong)


def test_the_right_answer_does_not_always_stand_in_the_same_place() -> None:
    places = {question.answers.index(question.right) for question in QUESTIONS}

    assert places == {0, 1, 2}


@pytest.mark.parametrize("answers", [("a", "b"), ("c", "c")])
def test_a_question_without_one_right_answer_is_a_mistake(answers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="broken"):
        Question(code="broken", answers=answers, right="c")
