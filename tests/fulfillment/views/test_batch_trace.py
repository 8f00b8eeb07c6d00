"""Trace and recall from the outside."""

import csv
import io
import logging

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.receiving import Batch
from leaders.models.accounts import Role
from orders.models.orders import Order
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

PHONE = "13700000001"


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def run() -> CutoffRun:
    """A played day whose first resident has a name that would run in a spreadsheet."""
    run = played()
    Batch.objects.filter(receipt_line__purchase_line__sku__code="K1").update(
        batch_no="B77", certificate_no="HG-1"
    )
    Order.objects.update(resident_name="=1+1", resident_phone=PHONE)
    return run


def client_of(role: Role, *, is_superuser: bool = False) -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=role, is_superuser=is_superuser))
    return client


def trace_url(run: CutoffRun, kind: str = "") -> str:
    code = run.campaign.code
    if kind:
        return reverse("batch-trace-file", args=[code, kind])
    return reverse("batch-trace", args=[code])


@pytest.mark.parametrize(
    "asked", [{"batch_no": "b77"}, {"sku_code": "K1"}, {"certificate_no": "HG-1"}]
)
def test_a_batch_is_found_by_number_goods_and_certificate(
    run: CutoffRun, asked: dict[str, str]
) -> None:
    text = client_of(Role.WAREHOUSE).get(trace_url(run), asked).content.decode()

    assert "B77" in text
    assert PHONE in text
    assert "Excel, orders: 2" in text


def test_a_page_nobody_searched_on_says_how_and_one_without_a_find_says_so(
    run: CutoffRun,
) -> None:
    client = client_of(Role.WAREHOUSE)

    assert "searched in every night" in client.get(trace_url(run)).content.decode()
    assert "No batch was found" in client.get(trace_url(run), {"batch_no": "X"}).content.decode()
    assert client.get(trace_url(run, "csv"), {"batch_no": "X"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "sees_phones"),
    [(Role.WAREHOUSE, True), (Role.BUYER, True), (Role.DISPATCHER, False)],
)
def test_phones_are_for_those_who_call(run: CutoffRun, role: Role, sees_phones: bool) -> None:
    client = client_of(role)

    page = client.get(trace_url(run), {"batch_no": "B77"}).content.decode()
    file = client.get(trace_url(run, "csv"), {"batch_no": "B77"}).content.decode()

    assert (PHONE in page, PHONE in file) == (sees_phones, sees_phones)
    assert "137****0001" in page or sees_phones


def test_leaders_do_not_trace_and_superusers_do(run: CutoffRun) -> None:
    assert client_of(Role.LEADER).get(trace_url(run)).status_code == 403
    chief = client_of(Role.LEADER, is_superuser=True)
    assert PHONE in chief.get(trace_url(run), {"batch_no": "B77"}).content.decode()


def test_who_looked_is_written_down_without_the_numbers(
    run: CutoffRun, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="fulfillment.views.batch_trace"):
        client_of(Role.BUYER).get(trace_url(run), {"batch_no": "B77"})

    (line,) = [record.getMessage() for record in caplog.records if "traced" in record.message]
    assert "'B77'" in line
    assert "2 orders" in line
    assert PHONE not in line


def test_the_files_hold_a_row_for_every_order_and_run_nothing(run: CutoffRun) -> None:
    client = client_of(Role.BUYER)
    asked = {"batch_no": "B77"}

    text = client.get(trace_url(run, "csv"), asked).content.decode("utf-8-sig")
    answer = client.get(trace_url(run, "xlsx"), asked)

    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3
    assert {row[rows[0].index("resident")] for row in rows[1:]} == {"'=1+1"}
    assert sorted(int(row[rows[0].index("pieces")]) for row in rows[1:]) == [3, 9]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[14] for row in cells[1:]] == ["'=1+1", "'=1+1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
