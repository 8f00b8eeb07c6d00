"""The words of the quiz: questions, answers, and why the right one is right."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leaders.domain.quiz import QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizWords:
    """What one question says; `answers` by answer code."""

    question: Promise
    answers: Mapping[str, Promise]
    why: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """One answer to choose."""

    code: str
    text: Promise
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuestion:
    """One question as the page shows it; `is_right` is None before anybody has answered."""

    code: str
    text: Promise
    answers: tuple[ShownAnswer, ...]
    why: Promise
    is_right: bool | None


WORDS: Mapping[str, QuizWords] = {
    "cutoff": QuizWords(
        question=_("The campaign has closed. A neighbour still wants two boxes of eggs. And now?"),
        answers={
            "add_later": _("I write them on the list by hand; the warehouse will manage."),
            "next_campaign": _("They can order in the next campaign."),
            "ask_driver": _("I ask the driver to bring two boxes more."),
        },
        why=_("At the cut-off we buy exactly what was paid for. There is nothing to spare."),
    ),
    "prepaid": QuizWords(
        question=_("What counts as an order?"),
        answers={
            "order_first": _("A name in the group chat; money comes at pickup."),
            "lend_money": _("Whatever I pay for first and collect later."),
            "pay_first": _("What the resident has paid for on the page before the cut-off."),
        },
        why=_("Only paid lines are bought. A chain in the group is a wish until it is paid."),
    ),
    "recruiting": QuizWords(
        question=_("You bring a friend who becomes a leader. What do you earn on her sales?"),
        answers={
            "nothing": _("Nothing. I earn on what my own neighbours buy."),
            "share": _("A share of everything her group buys."),
            "fee": _("An entry fee that she pays me."),
        },
        why=_(
            "Nobody is paid for recruiting or for other people's sales, and nobody pays to join."
        ),
    ),
    "cold_chain": QuizWords(
        question=_("Frozen dumplings arrive at noon; most people come at six. Where do they wait?"),
        answers={
            "shade": _("In the shade, under a cloth."),
            "fridge_at_once": _("In the freezer, at once."),
            "next_to_door": _("By the door, so that nobody has to search."),
        },
        why=_("What has thawed must not be frozen or handed out again. Cold goods go first."),
    ),
    "unpicked": QuizWords(
        question=_("Fresh goods still lie there at nine in the evening. What do you do?"),
        answers={
            "give_away": _("I give them to whoever passes by."),
            "sell_on": _("I sell them for cash."),
            "by_the_rules": _("I follow the rules for goods not fetched, and take a photo."),
        },
        why=_("They are paid for and somebody's. The page says until when they are kept."),
    ),
    "claims": QuizWords(
        question=_("A resident shows you a rotten peach. What happens?"),
        answers={
            "photo_in_app": _("They file a claim with a photo on their order; I say what I saw."),
            "argue": _("I explain that it was fine when it came."),
            "pay_cash": _("I pay it back out of my own pocket."),
        },
        why=_("A claim with a photo within 24 hours is refunded quickly, and the bearer is found."),
    ),
    "personal_data": QuizWords(
        question=_("What may you do with your residents' names and numbers?"),
        answers={
            "post_list": _("Post the pickup list in the group so that everybody sees it."),
            "own_pickups_only": _("Use them to hand out my own group's orders, and nothing else."),
            "sell_list": _("Pass them on to a shop that asks."),
        },
        why=_("The law protects them. Numbers open for open pickups only, and that is logged."),
    ),
    "missing_totes": QuizWords(
        question=_("The driver brings five totes, the sheet says six. What do you do?"),
        answers={
            "sign_anyway": _("I sign, the sixth will come some time."),
            "refuse_all": _("I send everything back."),
            "count_and_report": _("I count, sign for five and report what is missing at the door."),
        },
        why=_("What is counted at the door is nobody's dispute. Unsigned goods count as complete."),
    ),
}


def shown_questions(answers: Mapping[str, str] | None) -> tuple[ShownQuestion, ...]:
    """Return the questions with the answers of the last go, if there was one."""
    return tuple(
        ShownQuestion(
            code=question.code,
            text=WORDS[question.code].question,
            answers=tuple(
                ShownAnswer(
                    code=code,
                    text=WORDS[question.code].answers[code],
                    is_chosen=bool(answers) and (answers or {}).get(question.code) == code,
                )
                for code in question.answers
            ),
            why=WORDS[question.code].why,
            is_right=None if answers is None else answers.get(question.code) == question.right,
        )
        for question in QUESTIONS
    )
