"""The life of a draft: asked for, searched, stopped, lost and found again."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.route_errors import PlanDraftNotPossible, SearchCancelled
from fulfillment.routing.search import Progress
from fulfillment.selectors.plan_drafts import draft_plan
from fulfillment.services import plan_drafts
from fulfillment.services.plan_drafts import (
    SEARCH_LOCK,
    draft_cancel,
    draft_drop,
    draft_request,
    draft_solve,
    drafts_due,
    run_waiting_for,
)
from fulfillment.services.plan_search import Found, Looker
from fulfillment.services.travel import travel_provider
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.planned_towns import night_of, planned_town, town

pytestmark = pytest.mark.django_db

QUICK = PlanRequest(seconds=1, engine="savings")


@pytest.fixture(autouse=True)
def nothing_named_yet() -> None:
    cache.clear()


def first_of(run: CutoffRun) -> PlanDraft:
    return draft_request(
        cutoff_run_id=run.pk,
        warehouse_id=run.warehouse_id,
        origin=PlanOrigin.FIRST,
        request=QUICK,
        actor=None,
        now=night_of(run),
    )


def again_of(plan: DeliveryRun) -> PlanDraft:
    return draft_request(
        cutoff_run_id=plan.cutoff_run_id,
        warehouse_id=plan.warehouse_id,
        origin=PlanOrigin.WHAT_IF,
        request=QUICK,
        actor=None,
        now=night_of(plan.cutoff_run),
    )


def state_of(draft: PlanDraft) -> str:
    return PlanDraft.objects.get(pk=draft.pk).state


@contextmanager
def another_process_searching(draft: PlanDraft) -> Iterator[None]:
    """Another session holds the search of a draft."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [SEARCH_LOCK, draft.pk])
        yield


def test_a_first_plan_is_asked_for_once() -> None:
    run = town()

    first, again = first_of(run), first_of(run)

    assert (first, first.state, first.based_on_revision) == (again, PlanDraftState.QUEUED, 0)


def test_a_search_leaves_a_plan_and_how_it_was_found() -> None:
    draft = first_of(town())

    assert draft_solve(draft_id=draft.pk)

    draft.refresh_from_db()
    plan = draft_plan(draft, travel_provider(draft.warehouse))
    assert (draft.state, draft.progress_percent, draft.engine) == ("ready", 100, "savings")
    assert draft.figures == {
        "cost_fen": plan.cost_fen,
        "distance_m": plan.distance_m,
        "vehicles": len(plan.vehicle_keys),
        "trips": len(plan.trips),
        "stops": 15,
        "unserved": 0,
        "late_stops": 0,
        "lateness_fen": 0,
        "moved": 0,
    }
    assert draft.details["made_by"] == "savings"
    assert draft.details["parameters"] == {"seconds": 1, "seed": 1}
    assert draft.details["trajectory"][-1]["cost_fen"] == plan.cost_fen
    assert draft.started_at is not None
    assert draft.finished_at is not None
    assert run_waiting_for(draft.pk) == draft.cutoff_run_id
    assert not draft_solve(draft_id=draft.pk)


@pytest.mark.usefixtures("english")
def test_a_first_plan_is_not_asked_for_twice_nor_changed_before_it_is_there() -> None:
    plan = planned_town()
    run = CutoffRunFactory.create()

    with pytest.raises(PlanDraftNotPossible, match="first plan already"):
        first_of(plan.cutoff_run)
    with pytest.raises(PlanDraftNotPossible, match="no plan yet"):
        draft_request(
            cutoff_run_id=run.pk,
            warehouse_id=run.warehouse_id,
            origin=PlanOrigin.REPLAN,
            request=QUICK,
            actor=None,
            now=night_of(run),
        )


def test_a_draft_that_still_waits_is_cancelled_at_once() -> None:
    draft = again_of(planned_town())

    draft_cancel(draft_id=draft.pk, actor=None, now=night_of(draft.cutoff_run))

    assert state_of(draft) == PlanDraftState.DROPPED
    assert not draft_solve(draft_id=draft.pk)
    with pytest.raises(PlanDraftNotPossible):
        draft_cancel(draft_id=draft.pk, actor=None, now=night_of(draft.cutoff_run))


def test_a_search_that_is_cancelled_ends_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = again_of(planned_town())

    def search(_draft: PlanDraft, looker: Looker) -> Found:
        draft_cancel(draft_id=draft.pk, actor=None, now=night_of(draft.cutoff_run))
        assert looker.should_stop()
        raise SearchCancelled("The search was stopped before it had a plan.")

    monkeypatch.setattr(plan_drafts, "plan_search", search)

    assert draft_solve(draft_id=draft.pk)

    assert state_of(draft) == PlanDraftState.DROPPED


def test_progress_is_written_at_most_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = again_of(planned_town())
    seen = []

    def search(_draft: PlanDraft, looker: Looker) -> Found:
        for percent in (10, 20, 30):
            looker.on_progress(Progress(percent))
            seen.append(PlanDraft.objects.get(pk=draft.pk).progress_percent)
        return Found(duties=[], figures={}, details={}, engine="none")

    monkeypatch.setattr(plan_drafts, "plan_search", search)

    draft_solve(draft_id=draft.pk)

    assert seen == [10, 10, 10]


def test_a_search_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = again_of(planned_town())

    def search(_draft: PlanDraft, _looker: Looker) -> Found:
        raise MemoryError("no room for 2,000 places")

    monkeypatch.setattr(plan_drafts, "plan_search", search)

    assert draft_solve(draft_id=draft.pk)

    draft.refresh_from_db()
    assert (draft.state, draft.error) == ("failed", "MemoryError: no room for 2,000 places")


def test_what_another_process_searches_for_is_left_alone() -> None:
    draft = first_of(town())
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.SOLVING)

    with another_process_searching(draft):
        assert not draft_solve(draft_id=draft.pk)
        assert drafts_due() == []
        assert state_of(draft) == PlanDraftState.SOLVING


def test_a_draft_whose_worker_died_is_queued_again_and_named_once() -> None:
    draft = first_of(town())
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.SOLVING)

    due = [drafts_due(), drafts_due()]

    assert due == [[draft.pk], []]
    assert state_of(draft) == PlanDraftState.QUEUED
    assert draft_solve(draft_id=draft.pk)


def test_a_search_that_was_to_be_cancelled_when_its_worker_died_is_not_begun_again() -> None:
    draft = again_of(planned_town())
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.SOLVING)
    draft_cancel(draft_id=draft.pk, actor=None, now=night_of(draft.cutoff_run))

    assert not draft_solve(draft_id=draft.pk)

    assert state_of(draft) == PlanDraftState.DROPPED


def test_only_a_plan_that_waits_for_a_decision_is_dropped() -> None:
    draft = again_of(planned_town())
    draft_solve(draft_id=draft.pk)
    now = night_of(draft.cutoff_run)

    draft_drop(draft_id=draft.pk, actor=None, now=now)

    assert state_of(draft) == PlanDraftState.DROPPED
    with pytest.raises(PlanDraftNotPossible):
        draft_drop(draft_id=draft.pk, actor=None, now=now)


@pytest.mark.usefixtures("english")
def test_a_search_under_way_is_cancelled_and_not_dropped() -> None:
    draft = again_of(planned_town())
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.SOLVING)

    with pytest.raises(PlanDraftNotPossible, match="stop the search"):
        draft_drop(draft_id=draft.pk, actor=None, now=night_of(draft.cutoff_run))
