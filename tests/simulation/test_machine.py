"""P22, shrinking: Hypothesis looks for a short list of steps that breaks a law."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.simulation.runs import rolled_back
from tests.simulation.town import town_create
from tests.simulation.world import NUMBERS, WEIGHTS, Step, World

numbers = st.integers(0, NUMBERS - 1)
# Mostly nothing dies; shrinking goes towards a life without crashes.
crashes = st.just(0) | st.integers(0, 8)


class Evening(RuleBasedStateMachine):
    """A town in its last quarter of an hour; the rows of an example are rolled back."""

    @initialize()
    def morning(self) -> None:
        """Open the campaign."""
        self._rows = rolled_back()
        self._rows.__enter__()
        self.world = World(town_create(residents=3))
        self._open = self.world.open()
        self._open.__enter__()

    @rule(
        name=st.sampled_from(sorted(WEIGHTS)),
        first=numbers, second=numbers, third=numbers, crash=crashes,
    )  # fmt: skip
    def step(self, name: str, first: int, second: int, third: int, crash: int) -> None:
        """Something happens."""
        self.world.play(Step(name, first, second, third, crash))

    @invariant()
    def counters_hold_what_the_lines_hold(self) -> None:
        """Stock and limits agree with the lines after every step, crashes included."""
        assert self.world.goods_violations() == []

    def teardown(self) -> None:
        """Let everything come to rest, and look at the books."""
        try:
            self.world.come_to_rest()
            assert self.world.violations() == []
        finally:
            self._open.__exit__(None, None, None)
            self._rows.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_short_list_of_steps_breaks_a_law() -> None:
    run_state_machine_as_test(
        Evening,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
