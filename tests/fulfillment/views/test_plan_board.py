"""The board from the outside: who may, forms without a script, answers for one."""

import pytest
from django.test import Client
from django.urls import reverse

from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.plan_board import draft_board
from leaders.models.accounts import Role
from tests.factories.boards import board_day, key_at, unserved_key
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.plans import planned_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JSON = {"Accept": "application/json"}


@pytest.fixture
def plan() -> DeliveryRun:
    return board_day(trips=2, stops=3)


@pytest.fixture
def dispatcher(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.DISPATCHER))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def draft(dispatcher: Client, plan: DeliveryRun) -> PlanDraft:
    answer = dispatcher.post("/routes/D-C1/board/open/")
    draft = PlanDraft.objects.get()
    assert answer["Location"] == f"/routes/D-C1/board/{draft.pk}/"
    return draft


def address(draft: PlanDraft, act: str = "") -> str:
    return f"/routes/D-C1/board/{draft.pk}/{act}"


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def moved(stop_key: str, to: str, *, step: int = 0, position: str = "") -> dict[str, object]:
    return {"step": step, "stop_key": stop_key, "to": to, "position": position}


def test_the_board_shows_vehicles_loads_stops_and_who_is_idle(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    page = page_of(dispatcher, address(draft))

    assert [f'id="day-{code}"' in page for code in ("VA", "VB", "VZ")] == [True] * 3
    assert page.count("data-movable") == 7
    assert "15.0 / 600.0 kg" in page
    assert "6 / 40" in page
    assert 'data-to="VZ/1"' in page
    assert " style=" not in page


def test_no_tile_server_is_named_unless_it_is_set(dispatcher: Client, draft: PlanDraft) -> None:
    assert 'data-tiles=""' in page_of(dispatcher, address(draft))


def test_a_form_moves_a_stop_and_shows_the_board(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)

    answer = dispatcher.post(address(draft, "move/"), moved(stop_key, "VB/1", position="2"))

    assert answer["Location"] == address(draft)
    draft.refresh_from_db()
    assert draft_board(draft).days["VB"][0][1] == stop_key


def test_a_script_is_told_the_verdict_and_given_what_has_changed(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    stop_key = key_at(plan, 1, 1)

    answer = dispatcher.post(address(draft, "move/"), moved(stop_key, "VB/1"), headers=JSON).json()

    assert answer["step"] == 1
    assert answer["verdict"]["moved_stops"] == [stop_key]
    assert answer["verdict"]["violations"] == []
    assert sorted(answer["html"]) == [
        "board-faults",
        "board-head",
        "board-unserved",
        "day-VA",
        "day-VB",
    ]
    assert sorted(answer["map"]["days"]) == ["VA", "VB"]


def test_a_broken_rule_is_told_in_words_where_it_is_broken(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    Stop.objects.filter(drop_id=key_at(plan, 1, 1)).update(weight_g=599_000)

    answer = dispatcher.post(
        address(draft, "move/"), moved(key_at(plan, 1, 1), "VB/1"), headers=JSON
    ).json()

    (broken,) = answer["verdict"]["violations"]
    assert broken == {
        "code": "over_weight",
        "subject": "VB trip 1",
        "text": "too much weight: 614.0 kg, limit 600.0 kg",
    }
    assert not answer["verdict"]["is_acceptable"]
    assert "too much weight" in answer["html"]["day-VB"]
    assert 'href="#trip-VB-1"' in answer["html"]["board-faults"]


def test_an_outdated_page_is_told_so_in_both_ways(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    dispatcher.post(address(draft, "move/"), moved(key_at(plan, 1, 1), "VB/1"))

    stale = moved(key_at(plan, 1, 2), "VB/1", step=0)
    refused = dispatcher.post(address(draft, "move/"), stale, headers=JSON)
    page = dispatcher.post(address(draft, "move/"), stale, follow=True).content.decode()

    assert (refused.status_code, refused.json()["code"]) == (409, "plan_draft_outdated")
    assert "your change was not made" in page


@pytest.mark.parametrize(
    "data",
    [{}, {"step": 0}, {"step": 0, "stop_key": "x", "to": "VA/1"}, {"step": 0, "stop_key": "1"}],
)
def test_what_is_no_change_is_refused(
    dispatcher: Client, draft: PlanDraft, data: dict[str, object]
) -> None:
    assert dispatcher.post(address(draft, "move/"), data, headers=JSON).status_code == 409


def test_undo_and_redo_by_form(dispatcher: Client, plan: DeliveryRun, draft: PlanDraft) -> None:
    before = draft_board(draft)
    dispatcher.post(address(draft, "move/"), moved(key_at(plan, 1, 1), "VZ/1"))
    dispatcher.post(address(draft, "undo/"), {"step": 1})
    draft.refresh_from_db()
    assert draft_board(draft) == before

    dispatcher.post(address(draft, "redo/"), {"step": 2})

    draft.refresh_from_db()
    assert draft_board(draft).days["VZ"] == ((key_at(plan, 1, 1),),)


def test_a_lock_is_set_by_form(dispatcher: Client, plan: DeliveryRun, draft: PlanDraft) -> None:
    drop_id = key_at(plan, 1, 2)

    dispatcher.post(address(draft, "lock/"), {"drop_id": drop_id, "lock": "place"})

    assert Drop.objects.get(pk=drop_id).lock == "place"
    assert "place locked" in page_of(dispatcher, address(draft))


def test_a_stop_says_why_it_is_there_and_where_else_it_could_be(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    page = page_of(dispatcher, address(draft, f"stops/{key_at(plan, 1, 2)}/"))

    assert "VA-1, stop 2: serving it here costs" in page
    assert "VB-1 as stop" in page
    assert '<option value="VZ/1">' in page
    assert 'name="lock"' in page


def test_a_stop_on_no_trip_says_what_each_kind_could_do(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    Drop.objects.filter(pk=unserved_key(plan)).update(weight_g=700_000)

    page = page_of(dispatcher, address(draft, f"stops/{unserved_key(plan)}/?part"))

    assert "heavier than any vehicle carries" in page
    assert "VA and 2 more: <strong>too much weight</strong>" in page
    assert "<html" not in page


def test_everything_that_can_change_is_given_to_a_script(
    dispatcher: Client, draft: PlanDraft
) -> None:
    parts = dispatcher.get(address(draft, "parts/"), {"timeline": 1}).json()

    assert {"day-VA", "day-VB", "day-VZ", "board-timeline"} <= set(parts["html"])
    assert parts["map"]["warehouse"]["lng"] == 113.774


def test_the_map_alone_is_given_to_a_page_that_has_the_rest(
    dispatcher: Client, plan: DeliveryRun, draft: PlanDraft
) -> None:
    answer = dispatcher.get(address(draft, "parts/"), {"map": 1}).json()

    assert list(answer) == ["map"]
    ((trip,), _second, idle) = (answer["map"]["days"][code] for code in ("VA", "VB", "VZ"))
    assert [stop["position"] for stop in trip["stops"]] == [1, 2, 3]
    assert idle == []
    assert [stop["key"] for stop in answer["map"]["unserved"]] == [unserved_key(plan)]


def test_a_decided_board_can_be_looked_at_and_not_changed(
    dispatcher: Client, draft: PlanDraft
) -> None:
    PlanDraft.objects.filter(pk=draft.pk).update(state=PlanDraftState.DROPPED)

    page = page_of(dispatcher, address(draft))

    assert "data-movable" not in page
    assert 'id="undo"' not in page


@pytest.mark.parametrize("act", ["", "parts/", "stops/999/", "compare/"])
def test_a_draft_of_another_day_is_not_found(
    dispatcher: Client, draft: PlanDraft, act: str
) -> None:
    planned_day(CutoffRunFactory.create(campaign__code="C2"), trips=1)

    assert dispatcher.get(f"/routes/D-C2/board/{draft.pk}/{act}").status_code == 404


READ = ("plan-board", "plan-board-parts", "plan-compare")
WRITTEN = (
    "plan-board-move",
    "plan-board-undo",
    "plan-board-redo",
    "plan-board-lock",
    "plan-draft-accept",
    "plan-draft-drop",
    "plan-draft-cancel",
)


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.BUYER, Role.LEADER, Role.DRIVER])
def test_board_and_desk_belong_to_the_dispatcher(
    client: Client, draft: PlanDraft, role: Role
) -> None:
    client.force_login(UserFactory.create(role=role))

    answers = [
        client.get(reverse("plan-drafts", args=["D-C1"])),
        *(client.get(reverse(name, args=["D-C1", draft.pk])) for name in READ),
        *(client.post(reverse(name, args=["D-C1", draft.pk])) for name in WRITTEN),
        *(
            client.post(reverse(name, args=["D-C1"]))
            for name in ("plan-board-open", "plan-draft-ask", "plan-publish")
        ),
    ]

    assert {answer.status_code for answer in answers} == {403}


def test_a_superuser_may_too(client: Client, plan: DeliveryRun) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE, is_superuser=True))

    assert client.get("/routes/D-C1/board/").status_code == 200
