"""The settlement desk, batches, payees and the tax report from the outside."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from fulfillment.models.payouts import Payout, PayoutBatch
from fulfillment.models.settlement import CommissionKind, SettlementStatement
from fulfillment.services.statements import statements_issue
from leaders.integrations.sealing import seal
from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader
from leaders.models.payees import Payee
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.payouts import SUNDAY, TUESDAY, PayeeFactory, earn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def finance(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.FINANCE))
    return client


@pytest.fixture
def second() -> Client:
    other = Client()
    other.force_login(UserFactory.create(role=Role.FINANCE))
    return other


@pytest.fixture
def leader() -> Leader:
    """A leader with 26.00 yuan due and a verified payee."""
    found: Leader = LeaderFactory.create(code="L0012")
    PayeeFactory.create(
        leader=found,
        legal_name="=cmd|林秀英",
        id_no_sealed=seal("11010519491231002X"),
        bank_account_sealed=seal("4111111111111111"),
        bank_account_last4="1111",
    )
    earn(found, 2_600)
    statements_issue(until=SUNDAY, now=TUESDAY)
    return found


def batch_of(finance: Client, leader: Leader, channel: str = "bank_file") -> str:
    statement = SettlementStatement.objects.get(leader=leader)
    answer = finance.post("/settlement/batches/", {"statement": [statement.pk], "channel": channel})
    assert answer.status_code == 302
    return PayoutBatch.objects.get().batch_no


def test_finance_comes_home_to_it(finance: Client) -> None:
    answer = finance.get("/", follow=True)

    assert answer.redirect_chain == [("/settlement/", 302)]
    assert "No week is settled yet" in answer.content.decode()


def test_nobody_else_opens_it(client: Client, leader: Leader) -> None:
    for role in set(Role) - {Role.FINANCE}:
        client.force_login(UserFactory.create(role=role))

        for path in ("", "tax/", "payees/L0012/", "batches/DK-20260317-01/"):
            assert client.get(f"/settlement/{path}").status_code == 403


def test_the_desk_shows_weeks_debts_and_who_cannot_be_paid(finance: Client, leader: Leader) -> None:
    owing, unverified = LeaderFactory.create(code="L0020"), LeaderFactory.create(code="L0030")
    earn(owing, 20_100, kind=CommissionKind.CLAWBACK)
    earn(unverified, 5_000)
    PayeeFactory.create(leader=unverified, verified_at=None, verified_by=None)
    earn(LeaderFactory.create(code="L0040"), 5_000)
    statements_issue(until=SUNDAY, now=TUESDAY)

    page = finance.get("/settlement/").content.decode()

    assert "JS-20260315-L0012" in page
    assert "-¥201.00" in page
    assert "/settlement/payees/L0030/" in page
    assert "has named no payee" in page
    assert page.count("not verified") == 2


def test_a_batch_goes_from_one_person_to_another_to_the_bank(
    finance: Client, second: Client, leader: Leader
) -> None:
    no = batch_of(finance, leader)
    own = finance.get(f"/settlement/batches/{no}/").content.decode()
    assert "You prepared this batch" in own
    assert "Approve and pay" not in own
    finance.post(f"/settlement/batches/{no}/decide/", {"decision": "approve"})
    assert PayoutBatch.objects.get().state == "prepared"

    second.post(f"/settlement/batches/{no}/decide/", {"decision": "approve"})
    file = second.post(f"/settlement/batches/{no}/file/", {"form": "xlsx"})

    sheet = openpyxl.load_workbook(BytesIO(file.content)).active
    assert sheet is not None
    row = [cell.value for cell in list(sheet.rows)[1]]
    assert row[1] == "'=cmd|林秀英"
    assert (row[3], row[4]) == ("4111111111111111", 26)
    assert AuditEvent.objects.filter(action="payout_batch.file_taken").count() == 1
    csv = second.post(f"/settlement/batches/{no}/file/", {"form": "csv"}).content.decode()
    assert csv.startswith("\ufeff")
    assert "'=cmd|林秀英" in csv

    payout = Payout.objects.get()
    second.post(
        f"/settlement/batches/{no}/results/", {"payout": payout.payout_no, "result": "paid"}
    )
    payout.refresh_from_db()
    assert payout.state == "paid"


def test_a_refusal_needs_a_reason(finance: Client, second: Client, leader: Leader) -> None:
    no = batch_of(finance, leader)

    second.post(f"/settlement/batches/{no}/decide/", {"decision": "refuse"})
    assert PayoutBatch.objects.get().state == "prepared"

    second.post(f"/settlement/batches/{no}/decide/", {"decision": "refuse", "reason": "late"})
    assert PayoutBatch.objects.get().note == "late"


def test_nothing_chosen_makes_no_batch(finance: Client) -> None:
    answer = finance.post("/settlement/batches/", {"channel": "wechat"}, follow=True)

    assert "Choose at least one statement" in answer.content.decode()
    assert not PayoutBatch.objects.exists()


def test_full_numbers_are_shown_on_request_and_the_look_is_written_down(
    finance: Client, leader: Leader
) -> None:
    assert "4111111111111111" not in finance.get("/settlement/payees/L0012/").content.decode()

    page = finance.post("/settlement/payees/L0012/").content.decode()

    assert "11010519491231002X" in page
    assert "4111111111111111" in page
    assert AuditEvent.objects.filter(action="payee.opened").count() == 1


def test_finance_verifies_a_payee(finance: Client, leader: Leader) -> None:
    Payee.objects.update(verified_at=None, verified_by=None)

    finance.post("/settlement/payees/L0012/verify/")

    assert Payee.objects.get().verified_at is not None


def test_the_tax_report_names_who_was_paid_in_the_quarter(
    finance: Client, second: Client, leader: Leader
) -> None:
    no = batch_of(finance, leader)
    second.post(f"/settlement/batches/{no}/decide/", {"decision": "approve"})
    payout = Payout.objects.get()
    second.post(
        f"/settlement/batches/{no}/results/", {"payout": payout.payout_no, "result": "paid"}
    )
    now = datetime.now(UTC)
    quarter = f"{now.year}Q{(now.month + 2) // 3}"

    Payout.objects.update(closed_at=now)
    answer = finance.post("/settlement/tax/", {"quarter": quarter, "form": "csv"})

    rows = answer.content.decode().splitlines()
    assert len(rows) == 2
    assert rows[1].split(",")[3:] == ["11010519491231002X", "1", "26.0", "0.0", "26.0"]
    assert AuditEvent.objects.filter(action="tax_report.taken").count() == 1
    assert quarter in finance.get("/settlement/tax/").content.decode()
    assert finance.post("/settlement/tax/", {"quarter": "1999Q1"}).status_code == 404
