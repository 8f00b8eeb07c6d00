from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from orders.domain.gateway import PayMethod, TradeOrder, TradeState
from orders.integrations.providers import sandbox_gateway
from orders.models.payments import PaymentNotice
from orders.services.payment_reports import UNKNOWN_NUMBER

NO = "TP20260310000009"
URL = f"/pay/sandbox/{NO}/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade() -> None:
    sandbox_gateway().create(
        TradeOrder(
            out_trade_no=NO,
            amount_fen=123450,
            description="蔬菜 3 件",
            expires_at=timezone.now() + timedelta(minutes=5),
            method=PayMethod.PAGE,
        )
    )


def test_the_page_says_what_is_paid_for(client: Client, trade: None) -> None:
    page = client.get(URL).content.decode()

    assert "¥1,234.50" in page
    assert "蔬菜 3 件" in page


def test_the_button_pays_and_leads_back(client: Client, trade: None) -> None:
    answer = client.post(f"{URL}?redirect_url=/shop/orders/1/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/shop/orders/1/")
    assert sandbox_gateway().query(NO).state is TradeState.SUCCESS


def test_the_shop_is_told_by_a_notice(client: Client, trade: None) -> None:
    client.post(URL)
    client.post(URL)

    notice = PaymentNotice.objects.get()
    assert (notice.provider, notice.result) == ("sandbox", UNKNOWN_NUMBER)


def test_it_leads_nowhere_but_to_the_shop(client: Client, trade: None) -> None:
    answer = client.post(f"{URL}?redirect_url=https://evil.example/")

    assert answer.headers["Location"].startswith(URL)


def test_a_closed_trade_cannot_be_paid(client: Client, trade: None) -> None:
    sandbox_gateway().close(NO)

    answer = client.post(URL)

    assert answer.status_code == 409
    assert sandbox_gateway().query(NO).state is TradeState.CLOSED


def test_there_is_no_cashier_where_the_sandbox_is_shut(
    client: Client, trade: None, settings: Settings
) -> None:
    settings.PAYMENT_SANDBOX_OPEN = False

    assert client.get(URL).status_code == 404
    assert client.post(URL).status_code == 404
