"""A leader's statements and the trace of a line from the outside."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.settlement import CommissionEntry, CommissionKind
from fulfillment.services.statements import statements_issue
from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from tests.factories.leaders import LeaderFactory, UserFactory, login_of
from tests.factories.payouts import SUNDAY, TUESDAY, PayeeFactory, earn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NO = "JS-20260315-L0012"


@pytest.fixture
def leader() -> Leader:
    found: Leader = LeaderFactory.create(code="L0012")
    earn(found, 1_000_000)
    earn(found, 300, kind=CommissionKind.CLAWBACK)
    statements_issue(until=SUNDAY, now=TUESDAY)
    return found


@pytest.fixture
def phone(client: Client, leader: Leader) -> Client:
    assert leader.user is not None
    client.force_login(leader.user)
    return client


def line_path(kind: CommissionKind = CommissionKind.SALE) -> str:
    line = CommissionEntry.objects.get(kind=kind).order_line
    assert line is not None
    return f"/settlement/lines/{line.order.order_no}/{line.line_no}/"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_leader_sees_the_statements_and_what_they_need(phone: Client, leader: Leader) -> None:
    page = text_of(phone, "/leader/statements/")
    assert NO in page
    assert "Tell us who is paid" in page

    PayeeFactory.create(leader=leader)

    assert "Tell us who is paid" not in text_of(phone, "/leader/statements/")


def test_every_entry_leads_to_its_order_line(phone: Client) -> None:
    page = text_of(phone, f"/leader/statements/{NO}/")

    assert "¥10,000.00" in page
    assert "-¥3.00" in page
    assert "-¥89.93" in page
    assert "¥9,907.07" in page
    assert line_path() in page
    assert line_path(CommissionKind.CLAWBACK) in page


def test_the_statement_is_a_paper_and_a_workbook(phone: Client) -> None:
    pdf = phone.get(f"/leader/statements/{NO}/pdf/")
    xlsx = phone.get(f"/leader/statements/{NO}/xlsx/")

    assert pdf.content.startswith(b"%PDF-")
    sheet = openpyxl.load_workbook(BytesIO(xlsx.content)).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.rows]
    assert cells[7][:2] == ["Net", "9907.07"]
    assert [row[-1] for row in cells[-2:]] == [10_000, -3]


def test_the_trace_shows_the_whole_way(phone: Client, client: Client) -> None:
    page = text_of(phone, line_path())

    assert NO in page
    assert "10% of ¥100,000.00" in page
    assert "commission held" in page
    assert "tax withheld" in page
    client.force_login(UserFactory.create(role=Role.FINANCE))
    assert "owed to leader L0012" in text_of(client, line_path())


@pytest.mark.parametrize("suffix", ["", "pdf/", "xlsx/"])
def test_other_leaders_find_nothing(client: Client, leader: Leader, suffix: str) -> None:
    client.force_login(login_of(LeaderFactory.create()))

    assert client.get(f"/leader/statements/{NO}/{suffix}").status_code == 404
    assert client.get(line_path()).status_code == 404


def test_other_roles_are_kept_out(client: Client, leader: Leader) -> None:
    for role in set(Role) - {Role.FINANCE, Role.LEADER}:
        client.force_login(UserFactory.create(role=role))

        assert client.get(f"/leader/statements/{NO}/").status_code == 403
        assert client.get(line_path()).status_code == 403


def test_a_statement_costs_the_same_queries_with_many_entries(
    phone: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9):
        text_of(phone, f"/leader/statements/{NO}/")
    leader = LeaderFactory.create()
    for _number in range(12):
        earn(leader, 500)
    statements_issue(until=SUNDAY, now=TUESDAY)
    assert leader.user is not None
    phone.force_login(leader.user)

    with django_assert_max_num_queries(9):
        text_of(phone, f"/leader/statements/JS-20260315-{leader.code}/")
