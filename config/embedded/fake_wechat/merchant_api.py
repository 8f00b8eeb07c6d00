"""The calls of the merchant: found by their path, checked, done, spoiled, answered."""

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.embedded.fake_wechat.answers import Answer, Silence
from config.embedded.fake_wechat.bills import bill_file, bill_link
from config.embedded.fake_wechat.books import Books
from config.embedded.fake_wechat.errors import ApiError
from config.embedded.fake_wechat.faults import Faults, faults_take
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.notices import spoil
from config.embedded.fake_wechat.refunds import refund_create, refund_query, refunds_settle
from config.embedded.fake_wechat.signatures import verify_merchant
from config.embedded.fake_wechat.trades import trade_close, trade_create, trade_pay, trade_query
from config.embedded.fake_wechat.transfers import (
    transfer_cancel,
    transfer_create,
    transfer_query,
)

_NO = r"([^/]+)"
_TRANSFER = "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/"
ROUTES = (
    ("create", "POST", re.compile(r"/v3/pay/transactions/(jsapi|h5|native)")),
    ("query", "GET", re.compile(rf"/v3/pay/transactions/out-trade-no/{_NO}")),
    ("close", "POST", re.compile(rf"/v3/pay/transactions/out-trade-no/{_NO}/close")),
    ("refund", "POST", re.compile(r"/v3/refund/domestic/refunds()")),
    ("query_refund", "GET", re.compile(rf"/v3/refund/domestic/refunds/{_NO}")),
    ("transfer", "POST", re.compile(r"/v3/fund-app/mch-transfer/transfer-bills()")),
    ("query_transfer", "GET", re.compile(rf"{_TRANSFER}{_NO}")),
    ("cancel_transfer", "POST", re.compile(rf"{_TRANSFER}{_NO}/cancel")),
    ("bill", "GET", re.compile(r"/v3/bill/tradebill()")),
    ("download", "GET", re.compile(r"/v3/billdownload/file()")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in; `target` is the path with its query."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    origin: str

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.target).path

    def parameter(self, name: str) -> str:
        """One value of the query, or ""."""
        return parse_qs(urlsplit(self.target).query).get(name, [""])[0]

    def facts(self) -> dict[str, Any]:
        """The body as JSON; raises when it is none."""
        try:
            facts = json.loads(self.body or b"{}")
        except ValueError:
            raise ApiError(400, "PARAM_ERROR", "请求体不是合法的JSON") from None
        if not isinstance(facts, dict):
            raise ApiError(400, "PARAM_ERROR", "请求体须为JSON对象")
        return facts


@dataclass(frozen=True, slots=True)
class _Found:
    operation: str
    argument: str
    number: str


class MerchantApi:
    """Answers the merchant's calls and counts them, the refused ones too."""

    def __init__(self, books: Books, identity: Identity) -> None:
        self._books = books
        self._identity = identity
        self.counts: Counter[str] = Counter()

    def answer(self, call: Call) -> tuple[Answer, Faults]:
        """Do what a call asks for; return the answer and what its signature must suffer.

        Raises
        ------
        Silence
            If the request, or the answer, is to be lost.
        """
        found = _find(call)
        self.counts[found.operation] += 1
        faults = faults_take(self._books, found.operation, found.number)
        try:
            answer = self._do(call, found, faults)
        except ApiError as error:
            answer = Answer(
                status=error.status, facts={"code": error.code, "message": error.message}
            )
        if "drop_answer" in faults:
            raise Silence
        if answer.facts is not None and answer.status == 200:
            spoil(answer.facts, faults)
        return answer, faults

    def _do(self, call: Call, found: _Found, faults: Faults) -> Answer:
        if "delay" in faults:
            time.sleep(float(faults.value("delay", "seconds", 1)))
        if "drop_request" in faults:
            raise Silence
        faults.raise_error("error")
        verify_merchant(
            self._identity,
            authorization=call.headers.get("authorization", ""),
            method=call.method,
            target=call.target,
            body=call.body.decode(),
            now=self._books.signing_now(),
        )
        if "pay_first" in faults:
            trade_pay(self._books, self._identity, found.number)
        if "ignore" in faults:
            return Answer(status=204)
        answer = self._effect(call, found)
        faults.raise_error("error_after")
        return answer

    def _effect(self, call: Call, found: _Found) -> Answer:
        books, identity = self._books, self._identity
        if found.operation == "create":
            handle = trade_create(
                books, identity, kind=found.argument, body=call.facts(), origin=call.origin
            )
            return Answer(facts=handle)
        if found.operation == "query":
            self._check_merchant(call.parameter("mchid"))
            return Answer(facts=trade_query(books, identity, found.number))
        if found.operation == "close":
            self._check_merchant(str(call.facts().get("mchid")))
            trade_close(books, found.number)
            return Answer(status=204)
        if found.operation == "refund":
            refunds_settle(books, identity)  # a retry is told the latest
            return Answer(facts=refund_create(books, call.facts()))
        if found.operation == "query_refund":
            return Answer(facts=refund_query(books, identity, found.number))
        if found.operation.endswith("transfer"):
            return self._transfer(call, found)
        return self._bill(call, found)

    def _transfer(self, call: Call, found: _Found) -> Answer:
        books, identity = self._books, self._identity
        if found.operation == "transfer":
            return Answer(facts=transfer_create(books, identity, call.facts()))
        if found.operation == "query_transfer":
            return Answer(facts=transfer_query(books, identity, found.number))
        return Answer(facts=transfer_cancel(books, found.number))

    def _bill(self, call: Call, found: _Found) -> Answer:
        if found.operation == "bill":
            link = bill_link(
                self._books,
                self._identity,
                call.parameter("bill_date"),
                call.origin,
                is_zipped=call.parameter("tar_type") == "GZIP",
            )
            return Answer(facts=link)
        if found.operation == "download":
            content = bill_file(self._books, self._identity, call.parameter("token"))
            return Answer(content=content, content_type="text/plain", is_signed=False)
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")

    def _check_merchant(self, merchant_id: str) -> None:
        if merchant_id != self._identity.merchant_id:
            raise ApiError(400, "PARAM_ERROR", "商户号与签名不一致")


def error_answer(error: ApiError) -> Answer:
    """Return a refusal outside the merchant's calls, unsigned."""
    facts = {"code": error.code, "message": error.message}
    return replace(Answer(status=error.status, facts=facts), is_signed=False)


def _find(call: Call) -> _Found:
    for operation, method, pattern in ROUTES:
        match = pattern.fullmatch(call.path)
        if match and call.method == method:
            argument = unquote(match.group(1))
            return _Found(operation, argument, _number(call, operation, argument))
    return _Found("other", "", "")


def _number(call: Call, operation: str, argument: str) -> str:
    """The trade or refund a call is about, which faults can be limited to."""
    names = {
        "create": "out_trade_no",
        "refund": "out_refund_no",
        "transfer": "out_bill_no",
    }
    if operation not in names:
        return argument
    try:
        return str(call.facts().get(names[operation], ""))
    except ApiError:
        return ""
