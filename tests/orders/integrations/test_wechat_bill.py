from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.gateway import Bill, BillRow, BillRowKind, RefundStatus, TradeState
from orders.domain.money import format_yuan
from orders.errors import BillNotReady, GatewayUnavailable
from orders.integrations.wechat_bill import CHINA, bill_parse, fen_of
from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import gateway_at, refund_order, trade_order

# A fault of the provider is counted.
pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=CHINA)
READY = datetime(2026, 3, 11, 10, tzinfo=CHINA)
EMPTY_DAY = date(2026, 3, 9)


class Setting:
    """Two payments and a refund of one day, as both sides see it the next morning."""

    def __init__(self, fake: FakeWechat, gateway: WeChatPayGateway) -> None:
        self.fake = fake
        self.gateway = gateway

    def rows(self, *errors: dict[str, Any]) -> dict[str, BillRow]:
        return {row.number: row for row in self.bill(*errors).rows}

    def bill(self, *errors: dict[str, Any]) -> Bill:
        self.fake.spoil_bill(DAY, *errors)
        return self.gateway.bill(DAY)


@pytest.fixture
def morning(fake_wechat: FakeWechat, wechat: WeChatPayGateway) -> Setting:
    fake_wechat.set_clock(NOON)
    for number, amount_fen in (("TP000001", 1990), ("TP000002", 5005)):
        expires_at = NOON + timedelta(minutes=5)
        wechat.create(trade_order(number, amount_fen=amount_fen, expires_at=expires_at))
        fake_wechat.pay(number)
    wechat.refund(refund_order("R-1", 500, trade="TP000002", paid_fen=5005))
    fake_wechat.set_clock(READY)
    return Setting(fake_wechat, wechat)


def test_the_bill_has_every_payment_and_refund_in_fen(morning: Setting) -> None:
    bill = morning.bill()

    facts = [
        (row.kind, row.number, row.out_trade_no, row.amount_fen, row.fee_fen, row.state)
        for row in sorted(bill.rows, key=lambda row: row.number)
    ]
    assert facts == [
        (BillRowKind.REFUND, "R-1", "TP000002", 500, -3, RefundStatus.SUCCESS),
        (BillRowKind.PAYMENT, "TP000001", "TP000001", 1990, 12, TradeState.SUCCESS),
        (BillRowKind.PAYMENT, "TP000002", "TP000002", 5005, 30, TradeState.SUCCESS),
    ]
    assert (bill.provider, bill.bill_date, bill.total_rows) == ("wechatpay", DAY, 3)
    totals = (bill.total_payments_fen, bill.total_refunds_fen, bill.total_fee_fen)
    assert totals == (6995, 500, 39)
    assert all(NOON <= row.at < NOON + timedelta(minutes=1) for row in bill.rows)


def test_a_missing_row_is_not_there(morning: Setting) -> None:
    assert set(morning.rows({"kind": "missing", "number": "TP000001"})) == {"TP000002", "R-1"}


def test_extra_rows_are_there(morning: Setting) -> None:
    rows = morning.rows(
        {"kind": "extra_payment", "number": "EXTRA001", "fen": 777},
        {"kind": "extra_refund", "number": "R-X", "out_trade_no": "TP000001", "fen": 5},
    )

    assert (rows["EXTRA001"].kind, rows["EXTRA001"].amount_fen) == (BillRowKind.PAYMENT, 777)
    assert (rows["R-X"].kind, rows["R-X"].out_trade_no) == (BillRowKind.REFUND, "TP000001")


def test_wrong_amounts_fees_and_states_are_read_as_they_stand(morning: Setting) -> None:
    rows = morning.rows(
        {"kind": "amount", "number": "TP000001", "fen": 1991},
        {"kind": "amount", "number": "R-1", "fen": 499},
        {"kind": "fee", "number": "TP000002", "fen": 99},
        {"kind": "state", "number": "TP000002", "state": "REVOKED"},
        {"kind": "state", "number": "R-1", "state": "PROCESSING"},
    )

    assert rows["TP000001"].amount_fen == 1991
    assert rows["R-1"].amount_fen == 499
    assert rows["TP000002"].fee_fen == 99
    assert rows["TP000002"].state == TradeState.CLOSED
    assert rows["R-1"].state == RefundStatus.PROCESSING


def test_a_state_without_a_word_of_ours_stays_theirs(morning: Setting) -> None:
    rows = morning.rows({"kind": "state", "number": "TP000001", "state": "HELD"})

    assert rows["TP000001"].state == "HELD"


def test_a_row_that_stands_twice_is_read_twice(morning: Setting) -> None:
    bill = morning.bill({"kind": "duplicate", "number": "R-1"})

    assert [row.number for row in bill.rows].count("R-1") == 2
    assert (bill.total_rows, bill.total_refunds_fen) == (4, 1000)


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("total_rows", "total_rows"),
        ("total_payments", "total_payments_fen"),
        ("total_refunds", "total_refunds_fen"),
        ("total_fee", "total_fee_fen"),
    ],
)
def test_wrong_totals_are_read_as_they_stand(morning: Setting, kind: str, column: str) -> None:
    bill = morning.bill({"kind": kind, "value": 123456})

    assert getattr(bill, column) == 123456


def test_a_bill_that_is_not_the_one_announced_is_not_read(morning: Setting) -> None:
    with pytest.raises(GatewayUnavailable):
        morning.bill({"kind": "bad_hash"})


def test_a_bill_is_ready_at_ten_the_next_morning(morning: Setting) -> None:
    morning.fake.set_clock(READY - timedelta(seconds=5))

    with pytest.raises(BillNotReady):
        morning.gateway.bill(DAY)


@pytest.mark.parametrize(
    ("now", "is_ready"),
    [
        (datetime(2026, 3, 10, 23, 59, 59, tzinfo=CHINA), False),
        (datetime(2026, 3, 11, 0, 0, tzinfo=CHINA), True),
    ],
)
def test_a_day_without_a_bill_is_empty_from_the_second_day_on(
    fake_wechat: FakeWechat, now: datetime, is_ready: bool
) -> None:
    fake_wechat.set_clock(now)
    gateway = gateway_at(fake_wechat, clock=lambda: now)

    if not is_ready:
        with pytest.raises(BillNotReady):
            gateway.bill(EMPTY_DAY)
        return
    bill = gateway.bill(EMPTY_DAY)
    assert (bill.rows, bill.total_rows) == ((), 0)


def test_a_bill_that_cannot_be_fetched_is_tried_again(morning: Setting) -> None:
    morning.fake.fault("download", "error", status=503)

    with pytest.raises(GatewayUnavailable):
        morning.gateway.bill(DAY)
    assert morning.gateway.bill(DAY).total_rows == 3


@given(st.integers(-(10**12), 10**12))
def test_every_amount_survives_being_written_in_yuan(fen: int) -> None:
    assert fen_of(format_yuan(fen).replace(",", "")) == fen
    assert fen_of(f" {format_yuan(fen).replace(',', '')}000 ") == fen


@pytest.mark.parametrize("text", ["", "1,000.00", "0.001", "NaN", "Infinity", "1e999999999", "¥1"])
def test_what_is_no_amount_in_whole_fen_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        fen_of(text)


@pytest.mark.parametrize(
    "text",
    ["", "商户订单号\r\n`TP000001\r\n", "交易时间\r\n总交易单数\r\n`0\r\n", "总交易单数\r\n"],
)
def test_a_bill_that_lacks_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="bill"):
        bill_parse("wechatpay", DAY, text)
