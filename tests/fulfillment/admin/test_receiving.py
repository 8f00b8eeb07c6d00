"""Goods receipts as the buyers see them."""

import pytest
from django.test import Client

from leaders.models.accounts import Role
from tests.factories.fulfillment import BatchFactory, GoodsReceiptFactory
from tests.factories.leaders import UserFactory
from tests.factories.receiving import ReceiptLineVoidFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/fulfillment/goodsreceipt/"


@pytest.fixture
def buyer(admin_client: Client) -> Client:
    return admin_client


def test_a_count_taken_back_is_shown_with_its_reason_and_in_no_sum(buyer: Client) -> None:
    receipt = GoodsReceiptFactory.create()
    BatchFactory.create(receipt_line__receipt=receipt, receipt_line__arrived_qty=7)
    wrong = BatchFactory.create(receipt_line__receipt=receipt, receipt_line__arrived_qty=70)
    ReceiptLineVoidFactory.create(receipt_line=wrong.receipt_line, reason="数错了")
    empty = GoodsReceiptFactory.create()

    rows = {
        row.pk: (row.line_count, row.arrived_qty, row.accepted_qty)
        for row in buyer.get(LIST).context["cl"].queryset
    }
    page = buyer.get(f"{LIST}{receipt.pk}/change/").content.decode()

    assert rows == {receipt.pk: (1, 7, 7), empty.pk: (0, None, None)}
    assert "数错了" in page


def test_the_warehouse_has_no_way_into_the_admin(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))

    assert client.get(LIST).status_code == 302
