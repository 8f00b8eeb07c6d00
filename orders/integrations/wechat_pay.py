"""WeChat Pay v3 by the wechatpayv3 package, in public-key mode, behind our guards.

The package builds requests, signs for the bridge, and decrypts notices. Its
logger is never used: it would write down decrypted payers.
"""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from wechatpayv3 import WeChatPay, WeChatPayType

from orders.domain.gateway import (
    Bill,
    GatewayLimits,
    Notice,
    PayHandle,
    PayMethod,
    RefundOrder,
    RefundReport,
    RefundStatus,
    TradeOrder,
    TradeReport,
    TradeState,
)
from orders.errors import BillNotReady, GatewayRefused, GatewayUnavailable, NoticeRefused
from orders.integrations.wechat_answers import (
    answer_facts,
    fen_of,
    making_sense,
    moment_of,
    text_of,
)
from orders.integrations.wechat_bill import CHINA, bill_parse
from orders.integrations.wechat_line import PROVIDER, WeChatLine, WeChatPaySettings
from orders.integrations.wechat_notice import notice_headers

DESCRIPTION_MAX = 127
REASON_BYTES_MAX = 80
BILL_BYTES_MAX = 256 * 1024 * 1024
PAY_TYPES = {
    PayMethod.JSAPI: WeChatPayType.JSAPI,
    PayMethod.H5: WeChatPayType.H5,
    PayMethod.NATIVE: WeChatPayType.NATIVE,
}
# The bank's refusal of one attempt (PAYERROR) does not end a trade.
TRADE_STATES = {
    "SUCCESS": TradeState.SUCCESS,
    "REFUND": TradeState.REFUND,
    "NOTPAY": TradeState.NOT_PAID,
    "USERPAYING": TradeState.NOT_PAID,
    "PAYERROR": TradeState.NOT_PAID,
    "CLOSED": TradeState.CLOSED,
    "REVOKED": TradeState.CLOSED,
}
REFUND_STATES = {
    "SUCCESS": RefundStatus.SUCCESS,
    "PROCESSING": RefundStatus.PROCESSING,
    "ABNORMAL": RefundStatus.ABNORMAL,
    "CLOSED": RefundStatus.CLOSED,
}
UNKNOWN_CODES = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}
# A trade that is paid or closed cannot be closed: the query that follows says which.
CLOSE_CODES = UNKNOWN_CODES | {"ORDERPAID", "ORDER_PAID", "ORDER_CLOSED", "ORDERCLOSED"}


