"""Calls to one provider, a few side by side, without a database in their threads.

A provider that does not answer costs its time-out, not the round: after a
handful of calls without any answer the rest is left for the next round.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from orders.errors import GatewayRefused, GatewayUnavailable

UNHEARD_MAX = 3

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[Subject, Answer]):
    """What came of one call: an answer, a definite no, or neither of them."""

    subject: Subject
    answer: Answer | None = None
    refusal: GatewayRefused | None = None

    @property
    def is_heard(self) -> bool:
        """The provider said something, be it no."""
        return self.answer is not None or self.refusal is not None


def calls_make(
    call: Callable[[Subject], Answer],
    subjects: Sequence[Subject],
    *,
    at_once: int,
    before: Callable[[Subject], bool] = lambda _subject: True,
) -> Iterator[Answered[Subject, Answer]]:
    """Call for every subject, `at_once` side by side; yield what came of each, in order.

    `before` runs in the caller's thread right before a subject's call and may
    leave it out by returning False; that is where a database is at hand. With
    `at_once` 1 the calls stay in the caller's thread, too. `UNHEARD_MAX` calls
    in a row that went unheard, or one full handful, end the round: the
    subjects behind them are not called and not yielded.
    """
    unheard = 0
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        for start in range(0, len(subjects), at_once):
            handful = [subject for subject in subjects[start : start + at_once] if before(subject)]
            if at_once == 1:
                answers = [_answered(call, subject) for subject in handful]
            else:
                answers = list(pool.map(lambda subject: _answered(call, subject), handful))
            yield from answers
            is_heard = any(answered.is_heard for answered in answers)
            unheard = 0 if is_heard else unheard + len(answers)
            if unheard >= max(at_once, UNHEARD_MAX):
                return


def _answered(call: Callable[[Subject], Answer], subject: Subject) -> Answered[Subject, Answer]:
    try:
        return Answered(subject=subject, answer=call(subject))
    except GatewayRefused as refusal:
        return Answered(subject=subject, refusal=refusal)
    except GatewayUnavailable:
        return Answered(subject=subject)
