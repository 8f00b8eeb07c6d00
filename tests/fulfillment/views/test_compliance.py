"""The compliance desk: what runs out, and goods that are called back."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.recalls import Recall
from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from orders.models.orders import Order
from orders.models.outbox import OutboxMessage
from orders.models.residents import Resident
from tests.factories.compliance import LicenceFactory, PersonRequestFactory
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PHONE = "19906912483"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.COMPLIANCE))
    return client


@pytest.fixture
def run() -> CutoffRun:
    """A played day whose residents have a phone to look for."""
    run = played()
    Order.objects.update(resident_phone=PHONE, resident_name="=毛海燕")
    OutboxMessage.objects.all().delete()
    return run


def asked(run: CutoffRun) -> dict[str, str]:
    day = f"{run.campaign.delivery_date:%Y-%m-%d}"
    return {"sku": "K2", "batch_no": "", "supplier": "", "from_on": day, "until_on": day}


def start(officer: Client, run: CutoffRun) -> Recall:
    words = {"reason": "包装胀气", "advice": "请勿食用。"}
    officer.post("/compliance/recalls/start/", asked(run) | words)
    return Recall.objects.get()


def test_the_desk_shows_what_runs_out_and_who_waits(officer: Client) -> None:
    LicenceFactory.create(holder="青石生鲜", valid_until=timezone.localdate() + timedelta(days=3))
    PersonRequestFactory.create()

    page = officer.get("/compliance/").content.decode()

    assert "青石生鲜" in page
    assert "1 request about personal data is overdue" in page


def test_a_recall_is_looked_at_before_it_is_started(officer: Client, run: CutoffRun) -> None:
    page = officer.get("/compliance/recalls/", asked(run)).content.decode()

    assert "residents of 2 leaders" in page
    assert not Recall.objects.exists()
    nobody = officer.get("/compliance/recalls/", asked(run) | {"batch_no": "X"}).content.decode()
    assert "Nobody was given pieces" in nobody
    assert "Start the recall" not in nobody


def test_a_started_recall_shows_its_lines_masked(officer: Client, run: CutoffRun) -> None:
    recall = start(officer, run)

    page = officer.get(f"/compliance/recalls/{recall.pk}/").content.decode()

    assert "199****2483" in page
    assert PHONE not in page


def test_a_whole_number_is_opened_one_at_a_time_and_written_down(
    officer: Client, run: CutoffRun
) -> None:
    recall = start(officer, run)
    line = recall.lines.order_by("pk")[0]
    Resident.objects.update(phone=PHONE)

    page = officer.post(f"/compliance/recalls/{recall.pk}/phone/", {"line": line.pk})

    assert page.content.decode().count(f"tel:{PHONE}") == 1
    assert AuditEvent.objects.get(action="phone.opened").facts["recall"] == recall.pk


def test_what_comes_back_is_counted_and_the_recall_closed(officer: Client, run: CutoffRun) -> None:
    recall = start(officer, run)
    line = recall.lines.order_by("pk")[0]

    officer.post(f"/compliance/recalls/{recall.pk}/returned/", {"line": line.pk, "qty": 1})
    officer.post(f"/compliance/recalls/{recall.pk}/close/")

    line.refresh_from_db()
    recall.refresh_from_db()
    assert line.returned_qty == 1
    assert recall.closed_at is not None
    foreign = {"line": line.pk, "qty": 1}
    assert officer.post("/compliance/recalls/999/returned/", foreign).status_code == 404


def test_the_list_is_a_workbook_with_masked_inert_cells(officer: Client, run: CutoffRun) -> None:
    recall = start(officer, run)

    response = officer.get(f"/compliance/recalls/{recall.pk}/list.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(iter(response)))).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "199****2483" in cells
    assert not any(PHONE in cell for cell in cells)
    assert AuditEvent.objects.filter(action="recall.exported").count() == 1


def test_the_records_show_ages_and_who_took_data_along(officer: Client, run: CutoffRun) -> None:
    recall = start(officer, run)
    officer.get(f"/compliance/recalls/{recall.pk}/list.xlsx")

    assert "Words of messages" in officer.get("/compliance/retention/").content.decode()
    assert "recall.exported" in officer.get("/compliance/exports/").content.decode()