class WeChatPayGateway:
    """WeChat Pay as a `PaymentGateway`.

    Parameters
    ----------
    config
        Who we are there. The two key files are read once.
    clock
        What the age of notices and the readiness of bills are judged by.
    """

    name = PROVIDER
    methods = (PayMethod.H5, PayMethod.JSAPI, PayMethod.NATIVE)
    # Every thread has a connection of its own (`WeChatLine`).
    limits = GatewayLimits(calls_at_once=8)

    def __init__(
        self, config: WeChatPaySettings, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        merchant_key = Path(config.merchant_key_file).read_text(encoding="ascii")
        platform_key = Path(config.platform_key_file).read_text(encoding="ascii")
        self._config = config
        self._clock = clock
        self._line = WeChatLine(config, merchant_key, platform_key)
        self._sdk = WeChatPay(
            wechatpay_type=WeChatPayType.H5,
            mchid=config.merchant_id,
            private_key=merchant_key,
            cert_serial_no=config.merchant_serial,
            appid=config.app_id,
            apiv3_key=config.api_v3_key,
            notify_url=config.notify_url,
            public_key=platform_key,
            public_key_id=config.platform_key_id,
            timeout=config.timeout_s,
        )
        # The one private attribute we touch: the package has its gateway built in.
        self._sdk._core.request = self._line.request

    def create(self, order: TradeOrder) -> PayHandle:
        """Create a trade and return what opens its cashier."""
        extras: dict[str, Any] = {}
        if order.method is PayMethod.JSAPI:
            extras["payer"] = {"openid": order.openid}
        if order.method is PayMethod.H5:
            scene = {"payer_client_ip": order.client_ip or "127.0.0.1", "h5_info": {"type": "Wap"}}
            extras["scene_info"] = scene
        facts = answer_facts(
            self._sdk.pay(
                pay_type=PAY_TYPES[order.method],
                description=order.description[:DESCRIPTION_MAX],
                out_trade_no=order.out_trade_no,
                amount={"total": order.amount_fen, "currency": "CNY"},
                time_expire=order.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
                **extras,
            )
        )
        with making_sense():
            if order.method is PayMethod.JSAPI:
                return PayHandle(order.method, self._bridge(text_of(facts, "prepay_id")))
            if order.method is PayMethod.NATIVE:
                return PayHandle(order.method, {"code_url": text_of(facts, "code_url")})
            return PayHandle(order.method, {"url": text_of(facts, "h5_url")})

    def query(self, out_trade_no: str) -> TradeReport:
        """Return its word on a trade."""
        try:
            facts = answer_facts(self._sdk.query(out_trade_no=out_trade_no))
        except GatewayRefused as refused:
            if refused.details["provider_code"] not in UNKNOWN_CODES:
                raise
            return TradeReport(out_trade_no=out_trade_no, state=TradeState.UNKNOWN_TRADE)
        with making_sense():
            report = self._trade_report(facts)
            if report.out_trade_no != out_trade_no:
                raise ValueError("the answer is about another trade")
            return report

    def close(self, out_trade_no: str) -> None:
        """Ask for the close; that there is nothing to close is no refusal."""
        try:
            answer_facts(self._sdk.close(out_trade_no=out_trade_no))
        except GatewayRefused as refused:
            if refused.details["provider_code"] not in CLOSE_CODES:
                raise

    def refund(self, order: RefundOrder) -> RefundReport:
        """Ask for a refund; "too soon after the last one" is an answer to try again later."""
        answer = self._sdk.refund(
            out_refund_no=order.out_refund_no,
            out_trade_no=order.out_trade_no,
            reason=order.reason.encode()[:REASON_BYTES_MAX].decode(errors="ignore") or None,
            amount={"refund": order.amount_fen, "total": order.paid_fen, "currency": "CNY"},
        )
        facts = answer_facts(answer)
        with making_sense():
            return _refund_report(facts, order.out_refund_no)

    def query_refund(self, out_refund_no: str) -> RefundReport:
        """Return its word on a refund."""
        try:
            facts = answer_facts(self._sdk.query_refund(out_refund_no=out_refund_no))
        except GatewayRefused as refused:
            if refused.details["provider_code"] not in UNKNOWN_CODES:
                raise
            return RefundReport(out_refund_no=out_refund_no, status=RefundStatus.UNKNOWN_REFUND)
        with making_sense():
            return _refund_report(facts, out_refund_no)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Verify and decrypt; whatever goes wrong on the way, it is refused."""
        proof = notice_headers(
            headers, body, platform_key_id=self._config.platform_key_id, now=self._clock()
        )
        try:
            facts = self._sdk.callback(proof, body)
            return self._notice(facts, body)
        except Exception as error:
            # The package raises plain exceptions for everything a stranger can send.
            raise NoticeRefused("The notice is not genuine.") from error

    def bill(self, day: date) -> Bill:
        """Fetch, check and read the bill of a day.

        A day without a single trade has no bill there. From the second day on
        that is believed, and the bill is an empty one.
        """
        try:
            link = answer_facts(self._sdk.trade_bill(bill_date=day.isoformat()))
        except GatewayRefused as refused:
            return self._no_bill(day, str(refused.details["provider_code"]), refused)
        with making_sense():
            address = text_of(link, "download_url")
            path = address.removeprefix(self._config.gateway_url)
            if not path.startswith("/") or text_of(link, "hash_type") != "SHA1":
                raise ValueError("the bill lies where, or is proved by what, we do not know")
        status, content = self._line.request(path, skip_verify=True)
        if status != 200:
            raise GatewayUnavailable("The bill cannot be fetched.", status=status)
        with making_sense():
            text = _unzipped(content)
            digest = hashlib.sha1(text, usedforsecurity=False).hexdigest()
            if not hmac.compare_digest(digest, text_of(link, "hash_value").lower()):
                raise ValueError("the bill is not the one that was announced")
            return bill_parse(self.name, day, text.decode())

    def _no_bill(self, day: date, provider_code: str, refused: GatewayRefused) -> Bill:
        believed_from = datetime.combine(day + timedelta(days=2), time(), CHINA)
        if provider_code == "NO_STATEMENT_EXIST" and self._clock() >= believed_from:
            return Bill(
                provider=self.name,
                bill_date=day,
                rows=(),
                total_rows=0,
                total_payments_fen=0,
                total_refunds_fen=0,
                total_fee_fen=0,
            )
        if provider_code in ("NO_STATEMENT_EXIST", "STATEMENT_CREATING"):
            raise BillNotReady("The bill is not ready.", bill_date=day.isoformat()) from refused
        raise refused

    def _bridge(self, prepay_id: str) -> dict[str, str]:
        """The signed parameters that open the cashier inside WeChat."""
        stamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        return {
            "appId": self._config.app_id,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._sdk.sign([self._config.app_id, stamp, nonce, package]),
        }

    def _trade_report(self, facts: Mapping[str, Any]) -> TradeReport:
        state = TRADE_STATES[facts["trade_state"]]
        number = text_of(facts, "out_trade_no")
        is_ours = (facts["mchid"], facts["appid"]) == (
            self._config.merchant_id,
            self._config.app_id,
        )
        if not state.is_paid:
            return TradeReport(out_trade_no=number, state=state, is_payee_ours=is_ours)
        return TradeReport(
            out_trade_no=number,
            state=state,
            transaction_id=text_of(facts, "transaction_id"),
            amount_fen=fen_of(facts["amount"], "total"),
            currency=text_of(facts["amount"], "currency"),
            is_payee_ours=is_ours,
            succeeded_at=moment_of(facts["success_time"]),
        )

    def _notice(self, facts: Mapping[str, Any], body: bytes) -> Notice:
        kind = facts["event_type"].partition(".")[0]
        resource = facts["resource"]
        trade = refund = None
        if kind == "TRANSACTION":
            trade = self._trade_report(resource)
        elif kind == "REFUND" and resource["mchid"] == self._config.merchant_id:
            status = {"status": resource["refund_status"]}
            refund = _refund_report({**resource, **status}, resource["out_refund_no"])
        else:
            raise ValueError("the notice is about something else")
        return Notice(
            notice_id=text_of(facts, "id")[:64],
            body_hash=hashlib.sha256(body).hexdigest(),
            trade=trade,
            refund=refund,
        )


def _refund_report(facts: Mapping[str, Any], out_refund_no: str) -> RefundReport:
    if facts["out_refund_no"] != out_refund_no:
        raise ValueError("the answer is about another refund")
    status = REFUND_STATES[facts["status"]]
    succeeded_at = None
    if status is RefundStatus.SUCCESS:
        succeeded_at = moment_of(facts["success_time"])
    return RefundReport(
        out_refund_no=out_refund_no,
        status=status,
        refund_id=text_of(facts, "refund_id"),
        amount_fen=fen_of(facts["amount"], "refund"),
        succeeded_at=succeeded_at,
    )


def _unzipped(content: bytes) -> bytes:
    opened = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    text = opened.decompress(content, BILL_BYTES_MAX)
    if opened.unconsumed_tail:
        raise ValueError("the bill is too large")
    return text
