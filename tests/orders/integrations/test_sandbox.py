from datetime import UTC, date, datetime, timedelta

import pytest

from orders.domain.gateway import (
    BillRowKind,
    PayMethod,
    RefundOrder,
    RefundStatus,
    TradeOrder,
    TradeState,
)
from orders.errors import BillNotReady, GatewayRefused, NoticeRefused
from orders.integrations.sandbox import SandboxGateway

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NO = "TP20260310000001"

pytestmark = pytest.mark.django_db


class HandClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def gateway(clock: HandClock) -> SandboxGateway:
    return SandboxGateway(clock)


def _order(number: str = NO, amount_fen: int = 1990) -> TradeOrder:
    return TradeOrder(
        out_trade_no=number,
        amount_fen=amount_fen,
        description="蔬菜 3 件",
        expires_at=NOW + timedelta(minutes=5),
        method=PayMethod.PAGE,
    )


def _refund(number: str, amount_fen: int) -> RefundOrder:
    return RefundOrder(
        out_trade_no=NO, out_refund_no=number, amount_fen=amount_fen, paid_fen=1990, reason="缺货"
    )


def test_the_same_number_gives_a_handle_for_the_same_trade(gateway: SandboxGateway) -> None:
    first = gateway.create(_order())
    second = gateway.create(_order())

    assert first == second
    assert first.fields == {"url": f"/pay/sandbox/{NO}/"}
    assert gateway.query(NO).state is TradeState.NOT_PAID


def test_a_number_stands_for_one_amount(gateway: SandboxGateway) -> None:
    gateway.create(_order())

    with pytest.raises(GatewayRefused) as refused:
        gateway.create(_order(amount_fen=1))

    assert refused.value.details["provider_code"] == "OUT_TRADE_NO_USED"


def test_what_it_never_heard_of_is_unknown(gateway: SandboxGateway) -> None:
    gateway.close("NEVER001")

    assert gateway.query("NEVER001").state is TradeState.UNKNOWN_TRADE
    assert gateway.query_refund("NEVER001-R").status is RefundStatus.UNKNOWN_REFUND


def test_a_paid_trade_says_so_and_cannot_be_closed(
    gateway: SandboxGateway, clock: HandClock
) -> None:
    gateway.create(_order())

    gateway.pay(NO)
    gateway.pay(NO)
    gateway.close(NO)

    report = gateway.query(NO)
    assert report.state is TradeState.SUCCESS
    assert (report.amount_fen, report.currency, report.succeeded_at) == (1990, "CNY", NOW)
    assert report.is_payee_ours


def test_an_expired_trade_reads_not_paid_until_it_is_closed(
    gateway: SandboxGateway, clock: HandClock
) -> None:
    gateway.create(_order())
    clock.now = NOW + timedelta(minutes=5, microseconds=1)

    with pytest.raises(GatewayRefused):
        gateway.pay(NO)

    assert gateway.query(NO).state is TradeState.NOT_PAID
    gateway.close(NO)
    assert gateway.query(NO).state is TradeState.CLOSED


def test_an_expiry_of_less_than_a_minute_is_lifted_to_a_minute(
    gateway: SandboxGateway, clock: HandClock
) -> None:
    clock.now = NOW + timedelta(minutes=4, seconds=50)
    gateway.create(_order())
    clock.now += timedelta(seconds=60)

    gateway.pay(NO)

    assert gateway.query(NO).state is TradeState.SUCCESS


def test_a_refund_happens_once_by_its_number(gateway: SandboxGateway) -> None:
    gateway.create(_order())
    gateway.pay(NO)

    first = gateway.refund(_refund("R-1", 500))
    again = gateway.refund(_refund("R-1", 500))

    assert first == again == gateway.query_refund("R-1")
    assert (first.status, first.amount_fen) == (RefundStatus.SUCCESS, 500)
    assert gateway.query(NO).state is TradeState.REFUND
    with pytest.raises(GatewayRefused):
        gateway.refund(_refund("R-1", 499))


def test_no_more_goes_back_than_was_paid(gateway: SandboxGateway) -> None:
    gateway.create(_order())
    with pytest.raises(GatewayRefused):
        gateway.refund(_refund("R-0", 1))
    gateway.pay(NO)
    gateway.refund(_refund("R-1", 1500))

    with pytest.raises(GatewayRefused) as refused:
        gateway.refund(_refund("R-2", 491))

    assert refused.value.details["provider_code"] == "REFUND_EXCEEDS_PAID"
    assert gateway.refund(_refund("R-3", 490)).status is RefundStatus.SUCCESS


def test_a_notice_tells_what_was_paid_every_time_by_the_same_number(
    gateway: SandboxGateway,
) -> None:
    gateway.create(_order())
    gateway.pay(NO)

    notices = [gateway.read_notice(*gateway.notice(NO)) for _ in range(2)]

    assert notices[0].notice_id == notices[1].notice_id
    assert notices[0].trade == gateway.query(NO)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        pytest.param("Sandbox-Signature", "0" * 64, id="forged"),
        pytest.param("Sandbox-Signature", "假", id="not even hexadecimal"),
        pytest.param("Sandbox-Timestamp", "1", id="signed for another moment"),
        pytest.param("Sandbox-Timestamp", "²", id="a digit that is no number"),
        pytest.param("Sandbox-Timestamp", "", id="no moment"),
    ],
)
def test_a_notice_that_is_not_genuine_is_refused(
    gateway: SandboxGateway, header: str, value: str
) -> None:
    gateway.create(_order())
    gateway.pay(NO)
    headers, body = gateway.notice(NO)

    with pytest.raises(NoticeRefused):
        gateway.read_notice(headers | {header: value}, body)


def test_a_notice_is_good_for_five_minutes(gateway: SandboxGateway, clock: HandClock) -> None:
    gateway.create(_order())
    gateway.pay(NO)
    headers, body = gateway.notice(NO)

    clock.now = NOW + timedelta(minutes=5)
    gateway.read_notice(headers, body)
    clock.now = NOW + timedelta(minutes=5, seconds=1)
    with pytest.raises(NoticeRefused):
        gateway.read_notice(headers, body)


def test_the_bill_has_the_payments_and_refunds_of_the_local_day(
    gateway: SandboxGateway, clock: HandClock
) -> None:
    clock.now = datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)
    gateway.create(_order())
    gateway.pay(NO)
    clock.now += timedelta(seconds=1)  # midnight in Shanghai
    gateway.refund(_refund("R-1", 300))
    with pytest.raises(BillNotReady):
        gateway.bill(date(2026, 3, 11))
    clock.now += timedelta(days=1)

    first, second = gateway.bill(date(2026, 3, 10)), gateway.bill(date(2026, 3, 11))

    assert [(row.kind, row.number, row.amount_fen) for row in first.rows] == [
        (BillRowKind.PAYMENT, NO, 1990)
    ]
    assert [(row.kind, row.number, row.out_trade_no) for row in second.rows] == [
        (BillRowKind.REFUND, "R-1", NO)
    ]
    assert (first.total_payments_fen, first.total_refunds_fen) == (1990, 0)
    assert (second.total_payments_fen, second.total_refunds_fen) == (0, 300)
    assert (first.total_rows, second.total_rows) == (1, 1)
