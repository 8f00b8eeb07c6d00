"""Trial balance and statements in the admin."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply
from orders.domain.accounts import AccountKind
from orders.domain.ledger import payment_received, refund_due
from orders.domain.transfers import LedgerEvent
from orders.models.ledger import Account
from orders.selectors.ledger_wording import EVENT_LABELS, KIND_LABELS
from orders.services.ledger import transfers_post
from orders.services.ledger_close import days_close
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 10)
PERIOD = {"since": "2026-03-10", "until": "2026-03-11"}


@pytest.fixture
def prepaid(db: None) -> Account:
    """The account of a day on which 12.00 came in and 2.50 is owed back."""
    order = OrderFactory.create()
    transfers_post(
        drafts=[
            payment_received(
                attempt_no="T1",
                order_no=order.order_no,
                provider="sandbox",
                amount_fen=1200,
                business_date=DAY,
            ),
            refund_due(refund_no="R1", order_no=order.order_no, amount_fen=250, business_date=DAY),
        ],
        now=NOON,
    )
    return Account.objects.get(code="customer_prepaid")


def page(client: Client, name: str, *args: int, **asked: str) -> str:
    response = client.get(reverse(f"admin:orders_account_{name}", args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_the_trial_balance_shows_every_account_and_balances(
    buyer: Client, prepaid: Account
) -> None:
    shown = page(buyer, "trial_balance")

    assert shown.count("¥14.50") == 2
    assert "-¥9.50" in shown
    assert reverse("admin:orders_account_statement", args=[prepaid.pk]) in shown


def test_the_trial_balance_of_an_earlier_day_is_empty(buyer: Client, prepaid: Account) -> None:
    shown = page(buyer, "trial_balance", day="2026-03-09")

    assert "¥12.00" not in shown


def test_a_statement_shows_the_balance_after_each_entry(buyer: Client, prepaid: Account) -> None:
    shown = page(buyer, "statement", prepaid.pk, **PERIOD)

    assert shown.index("-¥12.00") < shown.index("-¥9.50")
    assert "T1" in shown
    assert "R1" in shown


def test_a_statement_goes_on_over_pages(
    buyer: Client, prepaid: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.admin.ledger.ENTRIES_PER_PAGE", 1)

    first = page(buyer, "statement", prepaid.pk, **PERIOD)
    second = page(buyer, "statement", prepaid.pk, **PERIOD, page="2")

    assert "-¥9.50" not in first
    assert "-¥9.50" in second


def test_days_that_make_no_sense_show_the_last_week(buyer: Client, prepaid: Account) -> None:
    shown = page(buyer, "statement", prepaid.pk, since="yesterday", until="")

    assert "-¥9.50" in shown


def test_the_list_of_accounts_shows_the_same_balance_when_the_day_is_closed(
    buyer: Client, prepaid: Account
) -> None:
    before = page(buyer, "changelist")
    days_close(now=NOON)
    after = page(buyer, "changelist")

    assert "-¥9.50" in before
    assert "-¥9.50" in after


def test_an_order_shows_what_the_books_say_of_it(admin_client: Client, prepaid: Account) -> None:
    order = prepaid.credits.get().order
    assert order is not None

    response = admin_client.get(reverse("admin:orders_order_change", args=[order.pk]))

    shown = response.content.decode()
    assert "¥12.00 · " in shown
    assert "¥2.50 · " in shown
    assert "¥9.50" in shown


@pytest.mark.parametrize("name", ["trial_balance", "statement"])
def test_who_may_not_see_accounts_sees_neither_page(
    client: Client, prepaid: Account, name: str
) -> None:
    role_permissions_apply("dispatcher")
    client.force_login(UserFactory.create(role=Role.DISPATCHER, is_staff=True))
    args = [prepaid.pk] if name == "statement" else []

    assert client.get(reverse(f"admin:orders_account_{name}", args=args)).status_code == 403


def test_every_event_and_kind_has_words() -> None:
    assert set(EVENT_LABELS) == set(LedgerEvent)
    assert set(KIND_LABELS) == set(AccountKind)
