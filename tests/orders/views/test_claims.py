"""A resident files a claim from the order's page."""

import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from orders.http import RESIDENT_KEY
from orders.models.claims import Claim
from orders.models.orders import Order, OrderLine, OrderState
from tests.factories.orders import CampaignFactory, OrderFactory, OrderLineFactory, PaymentFactory
from tests.orders.photos import photo


@pytest.fixture
def line(db: None, settings: Settings, tmp_path: Path) -> OrderLine:
    """Four pieces of an order that came today."""
    settings.MEDIA_ROOT = tmp_path
    order = OrderFactory.create(
        state=OrderState.FROZEN,
        campaign=CampaignFactory.create(delivery_date=timezone.localdate()),
        resident__phone_verified_at=timezone.now(),
    )
    PaymentFactory.create(order=order)
    return OrderLineFactory.create(order=order, line_no=1, qty=4)


@pytest.fixture
def phone(client: Client, line: OrderLine) -> Client:
    """The resident's phone."""
    session = client.session
    session[RESIDENT_KEY] = line.order.resident_id
    session.save()
    return client


def address(line: OrderLine) -> str:
    return f"/me/orders/{line.order.order_no}/lines/{line.line_no}/claim/"


def form(**changes: Any) -> dict[str, Any]:
    plain = {
        "kind": "spoiled",
        "qty": "2",
        "description": "软了",
        "photos": [BytesIO(photo(1)), BytesIO(photo(2))],
        "key": str(uuid.UUID(int=7)),
    }
    return plain | changes


def test_the_order_leads_to_the_claim_of_a_line(phone: Client, line: OrderLine) -> None:
    order_page = f"/me/orders/{line.order.order_no}/"

    assert address(line) in phone.get(order_page).content.decode()

    Order.objects.update(state=OrderState.PAID)
    assert address(line) not in phone.get(order_page).content.decode()


def test_a_claim_is_filed_once_however_often_the_button_is_pressed(
    phone: Client, line: OrderLine
) -> None:
    assert phone.get(address(line)).status_code == 200

    answers = [phone.post(address(line), form()) for _press in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [
        f"/me/orders/{line.order.order_no}/"
    ] * 2
    claim = Claim.objects.get()
    assert (claim.qty, claim.kind, claim.photos.count()) == (2, "spoiled", 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"qty": "5"},
        {"qty": "0"},
        {"kind": "ugly"},
        {"photos": []},
        {"photos": [BytesIO(b"no photo")]},
        {"key": ""},
    ],
)
def test_what_cannot_be_claimed_comes_back_with_a_reason(
    phone: Client, line: OrderLine, changes: dict[str, Any]
) -> None:
    answer = phone.post(address(line), form(**changes))

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Claim.objects.exists()


def test_when_everything_is_claimed_there_is_no_form(phone: Client, line: OrderLine) -> None:
    phone.post(address(line), form(qty="4"))

    assert 'enctype="multipart/form-data"' not in phone.get(address(line)).content.decode()


def test_a_neighbours_line_does_not_exist(phone: Client) -> None:
    foreign = OrderLineFactory.create(line_no=1)

    assert phone.get(address(foreign)).status_code == 404
    assert phone.post(address(foreign), form()).status_code == 404


def test_strangers_log_in_first(client: Client, line: OrderLine) -> None:
    answer = client.get(address(line))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/me/login/")


def test_a_share_and_grams_are_filed(phone: Client, line: OrderLine) -> None:
    line.sku.weight_g = 500
    line.sku.save()
    phone.post(address(line), form(defect_bp="3000"))
    light = form(
        kind="light_weight",
        qty="1",
        weighed_g="450",
        defect_bp="3000",
        photos=[BytesIO(photo(3))],
        key=str(uuid.UUID(int=8)),
    )
    phone.post(address(line), light)

    claims = Claim.objects.order_by("pk").values_list("asked_fen", "defect_bp", "weighed_g")
    assert list(claims) == [(300, 3_000, None), (50, 1_000, 450)]


def test_what_weighs_less_needs_its_grams(phone: Client, line: OrderLine) -> None:
    answer = phone.post(address(line), form(kind="light_weight"))

    assert (answer.status_code, Claim.objects.count()) == (422, 0)


def test_the_order_shows_when_there_is_an_answer_and_the_first_word(
    phone: Client, line: OrderLine
) -> None:
    phone.post(address(line), form())
    order_page = f"/me/orders/{line.order.order_no}/"
    decide_by = Claim.objects.get().decide_by
    assert decide_by is not None
    assert f"{timezone.localtime(decide_by):%m-%d %H:%M}" in phone.get(order_page).content.decode()

    Claim.objects.update(reply="正在核实", replied_at=timezone.now(), bearer="leader")

    shown = phone.get(order_page).content.decode()
    assert "正在核实" in shown
    assert "borne" not in shown
