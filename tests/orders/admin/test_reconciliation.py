"""Differences are cleared up in the admin, once and with a reason."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.reconciliation import BillCheck, BillDifference, BooksCheck, DifferenceKind

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


@pytest.fixture
def difference(db: None) -> BillDifference:
    """A payment of 9.99 that the bill has with 10.00."""
    check = BillCheck.objects.create(
        provider="wechatpay",
        bill_date=date(2026, 3, 10),
        checked_at=NOW,
        payments=1,
        payments_fen=1000,
        refunds=0,
        refunds_fen=0,
        fee_fen=6,
    )
    return BillDifference.objects.create(
        check_of=check,
        kind=DifferenceKind.PAYMENT_AMOUNT,
        number="T1",
        ours_fen=999,
        theirs_fen=1000,
    )


def address(difference: BillDifference) -> str:
    return reverse("admin:orders_billdifference_change", args=[difference.pk])


def test_both_amounts_are_shown(buyer: Client, difference: BillDifference) -> None:
    listed = buyer.get(reverse("admin:orders_billdifference_changelist")).content.decode()
    row = buyer.get(address(difference)).content.decode()

    for shown in (listed, row):
        assert "¥9.99" in shown
        assert "¥10.00" in shown


def test_a_difference_is_cleared_up_with_a_reason(
    buyer: Client, difference: BillDifference
) -> None:
    response = buyer.post(address(difference), {"resolution": "Corrected by the provider."})

    difference.refresh_from_db()
    assert response.status_code == 302
    assert difference.resolution == "Corrected by the provider."
    assert difference.resolved_by is not None
    assert difference.resolved_at is not None


def test_without_a_reason_it_stays_open(buyer: Client, difference: BillDifference) -> None:
    response = buyer.post(address(difference), {"resolution": "   "})

    difference.refresh_from_db()
    assert response.status_code == 200
    assert difference.resolved_at is None


def test_what_is_cleared_up_stays_as_it_is(buyer: Client, difference: BillDifference) -> None:
    buyer.post(address(difference), {"resolution": "First."})

    response = buyer.post(address(difference), {"resolution": "Second."})

    difference.refresh_from_db()
    assert response.status_code == 403
    assert difference.resolution == "First."


def test_open_ones_come_first_and_can_be_filtered(
    buyer: Client, difference: BillDifference
) -> None:
    later = BillDifference.objects.create(
        check_of=difference.check_of, kind=DifferenceKind.TOTALS, number="later", theirs_fen=1
    )
    buyer.post(address(later), {"resolution": "Theirs."})
    listed = reverse("admin:orders_billdifference_changelist")

    whole = buyer.get(listed).context["cl"].result_list
    waiting = buyer.get(listed, {"open": "yes"}).context["cl"].result_list

    assert [row.number for row in whole] == ["T1", "later"]
    assert [row.number for row in waiting] == ["T1"]


def test_a_checked_day_counts_its_open_differences(
    buyer: Client, difference: BillDifference
) -> None:
    (day,) = buyer.get(reverse("admin:orders_billcheck_changelist")).context["cl"].result_list

    assert day.open_differences == 1


def test_a_check_of_the_books_names_who_broke_what(buyer: Client) -> None:
    check = BooksCheck.objects.create(
        checked_at=NOW,
        violations=1,
        findings=[
            {"name": "prepaid", "law": "nothing left", "violations": 1, "offenders": ["O<1>"]}
        ],
    )

    listed = buyer.get(reverse("admin:orders_bookscheck_changelist")).content.decode()
    row = buyer.get(reverse("admin:orders_bookscheck_change", args=[check.pk])).content.decode()

    assert "prepaid" in listed
    assert "nothing left" in row
    assert "O&lt;1&gt;" in row
