"""The cut-off run as data: its steps, what each waits for, which comes next.

A run is one row per campaign, a step one row per run. A step is stored and
marked done in one transaction under the run's row; the long ones (route,
print) compute before it opens. So a killed process leaves no half step, and
`next_step` of what is done says where to go on.
"""

from collections.abc import Set
from enum import StrEnum

from fulfillment.errors import StepOutOfOrder
from leaders.domain.lifecycle import Lifecycle, moves

# A step that failed this often is not tried again until a human asks for it.
POISON_LIMIT = 5


class Step(StrEnum):
    """The steps of a day, in the order they are taken."""

    FREEZE = "freeze"
    PURCHASE = "purchase"
    RECEIVE = "receive"
    ALLOCATE = "allocate"
    SORT = "sort"
    ROUTE = "route"
    PRINT = "print"
    REFUND = "refund"
    COMMISSION = "commission"
    CHECK = "check"


# Routes need the totes of what was allocated, papers the routes. What is short
# may still change while the goods are sorted, so money goes back after that,
# and commission is earned on what is left. The table asks for no more than a
# step needs: a run begun when refunds came before sorting still goes on.
WAITS_FOR: dict[Step, frozenset[Step]] = {
    Step.FREEZE: frozenset(),
    Step.PURCHASE: frozenset({Step.FREEZE}),
    Step.RECEIVE: frozenset({Step.PURCHASE}),
    Step.ALLOCATE: frozenset({Step.RECEIVE}),
    Step.SORT: frozenset({Step.ALLOCATE}),
    Step.ROUTE: frozenset({Step.SORT}),
    Step.PRINT: frozenset({Step.ROUTE}),
    Step.REFUND: frozenset({Step.ALLOCATE}),
    Step.COMMISSION: frozenset({Step.REFUND}),
    Step.CHECK: frozenset({Step.COMMISSION, Step.PRINT}),
}


def next_step(done: Set[Step]) -> Step | None:
    """Return the first step not done yet, or None when the run is complete.

    Raises
    ------
    StepOutOfOrder
        If a step is done although something it waits for is not: the rows
        were changed by hand, and going on would build on sand.
    """
    for step in Step:
        if step in done and not WAITS_FOR[step] <= done:
            raise StepOutOfOrder(
                "A step is done before what it waits for.",
                step=str(step),
                missing=sorted(WAITS_FOR[step] - done),
            )
    return next((step for step in Step if step not in done), None)


class StepState(StrEnum):
    """What a step's row says.

    `waiting` means the step is due but its clock or the people it needs
    (goods not counted yet) are not ready; nothing was tried.
    """

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


_S = StepState

# Running is written before the work and the outcome after it, so a killed
# process leaves the step running, and the next call runs it again.
STEP_LIFECYCLE = Lifecycle(
    name="step",
    initial=frozenset({_S.PENDING}),
    moves=moves(
        (_S.PENDING, (_S.RUNNING, _S.WAITING)),
        (_S.RUNNING, (_S.RUNNING, _S.DONE, _S.FAILED)),
        (_S.WAITING, (_S.RUNNING,)),
        (_S.FAILED, (_S.RUNNING,)),
        (_S.DONE, ()),
    ),
    open=frozenset({_S.PENDING, _S.RUNNING, _S.WAITING}),
    completed=frozenset({_S.DONE}),
    failed=frozenset({_S.FAILED}),
)
