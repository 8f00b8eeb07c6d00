"""State tables: the generic table, and those of leaders and applications.

Every state field of the platform has one table. Services ask the table for
the states a move may start from and put them into a guarded UPDATE
(`state IN sources_of(new)`); zero changed rows means someone was first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The states of one kind of thing and the moves between them.

    Parameters
    ----------
    name
        What the states belong to, for the complaint about a bad table.
    initial
        States a new row may be created in.
    moves
        For every state, the states it may move to. A final state maps to an
        empty set, so that a forgotten state is an error and not an end.
    open, completed, failed
        Three groups; every state is in exactly one. Open states still need
        somebody to act, so each must have a move. A failed state may have
        one: that is a retry.

    Raises
    ------
    ValueError
        If the table contradicts itself. Tables are module constants, so this
        stops the program at import and never reaches a user.
    """

    name: str
    initial: frozenset[str]
    moves: Mapping[str, frozenset[str]]
    open: frozenset[str]
    completed: frozenset[str]
    failed: frozenset[str]

    def __post_init__(self) -> None:
        states = self.states
        targets = frozenset(new for news in self.moves.values() for new in news)
        if not (targets | self.initial) <= states:
            raise ValueError(f"{self.name}: a move leads to an unknown state")
        grouped = [*self.open, *self.completed, *self.failed]
        if len(grouped) != len(set(grouped)) or frozenset(grouped) != states:
            raise ValueError(f"{self.name}: every state belongs to exactly one group")
        if any(not self.moves[state] for state in self.open):
            raise ValueError(f"{self.name}: an open state has no way on")
        if self._reachable() != states:
            raise ValueError(f"{self.name}: a state cannot be reached")

    @property
    def states(self) -> frozenset[str]:
        """All states of the table."""
        return frozenset(self.moves)

    def sources_of(self, new: str) -> frozenset[str]:
        """Return the states from which `new` can be reached in one move."""
        return frozenset(old for old, news in self.moves.items() if new in news)

    def _reachable(self) -> frozenset[str]:
        found: set[str] = set()
        frontier = set(self.initial)
        while frontier:
            found |= frontier
            frontier = {new for old in frontier for new in self.moves[old]} - found
        return frozenset(found)


def moves(*rows: tuple[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    """Return a moves table from (old state, new states) rows."""
    return {old: frozenset(news) for old, news in rows}


class ApplicationState(StrEnum):
    """One request to become a leader, from the first word on."""

    LEAD = "lead"
    CONTACTED = "contacted"
    APPLIED = "applied"
    DOCUMENTS = "documents"
    SITE = "site"
    TRAINED = "trained"
    APPROVED = "approved"
    REJECTED = "rejected"


class LeaderState(StrEnum):
    """Whether a leader may open campaigns and receive goods."""

    TRIAL = "trial"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    QUIT = "quit"


class LevelReviewState(StrEnum):
    """One change of a leader's level."""

    NOTICED = "noticed"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


class LeaderExitState(StrEnum):
    """One leader's leaving."""

    NOTICED = "noticed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class CountersignatureState(StrEnum):
    """One deed that waits for a second person."""

    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"
    LAPSED = "lapsed"


_A = ApplicationState
# Each step has its own proof, so none is jumped over; only a lead may apply
# before anybody has called. A decision is final: who was rejected sends a new
# application.
APPLICATION_LIFECYCLE = Lifecycle(
    name="application",
    initial=frozenset({_A.LEAD, _A.APPLIED}),
    moves=moves(
        (_A.LEAD, (_A.CONTACTED, _A.APPLIED, _A.REJECTED)),
        (_A.CONTACTED, (_A.APPLIED, _A.REJECTED)),
        (_A.APPLIED, (_A.DOCUMENTS, _A.REJECTED)),
        (_A.DOCUMENTS, (_A.SITE, _A.REJECTED)),
        (_A.SITE, (_A.TRAINED, _A.REJECTED)),
        (_A.TRAINED, (_A.APPROVED, _A.REJECTED)),
        (_A.APPROVED, ()),
        (_A.REJECTED, ()),
    ),
    open=frozenset({_A.LEAD, _A.CONTACTED, _A.APPLIED, _A.DOCUMENTS, _A.SITE, _A.TRAINED}),
    completed=frozenset({_A.APPROVED}),
    failed=frozenset({_A.REJECTED}),
)

LEVEL_REVIEW_LIFECYCLE = Lifecycle(
    name="level review",
    initial=frozenset({LevelReviewState.NOTICED, LevelReviewState.APPLIED}),
    moves=moves(
        (LevelReviewState.NOTICED, (LevelReviewState.APPLIED, LevelReviewState.WITHDRAWN)),
        (LevelReviewState.APPLIED, ()),
        (LevelReviewState.WITHDRAWN, ()),
    ),
    open=frozenset({LevelReviewState.NOTICED}),
    completed=frozenset({LevelReviewState.APPLIED}),
    failed=frozenset({LevelReviewState.WITHDRAWN}),
)

LEADER_EXIT_LIFECYCLE = Lifecycle(
    name="leader exit",
    initial=frozenset({LeaderExitState.NOTICED}),
    moves=moves(
        (LeaderExitState.NOTICED, (LeaderExitState.DONE, LeaderExitState.WITHDRAWN)),
        (LeaderExitState.DONE, ()),
        (LeaderExitState.WITHDRAWN, ()),
    ),
    open=frozenset({LeaderExitState.NOTICED}),
    completed=frozenset({LeaderExitState.DONE}),
    failed=frozenset({LeaderExitState.WITHDRAWN}),
)

# A trial leader without an order in 30 days is suspended, never deleted. Quit
# is final: who comes back applies again, under the agreement then in force.
LEADER_LIFECYCLE = Lifecycle(
    name="leader",
    initial=frozenset({LeaderState.TRIAL, LeaderState.ACTIVE}),
    moves=moves(
        (LeaderState.TRIAL, (LeaderState.ACTIVE, LeaderState.SUSPENDED, LeaderState.QUIT)),
        (LeaderState.ACTIVE, (LeaderState.SUSPENDED, LeaderState.QUIT)),
        (LeaderState.SUSPENDED, (LeaderState.TRIAL, LeaderState.ACTIVE, LeaderState.QUIT)),
        (LeaderState.QUIT, ()),
    ),
    open=frozenset({LeaderState.TRIAL, LeaderState.SUSPENDED}),
    completed=frozenset({LeaderState.ACTIVE}),
    failed=frozenset({LeaderState.QUIT}),
)

# Asked again after a refusal it is another row, with its own reason.
COUNTERSIGNATURE_LIFECYCLE = Lifecycle(
    name="countersignature",
    initial=frozenset({CountersignatureState.WAITING}),
    moves=moves(
        (
            CountersignatureState.WAITING,
            (
                CountersignatureState.SIGNED,
                CountersignatureState.REFUSED,
                CountersignatureState.LAPSED,
            ),
        ),
        (CountersignatureState.SIGNED, ()),
        (CountersignatureState.REFUSED, ()),
        (CountersignatureState.LAPSED, ()),
    ),
    open=frozenset({CountersignatureState.WAITING}),
    completed=frozenset({CountersignatureState.SIGNED}),
    failed=frozenset({CountersignatureState.REFUSED, CountersignatureState.LAPSED}),
)
