"""Drafts from the outside: asked for, watched, compared, accepted, published."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from leaders.models.accounts import Role, User
from tests.factories.boards import board_day, key_at
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
DESK = "/routes/D-C1/board/"


@pytest.fixture
def plan() -> DeliveryRun:
    return board_day(trips=3, stops=2)


@pytest.fixture
def user() -> User:
    user: User = UserFactory.create(role=Role.DISPATCHER)
    return user


@pytest.fixture
def dispatcher(client: Client, user: User) -> Client:
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def draft(dispatcher: Client, plan: DeliveryRun) -> PlanDraft:
    dispatcher.post(f"{DESK}open/")
    return PlanDraft.objects.get()


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def searched(plan: DeliveryRun, **values: object) -> PlanDraft:
    """A draft a worker is searching for."""
    return PlanDraft.objects.create(
        cutoff_run=plan.cutoff_run,
        warehouse=plan.warehouse,
        origin=PlanOrigin.WHAT_IF,
        based_on_revision=plan.revision,
        request=PlanRequest(note="One van less").to_json(),
        created_at=NOW,
        **{"state": PlanDraftState.SOLVING, "progress_percent": 40, **values},
    )


def test_the_desk_lists_drafts_with_what_can_be_done(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    running = searched(plan)

    page = page_of(dispatcher, DESK)

    assert f"/board/{draft.pk}/compare/" in page
    assert f"/board/{running.pk}/cancel/" in page
    assert 'value="40"' in page
    assert 'hx-trigger="every 2s"' in page


def test_the_list_rests_when_nothing_is_searched(dispatcher: Client, draft: PlanDraft) -> None:
    assert "hx-trigger" not in page_of(dispatcher, DESK)


def test_the_list_alone_is_asked_for_while_a_search_runs(
    dispatcher: Client, plan: DeliveryRun
) -> None:
    searched(plan)

    answer = dispatcher.get(DESK, headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "origin", "request_values"),
    [
        ({"wish": "vehicle_out", "vehicle": "VA"}, "replan", {"vehicles_out": ["VA"]}),
        (
            {"wish": "vehicle_out", "vehicle": "VA", "transships": "on"},
            "replan",
            {"vehicles_out": ["VA"], "transships": True},
        ),
        ({"wish": "late_drops"}, "replan", {"keeps_plan": True, "max_vehicles": None}),
        ({"wish": "one_less"}, "what_if", {"keeps_plan": False, "max_vehicles": 2}),
        ({"wish": "afresh"}, "what_if", {"keeps_plan": False, "note": "Everything anew"}),
    ],
)
def test_a_wish_becomes_a_draft_that_a_worker_searches_for(
    dispatcher: Client,
    plan: DeliveryRun,
    asked: dict[str, str],
    origin: str,
    request_values: dict[str, object],
) -> None:
    answer = dispatcher.post(f"{DESK}ask/", {"seconds": "20", **asked})

    assert answer["Location"] == DESK
    draft = PlanDraft.objects.get()
    assert (draft.state, draft.origin) == (PlanDraftState.QUEUED, origin)
    assert {name: draft.request[name] for name in request_values} == request_values
    assert draft.solver_seconds == 20


def test_a_leader_who_is_out_is_named_by_the_drop(dispatcher: Client, plan: DeliveryRun) -> None:
    drop_id = int(key_at(plan, 1, 1))

    dispatcher.post(f"{DESK}ask/", {"wish": "leader_out", "drop": drop_id, "seconds": "10"})

    assert PlanDraft.objects.get().request["drops_out"] == [drop_id]


@pytest.mark.parametrize(
    "asked",
    [
        {"wish": "vehicle_out"},
        {"wish": "vehicle_out", "vehicle": "VX"},
        {"wish": "leader_out"},
        {"wish": "world_peace"},
        {"wish": "afresh", "seconds": "7200"},
    ],
)
def test_a_wish_that_says_too_little_or_too_much_is_refused(
    dispatcher: Client, plan: DeliveryRun, asked: dict[str, str]
) -> None:
    answer = dispatcher.post(f"{DESK}ask/", {"seconds": "10", **asked})

    assert answer.status_code == 422
    assert "notice--danger" in answer.content.decode()
    assert not PlanDraft.objects.exists()


def test_a_search_is_cancelled_and_a_draft_dropped(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    running = searched(plan)

    dispatcher.post(f"{DESK}{running.pk}/cancel/")
    dispatcher.post(f"{DESK}{draft.pk}/drop/")

    running.refresh_from_db()
    draft.refresh_from_db()
    assert running.cancel_asked_at is not None
    assert draft.state == PlanDraftState.DROPPED


def test_what_cannot_be_cancelled_or_dropped_is_told(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    running = searched(plan)

    for path in (f"{DESK}{draft.pk}/cancel/", f"{DESK}{running.pk}/drop/"):
        assert "notice--danger" in dispatcher.post(path, follow=True).content.decode()


def test_two_plans_are_compared_by_cause_and_by_name(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)
    dispatcher.post(f"{DESK}{draft.pk}/move/", {"step": 0, "stop_key": stop_key, "to": "VB/1"})

    page = page_of(dispatcher, f"{DESK}{draft.pk}/compare/")

    assert "Kilometres" in page
    assert "Moved stops: 1" in page
    assert "VA-1" in page
    assert "VB-1" in page
    assert "On no trip: 1" in page


def test_accepting_makes_the_draft_the_plan(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)
    dispatcher.post(f"{DESK}{draft.pk}/move/", {"step": 0, "stop_key": stop_key, "to": "VB/1"})

    answer = dispatcher.post(f"{DESK}{draft.pk}/accept/")

    assert answer["Location"] == "/routes/D-C1/"
    plan.refresh_from_db()
    assert plan.revision == 2
    assert Stop.objects.get(drop_id=stop_key).trip.vehicle.code == "VB"


def test_a_plan_that_breaks_a_rule_is_not_accepted_and_says_why(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    Stop.objects.filter(drop_id=key_at(plan, 1, 1)).update(weight_g=599_000)
    dispatcher.post(
        f"{DESK}{draft.pk}/move/", {"step": 0, "stop_key": key_at(plan, 1, 1), "to": "VB/1"}
    )

    page = page_of(dispatcher, f"{DESK}{draft.pk}/compare/")
    answer = dispatcher.post(f"{DESK}{draft.pk}/accept/", follow=True)

    assert "too much weight" in page
    assert "cannot be accepted" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.revision == 1


def test_a_draft_without_a_plan_has_nothing_to_compare(
    dispatcher: Client, plan: DeliveryRun
) -> None:
    running = searched(plan)

    assert dispatcher.get(f"{DESK}{running.pk}/compare/")["Location"] == DESK
    assert dispatcher.get(f"{DESK}{running.pk}/").status_code == 404


def test_publishing_shows_the_trips_to_their_drivers(
    dispatcher: Client, user: User, plan: DeliveryRun
) -> None:
    assert "Not published" in page_of(dispatcher, DESK)

    dispatcher.post(f"{DESK}publish/")

    plan.refresh_from_db()
    assert plan.published_by == user
    assert "drivers see their trips" in page_of(dispatcher, DESK)


def test_the_number_of_queries_does_not_grow_with_the_plan(
    dispatcher: Client,
    draft: PlanDraft,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(31):
        page_of(dispatcher, f"{DESK}{draft.pk}/")
