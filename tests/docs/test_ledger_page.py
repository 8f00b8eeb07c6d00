"""docs/algorithms/ledger.md against the code."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from fulfillment.domain.settlement import CommissionBase, commission_lines
from leaders.domain.commission import CommissionRule, commission_fen
from orders.domain.money import format_yuan
from orders.domain.refunds import shortage_refund_fen
from orders.domain.transfers import LedgerEvent, trial_balance
from orders.models.ledger import Transfer
from orders.selectors.ledger import closed_through
from orders.services.ledger import transfers_post
from orders.services.ledger_close import days_close
from tests.docs.pages import tables
from tests.factories.orders import OrderFactory
from tests.orders.domain import test_ledger as story
from tests.orders.domain.test_adjustments import by_hand

PAGE = "algorithms/ledger.md"
TOLD = [
    story.paid(),
    story.asked_back(),
    story.paid_back(),
    story.bought(),
    story.earned(),
    story.sold(),
    story.clawed_back(),
]
NOT_TOLD = [
    story.suspended(),
    story.accepted(),
    story.suspense_asked_back(),
    story.asked_back_after_the_sale(),
    story.borne(),
    story.claim_deducted(),
    story.supplier_got(),
    story.bonus_earned(),
    story.taxed(),
    story.leader_got(),
    story.fee_kept(),
    story.settled(),
    by_hand(),
]


def test_every_posting_of_the_page_is_the_one_made() -> None:
    made = {
        str(transfer.event): (transfer.debit, transfer.credit, transfer.idem_key)
        for transfer in [*TOLD, *NOT_TOLD]
    }

    shown = {row["event"]: (row["debit"], row["credit"], row["key"]) for row in tables(PAGE)[0]}

    assert shown == made
    assert set(shown) | {LedgerEvent.REVERSAL} == set(LedgerEvent)


@pytest.mark.django_db
@pytest.mark.parametrize("row", tables(PAGE)[1])
def test_a_transfer_gets_the_business_date_of_the_page(row: dict[str, str]) -> None:
    zone = timezone.get_current_timezone()
    booked_at = datetime.fromisoformat(row["booked on"]).replace(tzinfo=zone)
    order_no = OrderFactory.create().order_no
    earlier = replace(story.paid(), order_no=order_no, idem_key="pay:before")
    transfers_post(drafts=[earlier], now=booked_at)

    days_close(now=booked_at)
    transfers_post(drafts=[replace(story.paid(), order_no=order_no)], now=booked_at)

    late = Transfer.objects.get(idem_key=story.paid().idem_key)
    assert story.paid().business_date.isoformat() == row["event of"]
    assert (closed_through() is not None) == (row["day is closed"] == "yes")
    assert late.business_date.isoformat() == row["business date"]


def test_the_order_of_the_page_adds_up_as_shown() -> None:
    amounts, balance = tables(PAGE)[2:4]

    assert [(row["event"], row["amount (yuan)"]) for row in amounts] == [
        (str(transfer.event), format_yuan(transfer.amount_fen)) for transfer in TOLD
    ]
    assert {row["account"]: row["debits − credits (yuan)"] for row in balance} == {
        code: format_yuan(net_fen) for code, net_fen in trial_balance(TOLD).items()
    }


def test_refunds_are_those_of_the_page() -> None:
    rows = tables(PAGE)[4]

    assert [row["short"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert format_yuan(shortage_refund_fen(1_000, 3, int(row["short"]))) == row["refund (yuan)"]


def test_commission_is_rounded_once_as_the_page_says() -> None:
    rule = CommissionRule(plan_code="formal", rate_bp=1_000, hold_days=3)
    lines = commission_lines(
        [CommissionBase(line_key=key, base_fen=105, rule=rule) for key in "abcd"],
        datetime(2026, 3, 10, tzinfo=UTC),
    )

    assert {row["way"]: row["fen"] for row in tables(PAGE)[5]} == {
        "line by line": str(4 * commission_fen(105, 1_000)),
        "once, then split": str(sum(line.amount_fen for line in lines)),
        "the split": ", ".join(str(line.amount_fen) for line in lines),
    }
