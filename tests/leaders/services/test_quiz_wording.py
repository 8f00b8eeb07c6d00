"""The words of the quiz."""

from leaders.domain.quiz import QUESTIONS
from leaders.services.quiz_wording import WORDS, shown_questions


def test_every_question_and_every_answer_has_words() -> None:
    assert set(WORDS) == {question.code for question in QUESTIONS}
    for question in QUESTIONS:
        assert set(WORDS[question.code].answers) == set(question.answers)


def test_before_a_go_nothing_is_right_or_wrong() -> None:
    for question in shown_questions(None):
        assert question.is_right is None
        assert not any(answer.is_chosen for answer in question.answers)


def test_after_a_go_the_page_shows_what_was_chosen() -> None:
    first = QUESTIONS[0]

    shown = shown_questions({first.code: first.right})

    assert [answer.code for answer in shown[0].answers if answer.is_chosen] == [first.right]
    assert [question.is_right for question in shown] == [True] + [False] * (len(QUESTIONS) - 1)
