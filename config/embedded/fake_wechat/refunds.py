"""Refunds: accepted first, settled later, never twice by one number."""

import re
import secrets
from typing import Any

from config.embedded.fake_wechat.books import Books, Row, moment_text
from config.embedded.fake_wechat.errors import ApiError, parameter_error
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.notices import notice_queue
from config.embedded.fake_wechat.trades import trade_of

NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
PER_TRADE_MAX = 50
SPACING_S = 60
WINDOW_S = 365 * 24 * 3600
REASON_BYTES_MAX = 80
OUTCOMES = ("SUCCESS", "ABNORMAL", "CLOSED")


def refund_create(books: Books, body: dict[str, Any]) -> dict[str, Any]:
    """Accept a refund; the same number for the same amount returns the same refund.

    The answer says PROCESSING even when the money goes back at once: being
    accepted is not having succeeded.
    """
    number = body.get("out_refund_no")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise parameter_error("out_refund_no", "须为1-64位数字、字母或_-|*@")
    if len(str(body.get("reason", "")).encode()) > REASON_BYTES_MAX:
        raise parameter_error("reason", "不超过80字节")
    with books.writing():
        trade = trade_of(books, str(body.get("out_trade_no")))
        if trade is None or trade["paid_at"] is None:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付")
        amount_fen = _amount_fen(body, trade)
        known = refund_of(books, number)
        if known is not None:
            if (known["out_trade_no"], known["amount_fen"]) != (trade["out_trade_no"], amount_fen):
                raise ApiError(400, "PARAM_ERROR", "订单金额或退款金额与之前请求不一致")
            return refund_facts(known, trade)
        now = books.now()
        _check_limits(books, trade, amount_fen, now)
        row = {
            "out_refund_no": number,
            "refund_id": f"503{secrets.randbelow(10**26):026d}",
            "out_trade_no": trade["out_trade_no"],
            "amount_fen": amount_fen,
            "reason": str(body.get("reason", "")),
            "notify_url": str(body.get("notify_url", "")),
            "created_at": now,
            "settles_at": now + int(books.setting("refund_delay_s", 0)),
            "outcome": books.setting("refund_outcome", "SUCCESS"),
        }
        books.insert("refund", row)
        return refund_facts({**row, "status": "PROCESSING", "succeeded_at": None}, trade)


def refund_query(books: Books, identity: Identity, out_refund_no: str) -> dict[str, Any]:
    """Return what the provider says of a refund now."""
    refunds_settle(books, identity)
    refund = refund_of(books, out_refund_no)
    if refund is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return refund_facts(refund, trade_of(books, refund["out_trade_no"]) or {})


def refunds_settle(books: Books, identity: Identity) -> None:
    """Let every refund whose time has come succeed, or end as it was told to."""
    pending = "SELECT * FROM refund WHERE status = 'PROCESSING' AND settles_at <= ?"
    if books.one(pending, books.now()) is None:
        return
    with books.writing():
        for refund in books.all(pending, books.now()):
            _settle(books, identity, refund)


def refund_settle_as(books: Books, identity: Identity, out_refund_no: str, outcome: str) -> None:
    """Settle one refund now, whatever it was going to be, even a second time."""
    if outcome not in OUTCOMES:
        raise parameter_error("outcome", f"one of {', '.join(OUTCOMES)}")
    with books.writing():
        refund = refund_of(books, out_refund_no)
        if refund is None:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        _settle(books, identity, {**refund, "outcome": outcome})


def refund_of(books: Books, out_refund_no: str) -> Row | None:
    """Return one refund's row."""
    return books.one("SELECT * FROM refund WHERE out_refund_no = ?", out_refund_no)


def refund_facts(refund: Row, trade: Row) -> dict[str, Any]:
    """Return a refund in the words of an answer."""
    facts: dict[str, Any] = {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["out_refund_no"],
        "transaction_id": trade["transaction_id"],
        "out_trade_no": refund["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": moment_text(refund["created_at"]),
        "status": refund["status"],
        "funds_account": "UNAVAILABLE",
        "amount": _amounts(refund, trade),
    }
    if refund["succeeded_at"] is not None:
        facts["success_time"] = moment_text(refund["succeeded_at"])
    return facts


def _settle(books: Books, identity: Identity, refund: Row) -> None:
    outcome, now = refund["outcome"], books.now()
    succeeded_at = now if outcome == "SUCCESS" else None
    books.run(
        "UPDATE refund SET status = ?, succeeded_at = ? WHERE out_refund_no = ?",
        outcome,
        succeeded_at,
        refund["out_refund_no"],
    )
    trade = trade_of(books, refund["out_trade_no"]) or {}
    if not refund["notify_url"]:
        return
    resource = {
        "mchid": identity.merchant_id,
        "out_trade_no": refund["out_trade_no"],
        "transaction_id": trade["transaction_id"],
        "out_refund_no": refund["out_refund_no"],
        "refund_id": refund["refund_id"],
        "refund_status": outcome,
        "user_received_account": "支付用户零钱",
        "amount": _amounts(refund, trade),
    }
    if succeeded_at is not None:
        resource["success_time"] = moment_text(succeeded_at)
    notice_queue(
        books,
        number=refund["out_refund_no"],
        event=f"REFUND.{outcome}",
        resource=resource,
        url=refund["notify_url"],
    )


def _amounts(refund: Row, trade: Row) -> dict[str, Any]:
    total, back = trade["paid_fen"], refund["amount_fen"]
    return {
        "total": total,
        "refund": back,
        "payer_total": total,
        "payer_refund": back,
        "settlement_total": total,
        "settlement_refund": back,
        "discount_refund": 0,
        "currency": "CNY",
    }


def _amount_fen(body: dict[str, Any], trade: Row) -> int:
    amount = body.get("amount")
    if not isinstance(amount, dict):
        raise parameter_error("amount", "不能为空")
    refund, total = amount.get("refund"), amount.get("total")
    if not isinstance(refund, int) or isinstance(refund, bool) or refund < 1:
        raise parameter_error("amount.refund", "须为大于0的整数")
    if total != trade["paid_fen"] or amount.get("currency") != "CNY":
        raise ApiError(400, "PARAM_ERROR", "订单金额或币种与支付不一致")
    return refund


def _check_limits(books: Books, trade: Row, amount_fen: int, now: int) -> None:
    rows = books.all("SELECT * FROM refund WHERE out_trade_no = ?", trade["out_trade_no"])
    if now - trade["paid_at"] > WINDOW_S:
        raise ApiError(400, "INVALID_REQUEST", "订单已超过退款期限")
    standing = sum(row["amount_fen"] for row in rows if row["status"] != "CLOSED")
    if standing + amount_fen > trade["paid_fen"]:
        raise ApiError(400, "INVALID_REQUEST", "申请退款金额大于可退金额")
    if len(rows) >= PER_TRADE_MAX:
        raise ApiError(400, "INVALID_REQUEST", "该订单部分退款次数超过50次")
    if rows and now - max(row["created_at"] for row in rows) < SPACING_S:
        raise ApiError(429, "FREQUENCY_LIMITED", "同一订单的多次退款须间隔1分钟")
