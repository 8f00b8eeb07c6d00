"""The supervisor's board, and sort cards typed in on a phone."""

import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fulfillment.models.sorting import SortEvent, SortStage
from fulfillment.models.warehouse import SortMethod, SortTask, SortTaskState
from fulfillment.services.sort_entry import BlockEntry, sort_block_enter
from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory
from tests.factories.sorting import NOW, SortFloor, sorter

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """The warehouse at its phone."""
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def url(name: str, floor: SortFloor, **keys: int) -> str:
    """The address of a page of the floor's night."""
    return reverse(name, kwargs={"code": floor.run.campaign.code, **keys})


def sent(client: Client, card: str, route_no: int = 0, **typed: object) -> dict[str, object]:
    """What the page of a block sends when a sorter has typed into it."""
    page = page_of(client, f"{card}?route={route_no}")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {**hidden, "sorter_name": "小孟", **typed}


def enter(
    client: Client, floor: SortFloor, task: SortTask, *routes: int, **typed: object
) -> HttpResponse:
    """Open the page of a block (`routes`, a route), type into it and send it."""
    card = url("sort-card", floor, pk=task.pk)
    answer = client.post(card, {**sent(client, card, *routes), **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def page_of(client: Client, address: str) -> str:
    """The page in English."""
    with override("en"):
        return client.get(address, headers={"accept-language": "en"}).content.decode()


def test_a_card_is_entered_with_one_press_and_the_board_comes_back(desk: Client) -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})

    answer = enter(desk, floor, task, left_over_qty=0)

    assert answer.headers["Location"] == url("sort-board", floor)
    assert floor.sown(task) == {"1-01": 2, "1-02": 3}
    task.refresh_from_db()
    assert (task.state, task.sorter_name) == (SortTaskState.DONE, "小孟")


def test_a_difference_is_typed_beside_its_slot(desk: Client) -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})
    drop_id = floor.drop_id("1-02")

    answer = enter(
        desk,
        floor,
        task,
        **{f"qty_{drop_id}": 2, f"cause_{drop_id}": "damaged", "left_over_qty": 0},
    )

    assert answer.status_code == 302
    assert floor.events(task) == [("1-01", 2, ""), ("1-02", 2, "damaged")]


def test_what_the_page_said_is_what_counts(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    drop_id = floor.drop_id("1-01")

    answer = enter(desk, floor, task, **{f"seen_{drop_id}": 3})

    assert answer.status_code == 422
    assert SortEvent.objects.count() == 0


def test_a_card_without_a_name_is_not_entered(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})

    answer = enter(desk, floor, task, sorter_name="")

    assert answer.status_code == 422
    assert SortEvent.objects.count() == 0


def test_the_second_sorter_sees_that_it_is_entered(desk: Client) -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 1})
    card = url("sort-card", floor, pk=task.pk)
    late = sent(desk, card, 1, sorter_name="老田")
    enter(desk, floor, task, 1)

    answer = desk.post(card, late)

    assert answer.status_code == 422
    assert "小孟" in answer.content.decode()
    assert floor.sown(task) == {"1-01": 2}


def test_the_next_block_comes_after_a_block(desk: Client) -> None:
    floor = SortFloor("1-01", "2-01")
    task = floor.goods({"1-01": 2, "2-01": 1})
    card = url("sort-card", floor, pk=task.pk)

    answer = enter(desk, floor, task, 1)
    page = page_of(desk, card)

    assert answer.headers["Location"] == card
    assert 'name="route_no" value="2"' in page
    assert "left_over_qty" in page


def test_in_two_stages_the_routes_come_first(desk: Client) -> None:
    floor = SortFloor("1-01", "2-01", is_two_stage=True)
    task = floor.goods({"1-01": 2, "2-01": 4})
    card = url("sort-card", floor, pk=task.pk)
    assert 'name="stage" value="route"' in page_of(desk, card)

    enter(desk, floor, task, qty_2=3, cause_2="short")

    assert list(SortEvent.objects.values_list("stage", "route_no", "qty").order_by("route_no")) == [
        ("route", 1, 2),
        ("route", 2, 3),
    ]
    assert 'name="stage" value="slot"' in page_of(desk, card)


def test_what_is_left_over_ends_the_card(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2}, accepted=5)
    enter(desk, floor, task)

    desk.post(
        url("sort-left-over", floor, pk=task.pk),
        {"event": str(uuid.uuid4()), "sorter_name": "小孟", "left_over_qty": 3},
    )

    task.refresh_from_db()
    assert (task.state, task.left_over_qty) == (SortTaskState.DONE, 3)


