"""The pages about a leader's own customers."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader
from orders.models.kit import Post, PostKind
from orders.models.outbox import OutboxMessage
from tests.factories.customers import customer, waiting_order
from tests.factories.leaders import LeaderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CUSTOMERS = "/leader/customers/"


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


@pytest.fixture
def lins(client: Client, lin: Leader, settings: Settings) -> Client:
    settings.LANGUAGE_CODE = "en"
    assert lin.user is not None
    client.force_login(lin.user)
    return client


def page(client: Client, path: str = CUSTOMERS) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_doors_figures_and_the_end_of_the_phone_only(
    lins: Client, lin: Leader
) -> None:
    resident = customer(lin, "毛海燕", days_ago=2, now=timezone.now())

    html = page(lins)

    assert "毛海燕" in html
    assert f"*{resident.phone[-4:]}" in html
    assert resident.phone not in html
    assert "1 orders, ¥10.00 in 30 days" in html
    assert "tel:" not in html


def test_the_quiet_ones_have_words_to_copy_and_nothing_is_sent(lins: Client, lin: Leader) -> None:
    now = timezone.now()
    customer(lin, "毛海燕", days_ago=10, now=now)
    customer(lin, "陈明", days_ago=1, now=now)

    html = page(lins, f"{CUSTOMERS}?show=7")

    assert "Hello 毛海燕, it has been a while!" in html
    assert "陈明" not in html
    lins.post("/leader/kit/posted/", {"kind": "win_back"})
    assert Post.objects.get().kind == PostKind.WIN_BACK
    assert OutboxMessage.objects.count() == 0


def test_nonsense_in_the_address_shows_everybody(lins: Client, lin: Leader) -> None:
    customer(lin, "毛海燕", days_ago=10, now=timezone.now())

    assert "毛海燕" in page(lins, f"{CUSTOMERS}?show=x&page=99&q=")


def test_a_number_is_shown_once_and_stands_in_the_log(lins: Client, lin: Leader) -> None:
    order = waiting_order(lin, timezone.now())
    path = f"{CUSTOMERS}phones/{order.pk}/open/"
    assert path in page(lins)

    response = lins.post(path)

    assert 'href="tel:19906912483"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert lins.get(path).status_code == 405
    log = page(lins, f"{CUSTOMERS}phones/")
    assert "*2483" in log
    assert "19906912483" not in log
    assert AuditEvent.objects.count() == 1


def test_a_number_that_is_not_needed_stays_closed(lins: Client, lin: Leader) -> None:
    order = waiting_order(lin, timezone.now(), days=-1)

    response = lins.post(f"{CUSTOMERS}phones/{order.pk}/open/", follow=True)

    assert "opens only while goods wait" in response.content.decode()
    assert order.resident_phone not in response.content.decode()


def test_another_leaders_order_is_not_there(lins: Client) -> None:
    order = waiting_order(LeaderFactory.create(), timezone.now())

    assert lins.post(f"{CUSTOMERS}phones/{order.pk}/open/").status_code == 404
    assert AuditEvent.objects.count() == 0


def test_the_list_can_be_taken_along(lins: Client, lin: Leader) -> None:
    customer(lin, "毛海燕", days_ago=10, now=timezone.now())
    assert "Whole numbers are not in it" in page(lins, f"{CUSTOMERS}export/")
    assert AuditEvent.objects.count() == 0

    response = lins.post(f"{CUSTOMERS}export/")

    assert 'filename="customers-L0001-' in response["Content-Disposition"]
    assert openpyxl.load_workbook(BytesIO(response.content)).sheetnames == ["Customers"]
    assert AuditEvent.objects.get().action == "customers.exported"


def test_the_page_takes_as_many_queries_for_one_as_for_many(
    lins: Client, lin: Leader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for many in (1, 8):
        for at in range(many):
            customer(lin, f"居民{at}", days_ago=at + 8, now=now)
            waiting_order(lin, now)
        with django_assert_num_queries(11):
            page(lins)


def test_strangers_are_sent_to_the_log_in(client: Client) -> None:
    for path in (CUSTOMERS, f"{CUSTOMERS}phones/", f"{CUSTOMERS}export/"):
        assert client.get(path)["Location"].startswith("/login/")
