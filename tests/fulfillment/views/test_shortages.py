"""The supervisor's page of who goes without."""

from datetime import datetime

import pytest
from django.test import Client

from fulfillment.models.allocation import Allocation, AllocationRun, ShortageChoice
from fulfillment.models.cutoff_run import CutoffRun
from leaders.models.accounts import Role, User
from orders.models.orders import Order
from tests.builders import OPENS_AT
from tests.factories.leaders import UserFactory
from tests.factories.shortages import sku_of, sow
from tests.fulfillment.selectors.test_shortage_board import counting
from tests.fulfillment.services.days import sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=3)
BOARD = "/warehouse/C1/shortages/"


@pytest.fixture
def supervisor(client: Client) -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    client.force_login(user)
    return user


def sku_page(code: str = "K2") -> str:
    return f"{BOARD}{sku_of(code).pk}/"


def tofu_of(order: str) -> Allocation:
    return Allocation.objects.get(order_line__sku__code="K2", order_line__order__source_no=order)


def test_both_rules_are_offered_while_receiving_is_open(client: Client, supervisor: User) -> None:
    counting()

    page = client.get(BOARD).content.decode()

    assert page.count('name="rule"') == 1  # the other one holds already
    assert "¥8.70" in page
    assert "/warehouse/C1/receiving/close/" in page


def test_a_rule_is_chosen_for_all_or_for_one(client: Client, supervisor: User) -> None:
    counting()

    for_all = client.post(f"{BOARD}rule/", {"rule": "leader_quota"})
    for_one = client.post(f"{sku_page()}rule/", {"rule": "paid_time"})

    assert (for_all["Location"], for_one["Location"]) == (BOARD, sku_page())
    assert set(ShortageChoice.objects.values_list("sku__code", "rule", "chosen_by")) == {
        (None, "leader_quota", supervisor.pk),
        ("K2", "paid_time", supervisor.pk),
    }


def test_a_rule_nobody_knows_is_refused(client: Client, supervisor: User) -> None:
    counting()

    client.post(f"{BOARD}rule/", {"rule": "by_height"})

    assert not ShortageChoice.objects.exists()


def test_the_page_of_a_sku_names_who_would_lose(client: Client, supervisor: User) -> None:
    counting()

    page = client.get(sku_page()).content.decode()

    assert "团长1" in page
    assert "3栋 1101" in page
    assert "19900000103" not in page  # the number is masked


def test_after_the_sharing_a_line_is_given_by_hand(client: Client, supervisor: User) -> None:
    sharing()
    path = f"{BOARD}lines/{tofu_of('O3').pk}/"
    assert path in client.get(sku_page()).content.decode()

    answer = client.post(path, {"qty": "2", "reason": "promised"})

    assert answer["Location"] == sku_page()
    assert tofu_of("O3").allocated_qty == 2
    assert AllocationRun.objects.latest("seq").made_by == supervisor


def test_the_same_override_sent_twice_is_noted_once(client: Client, supervisor: User) -> None:
    sharing()
    path = f"{BOARD}lines/{tofu_of('O3').pk}/"

    for _sent in range(2):
        client.post(path, {"qty": "2", "reason": "promised"})

    assert AllocationRun.objects.filter(cause="override").count() == 1


@pytest.mark.parametrize(
    "typed", [{"qty": "2", "reason": ""}, {"qty": "", "reason": "x"}, {"qty": "9", "reason": "x"}]
)
def test_an_override_that_cannot_be_says_why(
    client: Client, supervisor: User, typed: dict[str, str]
) -> None:
    sharing()

    answer = client.post(f"{BOARD}lines/{tofu_of('O3').pk}/", typed)

    assert answer.status_code == 422
    assert tofu_of("O3").allocated_qty == 0


def test_what_is_sorted_stays_and_the_page_says_so(client: Client, supervisor: User) -> None:
    run = sharing()
    sow(run, "K2", "L1", 4, at=NIGHT)

    answer = client.post(f"{BOARD}lines/{tofu_of('O1').pk}/", {"qty": "1", "reason": "x"})

    assert answer.status_code == 422
    assert tofu_of("O1").allocated_qty == 4


def test_a_line_of_another_night_is_not_found(client: Client, supervisor: User) -> None:
    sharing()

    assert client.get(f"{BOARD}lines/999999/").status_code == 404


def test_something_else_is_given_to_who_said_yes(client: Client, supervisor: User) -> None:
    sharing()
    Order.objects.filter(source_no="O3").update(accepts_substitutes=True)
    assert 'name="substitute"' in client.get(sku_page()).content.decode()

    client.post(
        f"{sku_page()}substitute/", {"substitute": sku_of("K1").pk, "reason": "tofu came short"}
    )

    assert (tofu_of("O3").substitute_qty, tofu_of("O3").short_qty) == (3, 0)


def test_something_that_is_not_offered_is_not_given(client: Client, supervisor: User) -> None:
    sharing()

    client.post(f"{sku_page()}substitute/", {"substitute": sku_of("K3").pk, "reason": "x"})
    client.post(f"{sku_page()}substitute/", {"substitute": sku_of("K1").pk, "reason": "x"})

    assert tofu_of("O3").substitute_qty == 0


def test_shortages_become_final_on_a_clear_word_only(client: Client, supervisor: User) -> None:
    sharing()
    assert "¥8.70" in client.get(f"{BOARD}final/").content.decode()

    unsaid = client.post(f"{BOARD}final/", {})
    said = client.post(f"{BOARD}final/", {"confirmed": "on"})

    assert (unsaid.status_code, said["Location"]) == (422, BOARD)
    assert CutoffRun.objects.get().shortages_final_at is not None
    assert "notice--success" in client.get(BOARD).content.decode()


def test_nothing_is_final_before_the_sharing(client: Client, supervisor: User) -> None:
    counting()

    answer = client.post(f"{BOARD}final/", {"confirmed": "on"})

    assert answer.status_code == 422
    assert CutoffRun.objects.get().shortages_final_at is None


def test_buyers_look_on(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.BUYER))
    sharing()

    page = client.get(sku_page())
    decided = client.post(f"{BOARD}lines/{tofu_of('O3').pk}/", {"qty": "1", "reason": "x"})

    assert (client.get(BOARD).status_code, page.status_code) == (200, 200)
    assert "/lines/" not in page.content.decode()
    assert decided.status_code == 403


@pytest.mark.parametrize("path", ["", "final/", "rule/"])
def test_leaders_are_turned_away(client: Client, path: str) -> None:
    client.force_login(UserFactory.create(role=Role.LEADER))
    sharing()

    assert client.get(BOARD + path).status_code in (403, 405)
