"""The page for handing out, its API, and the list of who is still to come."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.allocation import Allocation
from fulfillment.models.pickups import Disposal, Pickup
from leaders.models.accounts import Role
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory
from tests.factories.pickups import FIVE, PickupDesk, pickup_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = "/leader/pickups/"
API = "/leader/pickups/api/reports/"
UNPICKED = "/leader/unpicked/"


@pytest.fixture(autouse=True)
def _afternoon() -> Iterator[None]:
    with time_machine.travel(FIVE, tick=False):
        yield


@pytest.fixture
def desk() -> PickupDesk:
    return pickup_desk(orders=3)


@pytest.fixture
def leader(client: Client, desk: PickupDesk) -> Client:
    client.force_login(desk.user)
    return client


def shown(text: str) -> list[str]:
    return re.findall(r'data-order="(\d+)"', text)


def test_the_list_shows_goods_by_door_with_masked_names(leader: Client, desk: PickupDesk) -> None:
    text = leader.get(PAGE).content.decode()

    assert shown(text) == [str(order.pk) for order in desk.orders]
    assert "土豆 1kg" in text
    assert "陈**" in text
    assert "陈海燕" not in text
    assert desk.orders[0].resident_phone not in text
    assert ">0</strong>/<span>3</span>" in text


@pytest.mark.parametrize(
    ("query", "hits"),
    [("02-0002", [1]), ("2", [1]), ("0003", [2]), ("3栋101", [0]), ("陈", [0, 1, 2])],
)
def test_a_code_a_number_a_door_or_a_name_finds_the_order(
    leader: Client, desk: PickupDesk, query: str, hits: list[int]
) -> None:
    text = leader.get(PAGE, {"q": query}).content.decode()

    assert shown(text) == [str(desk.orders[nth].pk) for nth in hits]


def test_one_tap_hands_out_and_the_same_tap_sent_twice_counts_once(
    leader: Client, desk: PickupDesk
) -> None:
    tap = {"page": str(uuid4()), "method": "code", "fetch": desk.orders[0].pk}

    leader.post(PAGE, tap)
    text = leader.post(PAGE, tap, follow=True).content.decode()

    row = Pickup.objects.get()
    assert (row.order, row.method, row.picked_up_at) == (desk.orders[0], "code", FIVE)
    assert "Handed out." in text
    assert ">1</strong>/<span>3</span>" in text
    assert f"Handed out at 17:00 by {desk.user}" in text


def test_a_mistake_is_taken_back_with_one_tap(leader: Client, desk: PickupDesk) -> None:
    report = desk.fetch(0)
    desk.send(report)

    undo = {"page": str(uuid4()), "undo": f"{report.order_id}/{report.event_id}"}
    text = leader.post(PAGE, undo, follow=True).content.decode()

    assert "Taken back: these goods still wait." in text
    assert Pickup.objects.get().undone_by == desk.user


def test_what_another_phone_handed_out_is_said(leader: Client, desk: PickupDesk) -> None:
    desk.send(desk.fetch(0))

    tap = {"page": str(uuid4()), "method": "name", "fetch": desk.orders[0].pk}
    text = leader.post(PAGE, tap, follow=True).content.decode()

    assert "Already handed out on 03-11 at 17:00" in text
    assert Pickup.objects.count() == 1


@pytest.mark.parametrize(
    "tap",
    [
        {},
        {"page": "no", "fetch": "1"},
        {"page": str(uuid4())},
        {"page": str(uuid4()), "undo": "1/2"},
        {"page": str(uuid4()), "fetch": "1", "undo": f"1/{uuid4()}"},
    ],
)
def test_a_form_that_says_nothing_changes_nothing(leader: Client, tap: dict[str, str]) -> None:
    text = leader.post(PAGE, tap, follow=True).content.decode()

    assert "Tap one order." in text
    assert not Pickup.objects.exists()


def test_substitutes_are_shown_and_orders_without_goods_are_not(
    leader: Client, desk: PickupDesk
) -> None:
    Allocation.objects.filter(order_line__order=desk.orders[0]).update(
        allocated_qty=1, substitute_sku=SkuFactory.create(name="红薯 1kg"), substitute_qty=1
    )
    Allocation.objects.filter(order_line__order=desk.orders[1]).update(allocated_qty=0)

    text = leader.get(PAGE).content.decode()

    assert shown(text) == [str(desk.orders[0].pk), str(desk.orders[2].pk)]
    assert "红薯 1kg" in text
    assert "instead of 土豆 1kg" in text


def test_an_older_order_stays_until_somebody_comes(leader: Client, desk: PickupDesk) -> None:
    run = desk.run
    run.campaign.delivery_date = FIVE.date() - timedelta(days=2)
    run.campaign.save()
    newer = pickup_desk(campaign_code="C2")
    Order.objects.filter(pk__in=[order.pk for order in newer.orders]).update(
        pickup_point=desk.point, leader=desk.leader, pickup_no=None
    )
    desk.send(desk.fetch(0))

    text = leader.get(PAGE).content.decode()

    assert set(shown(text)) == {str(order.pk) for order in desk.orders[1:] + newer.orders}
    assert "since March 9" in text or "since 9 March" in text


def test_the_page_takes_as_many_queries_for_many_orders(
    leader: Client, desk: PickupDesk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pickup_desk(orders=9, campaign_code="C2")
    Order.objects.update(pickup_point=desk.point)
    Order.objects.filter(campaign__code="C2").update(pickup_no=None)

    with django_assert_max_num_queries(9):
        leader.get(PAGE)


def test_nobody_sees_the_list_of_another_point(client: Client, desk: PickupDesk) -> None:
    client.force_login(pickup_desk(orders=0, campaign_code="C2").user)

    assert shown(client.get(PAGE).content.decode()) == []
    tap = {"page": str(uuid4()), "fetch": desk.orders[0].pk}
    assert "not at your point" in client.post(PAGE, tap, follow=True).content.decode()
    for role in (Role.BUYER, Role.DRIVER):
        client.force_login(UserFactory.create(role=role))
        assert client.get(PAGE).status_code == 403
        assert client.get(API).status_code == 403


def test_the_api_takes_reports_and_tells_what_is_fetched(leader: Client, desk: PickupDesk) -> None:
    report = desk.fetch(0)
    sent = {
        "event_id": str(report.event_id),
        "kind": "fetch",
        "order": report.order_id,
        "method": "scan",
        "device_at": "2026-03-11T16:30:00+08:00",
    }

    for _ in range(2):
        answer = leader.post(API, {"reports": [sent]}, content_type="application/json").json()

    told = answer["answers"][0]
    assert (told["event_id"], told["outcome"], told["order"]) == (
        str(report.event_id),
        "recorded",
        report.order_id,
    )
    assert Pickup.objects.get().picked_up_at == datetime(2026, 3, 11, 8, 30, tzinfo=UTC)
    [fetched] = leader.get(API).json()["fetched"]
    assert (fetched["order"], fetched["standing"]) == (report.order_id, str(report.event_id))
    assert fetched["at"] == "2026-03-11T08:30:00+00:00"


@pytest.mark.parametrize(
    "change",
    [{"kind": "steal"}, {"order": 0}, {"device_at": "noon"}, {"event_id": "1"}, {"method": "eyes"}],
)
def test_a_report_nobody_can_read_is_refused(
    leader: Client, desk: PickupDesk, change: dict[str, object]
) -> None:
    sent = {
        "event_id": str(uuid4()),
        "kind": "fetch",
        "order": desk.orders[0].pk,
        "device_at": FIVE.isoformat(),
    }

    answer = leader.post(API, {"reports": [sent | change]}, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert not Pickup.objects.exists()


def test_the_api_wants_the_forms_token(desk: PickupDesk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.user)

    answer = client.post(API, {"reports": []}, content_type="application/json")

    assert answer.status_code == 403


def test_who_is_still_to_come_is_told_by_building_and_reminded(
    leader: Client, desk: PickupDesk
) -> None:
    desk.send(desk.fetch(0))

    text = leader.get(UNPICKED).content.decode()
    one = leader.post(UNPICKED, {"order": desk.orders[1].pk}, follow=True).content.decode()
    both = leader.post(UNPICKED, {"order": "all"}, follow=True).content.decode()
    leader.post(UNPICKED, {"order": "all"})
    last = leader.post(UNPICKED, {"order": "all"}, follow=True).content.decode()

    assert "2 orders" in text
    assert "numbers 02, 03" in text
    assert desk.orders[1].resident_phone not in text
    assert "1 resident reminded." in one
    assert "2 residents reminded." in both
    assert "twice a day is enough" in last
    assert OutboxMessage.objects.count() == 4


def test_a_completed_order_is_waited_for_no_more_and_can_still_be_reported(
    leader: Client, desk: PickupDesk
) -> None:
    Order.objects.filter(pk=desk.orders[0].pk).update(state="completed")

    waiting = leader.get(UNPICKED).content.decode()
    listed = leader.get(PAGE).content.decode()

    assert "2 orders" in waiting
    assert str(desk.orders[0].pk) in shown(listed)


def test_what_was_given_away_is_on_no_list(leader: Client, desk: PickupDesk) -> None:
    leader.post(f"{UNPICKED}{desk.orders[0].pk}/", {"kind": "given_away", "note": "邻居"})

    assert "2 orders" in leader.get(UNPICKED).content.decode()
    assert str(desk.orders[0].pk) not in shown(leader.get(PAGE).content.decode())


def test_goods_nobody_fetched_are_written_off_with_a_photo(
    leader: Client, desk: PickupDesk
) -> None:
    url = f"{UNPICKED}{desk.orders[0].pk}/"
    page = leader.get(url).content.decode()
    refused = leader.post(url, {"kind": "spoiled"})
    leader.post(url, {"kind": "given_away", "note": "邻居"})

    assert "wait for their resident until" in page
    assert refused.status_code == 422
    assert "still have to wait" in refused.content.decode()
    assert Disposal.objects.get().note == "邻居"
    assert leader.get(url).status_code == 404


def test_a_file_that_is_no_photo_is_refused(leader: Client, desk: PickupDesk) -> None:
    url = f"{UNPICKED}{desk.orders[0].pk}/"
    file = SimpleUploadedFile("goods.jpg", b"not a picture")

    answer = leader.post(url, {"kind": "given_away", "note": "邻居", "photo": file})

    assert answer.status_code == 422
    assert not Disposal.objects.exists()


def test_the_leaders_order_page_says_when_it_was_fetched(leader: Client, desk: PickupDesk) -> None:
    url = f"/leader/orders/{desk.orders[0].pk}/"
    before = leader.get(url).content.decode()

    desk.send(desk.fetch(0, method="scan"))
    after = leader.get(url).content.decode()

    assert "Fetched at" not in before
    assert "Fetched at" in after
    assert "17:00 · Scanned" in after
