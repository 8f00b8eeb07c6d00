"""The resident's page about the own data, and the desk that answers."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from orders.models.orders import OrderState
from orders.models.personal_data import PersonRequest, PersonRequestKind, PersonRequestState
from orders.models.residents import Resident
from orders.services.login_codes import login_code_shown
from tests.factories.compliance import PersonRequestFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import (
    ClaimPhotoFactory,
    OrderFactory,
    OrderLineFactory,
)
from tests.factories.storefronts import PHONE, OpenShop, shopping
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.SHOW_LOGIN_CODES = True


@pytest.fixture
def resident() -> Resident:
    return OpenShop().resident(name="=毛海燕")


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.COMPLIANCE))
    return client


def zipped(response: HttpResponseBase) -> zipfile.ZipFile:
    assert isinstance(response, StreamingHttpResponse)
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_a_copy_holds_everything_with_photos_and_inert_cells(
    client: Client, resident: Resident
) -> None:
    order = OrderFactory.create(resident=resident, resident_name="=毛海燕")
    line = OrderLineFactory.create(order=order)
    evidence = ClaimPhotoFactory.create(claim__order_line=line)
    evidence.photo.save("a.jpg", ContentFile(photo(9)))

    response = shopping(client, resident).post("/me/data/", {"action": "export"})

    archive = zipped(response)
    data = json.loads(archive.read("data.json"))
    assert data["account"][0]["phone"] == PHONE
    assert data["orders"][0]["order_no"] == order.order_no
    assert [row["sku_name"] for row in data["lines"]] == [line.sku_name]
    assert f"photos/claim-{evidence.claim_id}-{evidence.pk}.jpg" in archive.namelist()
    assert "'=毛海燕" in archive.read("account.csv").decode("utf-8-sig")
    asked = PersonRequest.objects.get(resident=resident)
    assert (asked.kind, asked.state) == (PersonRequestKind.EXPORT, PersonRequestState.DONE)
    assert AuditEvent.objects.filter(action="person.exported").count() == 1


def test_restricting_and_lifting_is_done_at_once(client: Client, resident: Resident) -> None:
    page = shopping(client, resident)

    page.post("/me/data/", {"action": "restrict"})
    resident.refresh_from_db()
    assert resident.restricted_at is not None
    assert "restricted" in page.get("/me/data/").content.decode()

    page.post("/me/data/", {"action": "lift"})
    resident.refresh_from_db()
    assert resident.restricted_at is None


def test_erasure_is_asked_for_with_a_tick_and_shown_with_its_day(
    client: Client, resident: Resident
) -> None:
    page = shopping(client, resident)

    assert page.post("/me/data/", {"action": "erase"}).status_code == 422
    page.post("/me/data/", {"action": "erase", "has_confirmed": "on"})

    asked = PersonRequest.objects.get(resident=resident)
    assert (asked.kind, asked.state) == (PersonRequestKind.ERASE, PersonRequestState.OPEN)
    assert "We answer within 15 days" in page.get("/me/data/").content.decode()


def test_another_phone_is_proved_by_a_code(client: Client, resident: Resident) -> None:
    page = shopping(client, resident)

    page.post("/me/data/phone/", {"action": "send", "phone": "199 0000 0077"})
    code = login_code_shown("19900000077")
    page.post("/me/data/phone/", {"action": "check", "code": str(code)})

    resident.refresh_from_db()
    assert resident.phone == "19900000077"


def test_the_desk_finds_who_called_and_erases_what_is_asked(
    officer: Client, resident: Resident
) -> None:
    page = officer.get("/compliance/persons/", {"q": PHONE}).content.decode()
    assert "199****2483" in page
    assert PHONE not in page.replace(f'value="{PHONE}"', "")

    officer.post("/compliance/persons/take-down/", {"resident": resident.pk, "kind": "erase"})
    asked = PersonRequest.objects.get(resident=resident)
    officer.post(f"/compliance/persons/{asked.pk}/answer/", {"action": "do", "outcome": "done"})

    resident.refresh_from_db()
    assert resident.erased_at is not None
    assert resident.phone == ""


def test_what_is_open_keeps_a_request_open(officer: Client, resident: Resident) -> None:
    OrderFactory.create(resident=resident, state=OrderState.PAID)
    asked = PersonRequestFactory.create(resident=resident, kind=PersonRequestKind.ERASE)

    officer.post(f"/compliance/persons/{asked.pk}/answer/", {"action": "do"})

    asked.refresh_from_db()
    assert asked.state == PersonRequestState.OPEN
    page = officer.get(f"/compliance/persons/{asked.pk}/").content.decode()
    assert "Open orders: 1" in page


def test_a_refusal_says_why(officer: Client, resident: Resident) -> None:
    asked = PersonRequestFactory.create(resident=resident, kind=PersonRequestKind.RESTRICT)
    address = f"/compliance/persons/{asked.pk}/answer/"

    officer.post(address, {"action": "refuse"})
    asked.refresh_from_db()
    assert asked.state == PersonRequestState.OPEN

    officer.post(address, {"action": "refuse", "outcome": "身份无法核实"})
    asked.refresh_from_db()
    assert (asked.state, asked.outcome) == (PersonRequestState.REFUSED, "身份无法核实")


def test_a_correction_taken_down_is_made_at_the_desk(officer: Client, resident: Resident) -> None:
    asked = PersonRequestFactory.create(resident=resident, kind=PersonRequestKind.CORRECT)

    officer.post(
        f"/compliance/persons/{asked.pk}/answer/",
        {"action": "do", "name": "毛小燕", "building": "3栋", "room": "501"},
    )

    resident.refresh_from_db()
    assert (resident.name, resident.building, resident.room) == ("毛小燕", "3栋", "501")
