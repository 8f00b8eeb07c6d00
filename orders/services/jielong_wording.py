"""What the chain desk says about a row's doubts, in the leader's words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.domain.jielong.chain import Doubt, Operation, Problem

WORDING: Mapping[Doubt, str] = {
    Doubt.NO_GOODS: gettext_noop("Nothing is ordered in this row."),
    Doubt.GOODS_UNKNOWN: gettext_noop("“{words}” is nothing on sale."),
    Doubt.GOODS_AMBIGUOUS: gettext_noop("“{words}” may be more than one kind of goods."),
    Doubt.QTY_WITHOUT_GOODS: gettext_noop("“{words}” says how many, but not of what."),
    Doubt.QTY_ASSUMED: gettext_noop("“{words}” has no quantity; one was taken."),
    Doubt.QTY_UNREADABLE: gettext_noop("“{words}” is no whole number of pieces."),
    Doubt.QTY_LARGE: gettext_noop("“{words}” is more than a household orders."),
    Doubt.UNIT_DIFFERS: gettext_noop(
        "“{words}” counts in another unit than these goods are sold in."
    ),
    Doubt.GOODS_TWICE: gettext_noop("“{words}” names the same goods twice; they were added up."),
    Doubt.OPERATION: gettext_noop("“{words}” changes another row; decide what holds."),
    Doubt.NOBODY: gettext_noop("It does not say who this is for."),
    Doubt.TWICE_IN_LIST: gettext_noop("“{words}” stands in the list twice."),
    Doubt.COLLIDED: gettext_noop("Somebody took the same number at the same time: {words}"),
    Doubt.ORDERED_BEFORE: gettext_noop("This household has ordered already: {words}"),
}
OPERATIONS: Mapping[Operation, str] = {
    Operation.WITHDRAW: gettext_noop("wants out"),
    Operation.CHANGE: gettext_noop("changes"),
    Operation.ADD: gettext_noop("adds"),
    Operation.SAME: gettext_noop("the same as above"),
    Operation.PLUS_ONE: gettext_noop("plus one"),
}


def problem_text(problem: Problem) -> str:
    """One doubt as a sentence."""
    return _(WORDING[problem.doubt]).format(words=problem.words)


def operation_text(operation: str) -> str:
    """An operation as a word; empty for none."""
    return _(OPERATIONS[Operation(operation)]) if operation else ""
