import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http.request import HttpHeaders
from django.utils import timezone

from orders.domain.gateway import RefundStatus, TradeState
from orders.errors import NoticeRefused
from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat, SealedNotice
from tests.orders.integrations.wechat import NO, gateway_at, refund_order, trade_order

# A fault of the provider is counted.
pytestmark = pytest.mark.django_db

Spoiler = Callable[[SealedNotice], SealedNotice]


@pytest.fixture
def paid(wechat: WeChatPayGateway, fake_wechat: FakeWechat) -> str:
    """A trade that is paid, and whose notice has not arrived."""
    wechat.create(trade_order())
    fake_wechat.pay(NO)
    return NO


def _with(notice: SealedNotice, **headers: str) -> SealedNotice:
    named = {f"Wechatpay-{name.title()}": value for name, value in headers.items()}
    return SealedNotice(notice.headers | named, notice.body)


def _without(name: str) -> Spoiler:
    def spoil(notice: SealedNotice) -> SealedNotice:
        left = {header: value for header, value in notice.headers.items() if header != name}
        return SealedNotice(left, notice.body)

    return spoil


def _body(**changes: object) -> Spoiler:
    def spoil(notice: SealedNotice) -> SealedNotice:
        facts = json.loads(notice.body) | changes
        return SealedNotice(notice.headers, json.dumps(facts).encode())

    return spoil


def test_a_genuine_notice_says_what_a_query_says(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    sealed = fake_wechat.sealed(paid)

    notice = wechat.read_notice(sealed.headers, sealed.body)

    assert notice.trade == wechat.query(paid)
    assert notice.refund is None
    assert notice.notice_id == json.loads(sealed.body)["id"]
    assert len(notice.body_hash) == 64


def test_headers_arrive_as_a_web_server_hands_them_over(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    sealed = fake_wechat.sealed(paid)
    environment = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sealed.headers.items()
    }

    notice = wechat.read_notice(HttpHeaders(environment), sealed.body)

    assert notice.trade is not None


def test_repeats_tell_of_one_event_by_one_number(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    first, second = fake_wechat.sealed(paid), fake_wechat.sealed(paid)

    notices = [wechat.read_notice(sealed.headers, sealed.body) for sealed in (first, second)]

    assert first.headers["Wechatpay-Nonce"] != second.headers["Wechatpay-Nonce"]
    assert notices[0].notice_id == notices[1].notice_id


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("SUCCESS", RefundStatus.SUCCESS),
        ("ABNORMAL", RefundStatus.ABNORMAL),
        ("CLOSED", RefundStatus.CLOSED),
    ],
)
def test_a_refunds_notice_tells_how_it_ended(
    wechat: WeChatPayGateway,
    fake_wechat: FakeWechat,
    paid: str,
    outcome: str,
    status: RefundStatus,
) -> None:
    fake_wechat.set_refunds(outcome=outcome)
    wechat.refund(refund_order("R-1", 700))
    sealed = fake_wechat.sealed("R-1")

    notice = wechat.read_notice(sealed.headers, sealed.body)

    assert notice.trade is None
    assert notice.refund == wechat.query_refund("R-1")
    assert notice.refund is not None
    assert (notice.refund.status, notice.refund.amount_fen) == (status, 700)


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param({"do": "forge"}, id="forged signature"),
        pytest.param({"do": "probe"}, id="the provider's own probe"),
        pytest.param({"do": "old", "seconds": 301}, id="too old"),
        pytest.param({"do": "old", "seconds": -301}, id="from the future"),
        pytest.param({"do": "old", "seconds": 30 * 86400}, id="a month old"),
        pytest.param({"do": "unknown_serial"}, id="unknown serial"),
        pytest.param({"do": "oversize"}, id="too large"),
        pytest.param({"do": "wrong_key"}, id="encrypted for somebody else"),
        *(
            pytest.param({"do": "omit_header", "header": f"Wechatpay-{name}"}, id=f"no {name}")
            for name in ("Timestamp", "Nonce", "Serial", "Signature", "Signature-Type")
        ),
    ],
)
def test_a_notice_that_is_not_genuine_and_fresh_is_refused_without_a_call(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str, deed: dict[str, Any]
) -> None:
    sealed = fake_wechat.sealed(paid, deed)
    before = fake_wechat.calls()

    with pytest.raises(NoticeRefused):
        wechat.read_notice(sealed.headers, sealed.body)

    assert fake_wechat.calls() == before


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_body(id="another"), id="a changed body"),
        pytest.param(lambda notice: SealedNotice(notice.headers, b""), id="no body"),
        pytest.param(lambda notice: SealedNotice(notice.headers, b"\xff\xfe"), id="no text"),
        pytest.param(lambda notice: _with(notice, nonce="other"), id="a changed nonce"),
        pytest.param(lambda notice: _with(notice, timestamp="²"), id="a digit that is none"),
        pytest.param(lambda notice: _with(notice, timestamp="9" * 400), id="a huge moment"),
        pytest.param(lambda notice: _with(notice, timestamp="-1"), id="a negative moment"),
        pytest.param(lambda notice: _with(notice, signature="?"), id="no Base64"),
        pytest.param(lambda notice: _with(notice, serial="zz"), id="a serial that is no number"),
        pytest.param(
            lambda notice: _with(notice, **{"signature-type": "HMAC-SHA256"}), id="another kind"
        ),
        pytest.param(_without("Wechatpay-Signature-Type"), id="no kind"),
        pytest.param(lambda notice: SealedNotice({}, notice.body), id="no headers at all"),
    ],
)
def test_what_a_stranger_makes_up_is_refused_without_a_call(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str, spoil: Spoiler
) -> None:
    sealed = spoil(fake_wechat.sealed(paid))
    before = fake_wechat.calls()

    with pytest.raises(NoticeRefused):
        wechat.read_notice(sealed.headers, sealed.body)

    assert fake_wechat.calls() == before


