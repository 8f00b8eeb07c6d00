"""What buyers do with claims on suppliers and with statements."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.http import FileResponse
from django.test import Client
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.supplier_accounts import (
    SupplierClaim,
    SupplierClaimState,
    SupplierStatement,
)
from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from tests.factories.exceptions import SupplierClaimFactory
from tests.factories.fulfillment import GoodsReceiptLineFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

CLAIMS = "/admin/fulfillment/supplierclaim/"
STATEMENTS = "/admin/fulfillment/supplierstatement/"


@pytest.fixture
def claim() -> SupplierClaim:
    """Two of ten pieces at 4.00 yuan are claimed; the goods' day is closed."""
    claim: SupplierClaim = SupplierClaimFactory.create()
    line = claim.purchase_line
    GoodsReceiptLineFactory.create(receipt__purchase_order=line.purchase_order, purchase_line=line)
    CutoffRun.objects.update(day_closed_at=timezone.now())
    return claim


def made(buyer: Client, claim: SupplierClaim) -> SupplierStatement:
    buyer.post(
        f"{STATEMENTS}make/",
        {"supplier": claim.supplier_id, "from_on": "2026-03-09", "until_on": "2026-03-15"},
    )
    return SupplierStatement.objects.get()


def act(client: Client, address: str, action: str, row: SupplierStatement) -> None:
    answer = client.post(address, {"action": action, "_selected_action": row.pk})
    assert answer.status_code == 302


def sheet_of(client: Client, address: str, row: int) -> list[tuple[object, ...]]:
    answer = client.post(address, {"action": "export_xlsx", "_selected_action": row})
    assert isinstance(answer, FileResponse)
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_a_claim_is_answered_on_its_page(buyer: Client, claim: SupplierClaim) -> None:
    page = f"{CLAIMS}{claim.pk}/change/"
    SupplierClaim.objects.update(object_by=timezone.now() + timedelta(hours=1))

    before = buyer.get(page).content.decode()
    for answer, note in (("objected", "到货完好"), ("dropped", "照片不清")):
        buyer.post(f"{CLAIMS}{claim.pk}/answer/", {"answer": answer, "note": note})
    after = buyer.get(page).content.decode()

    claim.refresh_from_db()
    assert (claim.state, claim.supplier_note, claim.decision_note) == (
        SupplierClaimState.DROPPED,
        "到货完好",
        "照片不清",
    )
    assert 'name="answer"' in before
    assert 'name="answer"' not in after


def test_a_statement_is_made_closed_and_paid(buyer: Client, claim: SupplierClaim) -> None:
    SupplierClaim.objects.update(state=SupplierClaimState.ACCEPTED)
    statement = made(buyer, claim)

    act(buyer, STATEMENTS, "close", statement)
    act(buyer, STATEMENTS, "pay", statement)

    statement.refresh_from_db()
    assert (statement.state, statement.due_fen) == ("paid", 3200)
    assert "¥32.00" in buyer.get(f"{STATEMENTS}{statement.pk}/change/").content.decode()


def test_what_is_not_possible_is_said(buyer: Client, claim: SupplierClaim) -> None:
    statement = made(buyer, claim)

    answer = buyer.post(
        STATEMENTS, {"action": "pay", "_selected_action": statement.pk}, follow=True
    )

    statement.refresh_from_db()
    assert statement.state == "draft"
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_statement_is_exported_line_by_line_to_the_sum(
    buyer: Client, claim: SupplierClaim
) -> None:
    SupplierClaim.objects.update(state=SupplierClaimState.ACCEPTED)
    statement = made(buyer, claim)
    act(buyer, STATEMENTS, "close", statement)

    rows = sheet_of(buyer, STATEMENTS, statement.pk)

    assert [row[6:] for row in rows[1:]] == [(10, 4, 40), (-2, 4, -8), (None, None, 32)]


def test_cells_of_an_export_stay_inert(buyer: Client, claim: SupplierClaim) -> None:
    SupplierClaim.objects.update(supplier_note="=1+1")

    rows = sheet_of(buyer, CLAIMS, claim.pk)

    assert rows[1][5:7] == (2, 8)
    assert str(rows[1][9]).endswith("=1+1")
    assert not str(rows[1][9]).startswith("=")


def test_a_dispatcher_has_no_business_there(client: Client, claim: SupplierClaim) -> None:
    user = UserFactory.create(role=Role.DISPATCHER)
    role_permissions_apply("dispatcher")
    client.force_login(user)

    assert client.get(CLAIMS).status_code == 403
    assert client.post(f"{CLAIMS}{claim.pk}/answer/", {"answer": "dropped"}).status_code == 403
    assert client.post(f"{STATEMENTS}make/", {}).status_code == 403
