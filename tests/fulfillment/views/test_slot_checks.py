"""A slot's check list, typed in on a phone."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fulfillment.models.sorting import SlotCheck
from fulfillment.models.warehouse import SortMethod
from leaders.models.accounts import Role
from tests.factories.leaders import UserFactory
from tests.factories.sorting import SortFloor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Iterator[Client]:
    """The warehouse at its phone, in English."""
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    with override("en"):
        yield client


def address(floor: SortFloor, slot: str) -> str:
    """The page of a slot."""
    keys = {"code": floor.run.campaign.code, "pk": floor.drop_id(slot)}
    return reverse("check-drop", kwargs=keys)


def send(client: Client, page: str, **typed: object) -> HttpResponse:
    """Open a page, type into it and send it."""
    text = client.get(page).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    answer = client.post(page, {**hidden, "sorter_name": "小孟", "checker_name": "老田", **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def test_picked_goods_are_stored_with_two_names(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, method=SortMethod.PICK_BY_LEADER)

    answer = send(desk, address(floor, "1-01"), **{f"qty_{task.pk}": 2})

    assert answer.status_code == 302
    assert floor.sown(task) == {"1-01": 2}
    assert SlotCheck.objects.get().checker_name == "老田"


def test_goods_of_a_card_that_is_not_entered_have_no_field(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3})

    page = desk.get(address(floor, "1-01")).content.decode()

    assert "card not entered" in page
    assert f"qty_{task.pk}" not in page


def test_a_list_without_a_checker_is_not_stored(desk: Client) -> None:
    floor = SortFloor("1-01")
    floor.goods({"1-01": 3}, method=SortMethod.PICK_BY_LEADER)

    answer = send(desk, address(floor, "1-01"), checker_name="")

    assert answer.status_code == 422
    assert not SlotCheck.objects.exists()


def test_the_names_are_known_on_the_next_list(desk: Client) -> None:
    floor = SortFloor("1-01", "1-02")
    floor.goods({"1-01": 3, "1-02": 1}, method=SortMethod.PICK_BY_LEADER)
    send(desk, address(floor, "1-01"))

    assert 'value="老田"' in desk.get(address(floor, "1-02")).content.decode()


def test_a_slot_code_leads_to_its_list(desk: Client) -> None:
    floor = SortFloor("1-01")

    answer = desk.get(
        reverse("sort-find", kwargs={"code": floor.run.campaign.code}), {"code": "1-1"}
    )

    assert answer.headers["Location"] == address(floor, "1-01")


def test_what_a_slot_got_too_many_of_is_said_by_its_name(desk: Client) -> None:
    floor = SortFloor("1-01")
    task = floor.goods({"1-01": 3}, name="鸡蛋", method=SortMethod.PICK_BY_LEADER)

    answer = send(desk, address(floor, "1-01"), **{f"qty_{task.pk}": 9})

    assert answer.status_code == 422
    assert floor.sown(task) == {}
