"""docs/algorithms/ledger.md against the code."""

from datetime import UTC, datetime

from fulfillment.domain.settlement import CommissionBase, commission_lines
from leaders.domain.commission import CommissionRule, commission_fen
from orders.domain.money import format_yuan
from orders.domain.refunds import shortage_refund_fen
from orders.domain.transfers import trial_balance
from tests.docs.pages import tables
from tests.orders.domain import test_ledger as story

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


def test_every_posting_of_the_page_is_the_one_made() -> None:
    made = {
        str(transfer.event): (transfer.debit, transfer.credit, transfer.idem_key)
        for transfer in [*TOLD, story.suspended()]
    }

    shown = {row["event"]: (row["debit"], row["credit"], row["key"]) for row in tables(PAGE)[0]}

    assert shown == made


def test_the_order_of_the_page_adds_up_as_shown() -> None:
    amounts, balance = tables(PAGE)[1:3]

    assert [(row["event"], row["amount (yuan)"]) for row in amounts] == [
        (str(transfer.event), format_yuan(transfer.amount_fen)) for transfer in TOLD
    ]
    assert {row["account"]: row["debits − credits (yuan)"] for row in balance} == {
        code: format_yuan(net_fen) for code, net_fen in trial_balance(TOLD).items()
    }


def test_refunds_are_those_of_the_page() -> None:
    rows = tables(PAGE)[3]

    assert [row["short"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert format_yuan(shortage_refund_fen(1_000, 3, int(row["short"]))) == row["refund (yuan)"]


def test_commission_is_rounded_once_as_the_page_says() -> None:
    rule = CommissionRule(plan_code="formal", rate_bp=1_000, hold_days=3)
    lines = commission_lines(
        [CommissionBase(line_key=key, base_fen=105, rule=rule) for key in "abcd"],
        datetime(2026, 3, 10, tzinfo=UTC),
    )

    assert {row["way"]: row["fen"] for row in tables(PAGE)[4]} == {
        "line by line": str(4 * commission_fen(105, 1_000)),
        "once, then split": str(sum(line.amount_fen for line in lines)),
        "the split": ", ".join(str(line.amount_fen) for line in lines),
    }