def test_a_slot_is_corrected_by_what_lies_there_now(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    enter(desk, floor, task, left_over_qty=0)
    drop_id = floor.drop_id("1-01")

    desk.post(
        url("sort-recount", floor, pk=task.pk),
        {
            "event": str(uuid.uuid4()),
            "sorter_name": "老田",
            f"qty_{drop_id}": 1,
            f"cause_{drop_id}": "quality",
        },
    )

    assert floor.events(task) == [("1-01", 2, ""), ("1-01", -1, "quality")]


def test_pieces_of_the_wrong_slot_are_moved(desk: Client) -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 2})
    one, two = floor.drop_id("1-01"), floor.drop_id("1-02")
    enter(desk, floor, task, **{f"qty_{two}": 1, f"cause_{two}": "wrong", "left_over_qty": 0})

    desk.post(
        url("sort-move", floor, pk=task.pk),
        {
            "event": str(uuid.uuid4()),
            "sorter_name": "老田",
            "from_slot": one,
            "to_slot": two,
            "qty": 1,
        },
    )

    assert floor.sown(task) == {"1-01": 1, "1-02": 2}


def test_the_method_changes_until_something_is_entered(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    address = url("sort-method", floor, pk=task.pk)

    desk.post(address, {"method": "pick_by_leader"})
    assert SortTask.objects.get().method == SortMethod.PICK_BY_LEADER
    enter(desk, floor, task)
    desk.post(address, {"method": "put_to_leader"})

    assert SortTask.objects.get().method == SortMethod.PICK_BY_LEADER


def test_the_board_tells_not_entered_from_difference_and_done(desk: Client) -> None:
    floor = SortFloor("1-01")
    floor.goods({"1-01": 7}, code="KOPEN")
    short = floor.goods({"1-01": 2}, code="KSHORT")
    done = floor.goods({"1-01": 4}, code="KDONE")
    drop_id = floor.drop_id("1-01")
    enter(desk, floor, done, left_over_qty=0)
    enter(desk, floor, short, **{f"qty_{drop_id}": 1, "left_over_qty": 0})

    everything = page_of(desk, url("sort-board", floor))
    differing = page_of(desk, url("sort-board", floor) + "?show=difference")

    assert "5 of 12 pieces" in everything
    assert [code in everything for code in ("KOPEN", "KSHORT", "KDONE")] == [True] * 3
    assert [code in differing for code in ("KOPEN", "KSHORT", "KDONE")] == [False, True, False]


def test_the_board_asks_for_its_cards_alone(desk: Client) -> None:
    floor = SortFloor("1-01")
    floor.goods({"1-01": 2})

    answer = desk.get(url("sort-board", floor), headers={"hx-request": "true"})

    assert "<html" not in answer.content.decode()


def test_a_night_without_cards_says_so(desk: Client) -> None:
    floor = SortFloor()
    floor.wave.delete()

    assert desk.get(url("sort-board", floor)).status_code == 200


@pytest.mark.parametrize(
    ("code", "view"),
    [
        pytest.param("S*0311A*K001*1", "sort-card", id="code_of_a_sow_card"),
        pytest.param("https://t.example/c/s*0311a*k001*1", "sort-card", id="link_on_a_paper"),
        pytest.param("k001", "sort-card", id="goods"),
    ],
)
def test_a_scanned_code_opens_its_card(desk: Client, code: str, view: str) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2}, code="K001")

    answer = desk.get(url("sort-find", floor), {"code": code})

    assert answer.headers["Location"] == url(view, floor, pk=task.pk)


@pytest.mark.parametrize("code", ["S*0312A*K001*1", "L*0311A*R01*1", "9-09", "K999", ""])
def test_a_code_of_nothing_here_comes_back_to_the_board(desk: Client, code: str) -> None:
    floor = SortFloor("1-01")
    floor.goods({"1-01": 2}, code="K001")

    answer = desk.get(url("sort-find", floor), {"code": code})

    assert answer.headers["Location"] == url("sort-board", floor)


def test_goods_of_one_product_are_marked_as_looking_alike(desk: Client) -> None:
    floor = SortFloor("1-01")
    small = floor.goods({"1-01": 2}, name="鸡蛋 500g")
    floor.goods({"1-01": 1}, name="鸡蛋 1000g", product=small.sku.product)

    assert "鸡蛋 1000g" in page_of(desk, url("sort-card", floor, pk=small.pk))


def test_goods_that_arrived_late_are_shown_as_to_be_put(desk: Client) -> None:
    floor = SortFloor("1-01", "1-02")
    task = floor.goods({"1-01": 2, "1-02": 3})
    seen = {floor.drop_id("1-01"): 2, floor.drop_id("1-02"): 1}
    sort_block_enter(
        task_id=task.pk,
        entry=BlockEntry(stage=SortStage.SLOT, route_no=0, differences={}, seen=seen),
        sorter=sorter(),
        now=NOW,
    )

    assert "put 2 more" in page_of(desk, url("sort-card", floor, pk=task.pk))


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER, Role.DISPATCHER])
def test_only_the_warehouse_sorts(client: Client, role: Role) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 2})
    client.force_login(UserFactory.create(role=role))

    answer = client.post(url("sort-card", floor, pk=task.pk), {"stage": "slot", "route_no": 0})

    assert answer.status_code in (302, 403)
    assert SortEvent.objects.count() == 0


def test_a_card_of_another_night_is_not_found(desk: Client) -> None:
    floor, other = SortFloor("1-01"), SortFloor("1-01")
    task = other.goods({"1-01": 2})

    assert desk.get(url("sort-card", floor, pk=task.pk)).status_code == 404
