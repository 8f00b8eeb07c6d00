"""The only writer of the ledger."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from orders.domain.ledger import payment_received, payment_suspended, reversal
from orders.domain.transfers import TransferDraft
from orders.errors import TransferDocumentUnknown, TransferKeyReused
from orders.models.ledger import Account, Transfer
from orders.services.ledger import transfers_post
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def payment(order_no: str, *, amount_fen: int = 500, attempt_no: str = "T1") -> TransferDraft:
    return payment_received(
        attempt_no=attempt_no,
        order_no=order_no,
        provider="sandbox",
        amount_fen=amount_fen,
        business_date=TODAY,
    )


def test_a_draft_becomes_one_row_between_its_two_accounts() -> None:
    order = OrderFactory.create()

    posted = transfers_post(drafts=[payment(order.order_no)], now=NOW)

    transfer = Transfer.objects.get()
    assert posted == 1
    assert (transfer.debit.code, transfer.credit.code) == ("clearing:sandbox", "customer_prepaid")
    assert (transfer.amount_fen, transfer.order_id) == (500, order.pk)


def test_posting_again_changes_nothing() -> None:
    draft = payment(OrderFactory.create().order_no)
    transfers_post(drafts=[draft], now=NOW)

    posted = transfers_post(drafts=[draft], now=NOW)

    assert posted == 0
    assert Transfer.objects.count() == 1


def test_a_key_never_stands_for_two_amounts() -> None:
    order_no = OrderFactory.create().order_no
    transfers_post(drafts=[payment(order_no, amount_fen=500)], now=NOW)

    with pytest.raises(TransferKeyReused), transaction.atomic():
        transfers_post(drafts=[payment(order_no, amount_fen=501)], now=NOW)

    assert Transfer.objects.get().amount_fen == 500


def test_a_payment_that_is_in_the_books_cannot_be_suspended_as_well() -> None:
    order_no = OrderFactory.create().order_no
    transfers_post(drafts=[payment(order_no)], now=NOW)
    suspended = payment_suspended(
        attempt_no="T1",
        order_no=order_no,
        provider="sandbox",
        amount_fen=500,
        business_date=TODAY,
    )

    with pytest.raises(TransferKeyReused), transaction.atomic():
        transfers_post(drafts=[suspended], now=NOW)


def test_one_key_with_two_amounts_in_one_call_is_refused() -> None:
    order_no = OrderFactory.create().order_no

    with pytest.raises(TransferKeyReused), transaction.atomic():
        transfers_post(
            drafts=[payment(order_no, amount_fen=500), payment(order_no, amount_fen=501)], now=NOW
        )


def test_a_draft_told_twice_in_one_call_is_posted_once() -> None:
    draft = payment(OrderFactory.create().order_no)

    assert transfers_post(drafts=[draft, draft], now=NOW) == 1


def test_a_transfer_names_an_order_that_exists() -> None:
    with pytest.raises(TransferDocumentUnknown), transaction.atomic():
        transfers_post(drafts=[payment("nobody's")], now=NOW)

    assert not Transfer.objects.exists()


def test_a_transfer_and_its_reversal_may_be_posted_together() -> None:
    draft = payment(OrderFactory.create().order_no)

    posted = transfers_post(drafts=[draft, reversal(draft, business_date=TODAY)], now=NOW)

    assert posted == 2
    assert Transfer.objects.get(reverses__isnull=False).reverses == Transfer.objects.earliest("pk")


def test_posting_what_is_usual_takes_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    order_no = OrderFactory.create().order_no
    transfers_post(drafts=[payment(order_no, attempt_no="T0")], now=NOW)
    drafts = [payment(order_no, attempt_no="T1"), payment(order_no, attempt_no="T2")]

    with django_assert_num_queries(1):
        posted = transfers_post(drafts=drafts, now=NOW)

    assert posted == 2


def test_many_drafts_are_posted_in_batches(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.services.ledger.BATCH_SIZE", 10)
    order_no = OrderFactory.create().order_no
    transfers_post(drafts=[payment(order_no, attempt_no="T0")], now=NOW)
    drafts = [payment(order_no, attempt_no=f"T{number}") for number in range(1, 26)]

    with django_assert_num_queries(3):
        posted = transfers_post(drafts=drafts, now=NOW)

    assert posted == 25
    assert list(Transfer.objects.order_by("pk").values_list("ref_id", flat=True)) == [
        f"T{number}" for number in range(26)
    ]


def test_an_account_opened_by_a_call_that_was_rolled_back_opens_again() -> None:
    order_no = OrderFactory.create().order_no

    def post_and_fail() -> None:
        with transaction.atomic():
            transfers_post(drafts=[payment(order_no)], now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        post_and_fail()
    posted = transfers_post(drafts=[payment(order_no)], now=NOW)

    assert posted == 1
    assert Account.objects.count() == 2


def test_accounts_open_when_they_are_first_used() -> None:
    order_no = OrderFactory.create().order_no

    transfers_post(drafts=[payment(order_no)], now=NOW)
    transfers_post(drafts=[payment(order_no, attempt_no="T2")], now=NOW)

    assert dict(Account.objects.values_list("code", "kind")) == {
        "clearing:sandbox": "asset",
        "customer_prepaid": "liability",
    }


def test_a_correction_names_the_transfer_it_reverses() -> None:
    draft = payment(OrderFactory.create().order_no)
    transfers_post(drafts=[draft], now=NOW)

    transfers_post(drafts=[reversal(draft, business_date=TODAY)], now=NOW)

    first, second = Transfer.objects.order_by("pk")
    assert second.reverses == first
    assert (second.debit, second.credit) == (first.credit, first.debit)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders_transfer SET amount_fen = 1",
        "DELETE FROM orders_transfer",
        "TRUNCATE orders_transfer CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_posted(statement: str) -> None:
    transfers_post(drafts=[payment(OrderFactory.create().order_no)], now=NOW)
    with connection.cursor() as cursor:
        # The test database may empty its tables between tests; production may not.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_transfer ENABLE TRIGGER orders_transfer_no_truncate")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Transfer.objects.get().amount_fen == 500
