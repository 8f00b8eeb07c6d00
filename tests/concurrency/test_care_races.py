"""Two recruiters at one application, two substitutes for one point, a bonus booked by two."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from unittest.mock import patch

import pytest
from django.db.models import QuerySet
from pytest_django import Settings

from fulfillment.models.settlement import CommissionEntry
from fulfillment.services.referral_bonuses import referral_bonuses_due
from leaders.models.accounts import User
from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.models.care import Substitution
from leaders.models.invites import Referral
from leaders.models.leaders import Leader
from leaders.services.review import LeaderTerms, approve, reject
from leaders.services.substitutions import Days, substitution_make
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.care import RecruiterFactory, trained_up
from tests.factories.leaders import (
    CommissionPlanFactory,
    LeaderApplicationFactory,
    LeaderFactory,
    PickupPointFactory,
)

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
Guards = Sequence[AbstractContextManager[object]]
DAYS = Days(date(2026, 3, 3), date(2026, 3, 5))


def recruiters(many: int = 2) -> list[User]:
    return RecruiterFactory.create_batch(many)


def trained_application() -> LeaderApplication:
    return trained_up(LeaderApplicationFactory.create(state=ApplicationState.TRAINED))


def test_of_two_approvals_at_once_one_makes_a_leader() -> None:
    application, actors = trained_application(), recruiters()
    terms = LeaderTerms(plan=CommissionPlanFactory.create(), opens_at=time(7), closes_at=time(20))

    def decide(runner: Runner) -> str:
        return approve(
            application_id=application.pk, terms=terms, actor=actors[runner.number], now=NOW
        ).code

    outcomes = race(decide, processes=2)

    assert len(values(outcomes)) == 1
    assert [type(error).__name__ for error in errors(outcomes)] == ["ApplicationAlreadyDecided"]
    assert Leader.objects.count() == 1


def rejections(without: Guards) -> int:
    """How many of three recruiters believe they turned one application down."""
    application, actors = LeaderApplicationFactory.create(), recruiters(3)

    def decide(runner: Runner) -> bool:
        reject(
            application_id=application.pk,
            reason=f"{runner.number}",
            actor=actors[runner.number],
            now=NOW,
        )
        return True

    return len(values(race(decide, processes=3, without=without)))


def test_of_three_rejections_at_once_one_stands() -> None:
    assert rejections([]) == 1


class AnyState:
    """A table that lets every state move to every other."""

    def sources_of(self, _new: str) -> frozenset[str]:
        return frozenset(ApplicationState.values)


@pytest.mark.control
def test_without_the_guard_all_three_believe_they_decided() -> None:
    assert rejections([patch("leaders.services.review.APPLICATION_LIFECYCLE", AnyState())]) == 3


def substitutes(without: Guards) -> int:
    """How many of two leaders mind one point on the same days."""
    point, others = PickupPointFactory.create(), LeaderFactory.create_batch(2)
    actor = RecruiterFactory.create()

    def mind(runner: Runner) -> int:
        return substitution_make(
            point=point, substitute=others[runner.number], days=DAYS, actor=actor, now=NOW
        ).pk

    race(
        mind,
        processes=2,
        sleep_at={"substitution.checked": 0.2},
        without=without,
    )
    return Substitution.objects.count()


def test_one_point_has_one_substitute_a_day() -> None:
    assert substitutes([]) == 1


@pytest.mark.control
def test_without_the_points_lock_it_has_two() -> None:
    assert substitutes([patch.object(QuerySet, "select_for_update", lambda rows: rows)]) == 2


def bonuses(without: Guards, settings: Settings) -> int:
    """How many bonuses are booked when two processes find one due."""
    settings.REFERRAL_BONUS_FEN, settings.REFERRAL_BONUS_ORDERS = 5_000, 0
    referee, referrer = LeaderFactory.create_batch(2)
    Referral.objects.create(referee=referee, referrer=referrer, made_at=NOW)

    outcomes = race(lambda _runner: referral_bonuses_due(now=NOW), processes=2, without=without)

    assert errors(outcomes) == []
    return CommissionEntry.objects.count()


def test_two_processes_book_one_bonus(settings: Settings) -> None:
    assert bonuses([], settings) == 1
