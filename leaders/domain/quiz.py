"""The quiz of new leaders: which answer is right, and when it is passed.

Questions and answers are codes; their words are in
`leaders.services.quiz_wording`. Codes are kept in attempts, so a question
that changes its meaning gets a new code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PASS_MARK = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its possible answers, of which one is right.

    Raises
    ------
    ValueError
        If the right answer cannot be chosen: a mistake in the table below,
        which stops the program at import.
    """

    code: str
    answers: tuple[str, ...]
    right: str

    def __post_init__(self) -> None:
        if self.right not in self.answers or len(set(self.answers)) < len(self.answers):
            raise ValueError(f"{self.code}: the right answer is one of several different ones")


QUESTIONS = (
    Question(
        code="cutoff", answers=("add_later", "next_campaign", "ask_driver"), right="next_campaign"
    ),
    Question(code="prepaid", answers=("order_first", "lend_money", "pay_first"), right="pay_first"),
    Question(code="recruiting", answers=("nothing", "share", "fee"), right="nothing"),
    Question(
        code="cold_chain",
        answers=("shade", "fridge_at_once", "next_to_door"),
        right="fridge_at_once",
    ),
    Question(
        code="unpicked", answers=("give_away", "sell_on", "by_the_rules"), right="by_the_rules"
    ),
    Question(code="claims", answers=("photo_in_app", "argue", "pay_cash"), right="photo_in_app"),
    Question(
        code="personal_data",
        answers=("post_list", "own_pickups_only", "sell_list"),
        right="own_pickups_only",
    ),
    Question(
        code="missing_totes",
        answers=("sign_anyway", "refuse_all", "count_and_report"),
        right="count_and_report",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizResult:
    """How one go ended."""

    right_count: int
    wrong: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether enough answers were right."""
        return self.right_count >= PASS_MARK


def grade(answers: Mapping[str, str]) -> QuizResult:
    """Grade one go.

    Parameters
    ----------
    answers
        Answer codes by question code. A question left out counts as wrong;
        what is no question of ours counts for nothing.
    """
    wrong = tuple(
        question.code for question in QUESTIONS if answers.get(question.code) != question.right
    )
    return QuizResult(right_count=len(QUESTIONS) - len(wrong), wrong=wrong)