def test_a_flood_of_unknown_serials_causes_no_call(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    sealed = fake_wechat.sealed(paid)
    before = fake_wechat.calls()

    for at in range(500):
        with pytest.raises(NoticeRefused):
            wechat.read_notice(sealed.headers | {"Wechatpay-Serial": f"{at:040X}"}, sealed.body)

    assert fake_wechat.calls() == before


def test_a_notice_kept_back_for_five_minutes_is_a_replay(
    fake_wechat: FakeWechat, wechat: WeChatPayGateway, paid: str
) -> None:
    sealed = fake_wechat.sealed(paid)
    clock = {"now": timezone.now() + timedelta(minutes=4, seconds=58)}

    def now() -> datetime:
        return clock["now"]

    gateway = gateway_at(fake_wechat, clock=now)

    assert gateway.read_notice(sealed.headers, sealed.body).trade is not None
    clock["now"] += timedelta(seconds=4)
    with pytest.raises(NoticeRefused):
        gateway.read_notice(sealed.headers, sealed.body)


@pytest.mark.parametrize("deed", ["wrong_merchant", "wrong_app"])
def test_money_for_somebody_else_is_genuine_and_not_ours(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str, deed: str
) -> None:
    sealed = fake_wechat.sealed(paid, {"do": deed})

    notice = wechat.read_notice(sealed.headers, sealed.body)

    assert notice.trade is not None
    assert not notice.trade.is_payee_ours
    assert notice.trade.state is TradeState.SUCCESS


def test_a_refund_of_somebody_else_is_refused(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    wechat.refund(refund_order("R-1", 700))
    sealed = fake_wechat.sealed("R-1", {"do": "wrong_merchant"})

    with pytest.raises(NoticeRefused):
        wechat.read_notice(sealed.headers, sealed.body)


def test_amount_and_currency_are_the_notices_word(
    wechat: WeChatPayGateway, fake_wechat: FakeWechat, paid: str
) -> None:
    sealed = fake_wechat.sealed(
        paid, {"do": "wrong_amount", "amount_fen": 1}, {"do": "wrong_currency"}
    )

    notice = wechat.read_notice(sealed.headers, sealed.body)

    assert notice.trade is not None
    assert (notice.trade.amount_fen, notice.trade.currency) == (1, "USD")
