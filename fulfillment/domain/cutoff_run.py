"""The cut-off run as data: its steps, what each waits for, how it resumes.

A run is one row per campaign, a step one row per run. A short step is one
transaction that checks, works and marks itself done, so a killed process
leaves it as it was; the long ones (route, print) take a lease, compute
outside and write under the lease's number. Either way `resume` says what to
do with the row that is found.
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
    REFUND = "refund"
    COMMISSION = "commission"
    SORT = "sort"
    ROUTE = "route"
    PRINT = "print"
    CHECK = "check"


# Commission is earned on what is left after refunds. Routes need the totes of
# what was allocated. Papers show purchases, sort lists, routes and refunds.
WAITS_FOR: dict[Step, frozenset[Step]] = {
    Step.FREEZE: frozenset(),
    Step.PURCHASE: frozenset({Step.FREEZE}),
    Step.RECEIVE: frozenset({Step.PURCHASE}),
    Step.ALLOCATE: frozenset({Step.RECEIVE}),
    Step.REFUND: frozenset({Step.ALLOCATE}),
    Step.COMMISSION: frozenset({Step.REFUND}),
    Step.SORT: frozenset({Step.ALLOCATE}),
    Step.ROUTE: frozenset({Step.ALLOCATE}),
    Step.PRINT: frozenset({Step.REFUND, Step.SORT, Step.ROUTE}),
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

    `waiting` means the step ran, found that people have to do something
    first (goods not counted yet) and changed nothing.
    """

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


_S = StepState
_OUTCOMES = (_S.DONE, _S.WAITING, _S.FAILED)

# A short step goes from pending to its outcome in one transaction and never
# shows as running; a long one is running under a lease, and running again
# when somebody takes the lease over.
STEP_LIFECYCLE = Lifecycle(
    name="step",
    initial=frozenset({_S.PENDING}),
    moves=moves(
        (_S.PENDING, (_S.RUNNING, *_OUTCOMES)),
        (_S.RUNNING, (_S.RUNNING, *_OUTCOMES)),
        (_S.WAITING, (_S.RUNNING, *_OUTCOMES)),
        (_S.FAILED, (_S.RUNNING, *_OUTCOMES)),
        (_S.DONE, ()),
    ),
    open=frozenset({_S.PENDING, _S.RUNNING, _S.WAITING}),
    completed=frozenset({_S.DONE}),
    failed=frozenset({_S.FAILED}),
)


class Resume(StrEnum):
    """What to do with a step found in some state."""

    START = "start"
    LEAVE = "leave"
    SKIP = "skip"
    STOP = "stop"


def resume(
    state: StepState, *, attempts: int, is_lease_over: bool, limit: int | None = POISON_LIMIT
) -> Resume:
    """Say what a process that finds this row does with it.

    Parameters
    ----------
    state
        State of the step.
    attempts
        How often it was started.
    is_lease_over
        Whether whoever runs it has lost the lease; a killed process loses it
        by time. Matters for running steps only.
    limit
        Attempts after which a step is poison; None when a human asks for
        another try.

    Returns
    -------
    Resume
        SKIP what is done, LEAVE what another process is running, STOP at
        poison and wait for a human, START everything else. A waiting step is
        never poison: asking whether the goods have come is not a failure.
    """
    if state is StepState.DONE:
        return Resume.SKIP
    if state is StepState.RUNNING and not is_lease_over:
        return Resume.LEAVE
    if state is not StepState.WAITING and limit is not None and attempts >= limit:
        return Resume.STOP
    return Resume.START
