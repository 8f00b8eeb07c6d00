"""The race helper itself: it starts together, brings everything back, and can break a guard."""

import os
import signal
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.models import F

from leaders.domain.crashpoints import crashpoint
from orders.errors import SoldOut
from orders.models.outbox import SubscriptionQuota, Topic
from tests.concurrency.race import Runner, RunnerLost, deadlocks, errors, race, values
from tests.factories.orders import ResidentFactory


class Till:
    """The smallest shop there is: a counter that may be read before it is written."""

    def __init__(self, remaining: int) -> None:
        self.quota = SubscriptionQuota.objects.create(
            resident=ResidentFactory.create(), topic=Topic.ARRIVED, remaining=remaining
        )

    def guard(self) -> bool:
        """Take one if one is left, in one statement."""
        left = SubscriptionQuota.objects.filter(pk=self.quota.pk, remaining__gt=0)
        crashpoint("till.looked")
        return left.update(remaining=F("remaining") - 1) == 1

    def no_guard(self) -> bool:
        """Look first, take later."""
        quota = SubscriptionQuota.objects.get(pk=self.quota.pk)
        crashpoint("till.looked")
        if quota.remaining == 0:
            return False
        SubscriptionQuota.objects.filter(pk=self.quota.pk).update(remaining=quota.remaining - 1)
        return True

    def buy(self, runner: Runner) -> int:
        """Sell one piece to a runner, or raise `SoldOut`."""
        if not self.guard():
            raise SoldOut("Nothing is left.", quota=self.quota.pk)
        return runner.number


def test_every_runner_starts_and_brings_back_its_value_or_its_error() -> None:
    till = Till(remaining=3)

    outcomes = race(till.buy, processes=5, sleep_at={"till.looked": 0.02})

    assert [outcome.runner.number for outcome in outcomes] == [0, 1, 2, 3, 4]
    assert len(values(outcomes)) == 3
    refusals = [error for error in errors(outcomes) if isinstance(error, SoldOut)]
    assert [refusal.details for refusal in refusals] == [{"quota": till.quota.pk}] * 2


@pytest.mark.control
def test_without_its_guard_the_same_race_sells_too_much() -> None:
    till = Till(remaining=3)

    outcomes = race(
        till.buy,
        processes=5,
        sleep_at={"till.looked": 0.2},
        without=[patch.object(till, "guard", till.no_guard)],
    )

    assert len(values(outcomes)) > 3


def test_every_round_starts_when_all_runners_are_through_the_last() -> None:
    outcomes = race(lambda runner: runner.round, processes=3, rounds=4)

    assert values(outcomes) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_deadlock_is_told_from_other_refusals() -> None:
    first, second = (Till(remaining=9).quota.pk for _number in range(2))

    def lock_both(runner: Runner) -> bool:
        order = [first, second] if runner.number else [second, first]
        with transaction.atomic():
            for key in order:
                SubscriptionQuota.objects.filter(pk=key).update(remaining=F("remaining"))
                crashpoint("till.looked")
        return True

    outcomes = race(lock_both, processes=2, sleep_at={"till.looked": 0.2})

    assert deadlocks(outcomes) == 1
    assert values(outcomes) == [True]


def test_a_runner_that_is_killed_is_no_result() -> None:
    with pytest.raises(RunnerLost, match="ended without a word"):
        race(lambda _runner: os.kill(os.getpid(), signal.SIGKILL), processes=1)


def test_each_runner_has_a_session_of_its_own() -> None:
    def session(_runner: Runner) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            number: int = cursor.fetchone()[0]
        return number

    assert len(set(values(race(session, processes=4)))) == 4
