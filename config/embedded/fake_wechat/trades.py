"""Trades: create, query, close, and the moment a person pays."""

import re
import secrets
from typing import Any

from config.embedded.fake_wechat.books import Books, Row, moment_seconds, moment_text
from config.embedded.fake_wechat.errors import ApiError, parameter_error
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.notices import notice_queue

NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
EXPIRY_MIN_S = 60
EXPIRY_DEFAULT_S = 7 * 24 * 3600
DESCRIPTION_MAX = 127
KINDS = {"jsapi": "JSAPI", "h5": "MWEB", "native": "NATIVE"}
STATE_TEXTS = {
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
    "PAYERROR": "支付失败",
}


def trade_create(
    books: Books, identity: Identity, *, kind: str, body: dict[str, Any], origin: str
) -> dict[str, str]:
    """Create a trade, or return the handle of the same trade again.

    `origin` is where people reach this gateway's cashier.
    """
    wanted = _wanted(identity, kind, body, books.now())
    with books.writing():
        known = trade_of(books, wanted["out_trade_no"])
        if known is None:
            books.insert("trade", wanted)
            known = wanted
        elif known["paid_at"] is not None:
            raise ApiError(400, "ORDERPAID", "该订单已支付")
        elif known["closed_at"] is not None:
            raise ApiError(400, "ORDER_CLOSED", "该订单已关闭，请更换商户订单号重新下单")
        elif _changed(known, wanted):
            raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复，请更换订单号")
    prepay_id = known["prepay_id"]
    if kind == "jsapi":
        return {"prepay_id": prepay_id}
    if kind == "native":
        # The real one is weixin://wxpay/…, which opens nothing outside WeChat.
        return {"code_url": f"{origin}/cashier/native?prepay_id={prepay_id}"}
    package = secrets.randbelow(10**10)
    return {"h5_url": f"{origin}/cashier/h5?prepay_id={prepay_id}&package={package}"}


def trade_query(books: Books, identity: Identity, out_trade_no: str) -> dict[str, Any]:
    """Return what the provider says of a trade; an expired one reads NOTPAY until closed."""
    trade = trade_of(books, out_trade_no)
    if trade is None:
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return trade_facts(books, identity, trade)


def trade_close(books: Books, out_trade_no: str) -> None:
    """Close a trade; an unknown or closed number passes without a word, a paid one does not."""
    with books.writing():
        trade = trade_of(books, out_trade_no)
        if trade is not None and trade["paid_at"] is not None:
            raise ApiError(400, "ORDERPAID", "该订单已支付")
        books.run(
            "UPDATE trade SET closed_at = ? WHERE out_trade_no = ? AND closed_at IS NULL",
            books.now(),
            out_trade_no,
        )


def trade_pay(
    books: Books,
    identity: Identity,
    out_trade_no: str,
    *,
    at: int | None = None,
    is_forced: bool = False,
) -> bool:
    """Pay a trade, as a person would; return whether anything changed.

    `is_forced` pays even what is closed or has expired, which a real provider
    never does; what happens then must be harmless all the same.
    """
    with books.writing():
        trade = trade_of(books, out_trade_no)
        now = books.now() if at is None else at
        if trade is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        if trade["paid_at"] is not None:
            return False
        if not is_forced and (trade["closed_at"] is not None or now > trade["expires_at"]):
            raise ApiError(400, "ORDER_CLOSED", "该订单已关闭或已过期")
        transaction_id = f"42{secrets.randbelow(10**26):026d}"
        books.run(
            """UPDATE trade SET paid_at = ?, paid_fen = amount_fen, transaction_id = ?,
               closed_at = NULL, failed_at = NULL WHERE out_trade_no = ?""",
            now,
            transaction_id,
            out_trade_no,
        )
        paid = trade_of(books, out_trade_no) or trade
        notice_queue(
            books,
            number=out_trade_no,
            event="TRANSACTION.SUCCESS",
            resource=trade_facts(books, identity, paid),
            url=trade["notify_url"],
        )
    return True


def trade_fail(books: Books, out_trade_no: str) -> None:
    """Let the bank refuse; the person may try again."""
    books.run(
        "UPDATE trade SET failed_at = ? WHERE out_trade_no = ? AND paid_at IS NULL",
        books.now(),
        out_trade_no,
    )


def trade_of(books: Books, out_trade_no: str) -> Row | None:
    """Return one trade's row."""
    return books.one("SELECT * FROM trade WHERE out_trade_no = ?", out_trade_no)


def trade_facts(books: Books, identity: Identity, trade: Row) -> dict[str, Any]:
    """Return a trade in the provider's words, as in a query and in a notice."""
    state = _state(books, trade)
    facts: dict[str, Any] = {
        "appid": identity.app_id,
        "mchid": identity.merchant_id,
        "out_trade_no": trade["out_trade_no"],
        "trade_state": state,
        "trade_state_desc": STATE_TEXTS[state],
        "attach": "",
        "amount": {"total": trade["amount_fen"], "currency": "CNY"},
    }
    if trade["paid_at"] is None:
        return facts
    return facts | {
        "transaction_id": trade["transaction_id"],
        "trade_type": KINDS[trade["kind"]],
        "bank_type": "OTHERS",
        "success_time": moment_text(trade["paid_at"]),
        "payer": {"openid": trade["openid"] or f"o{trade['prepay_id'][-27:]}"},
        "amount": {
            "total": trade["paid_fen"],
            "payer_total": trade["paid_fen"],
            "currency": "CNY",
            "payer_currency": "CNY",
        },
    }


def _state(books: Books, trade: Row) -> str:
    if trade["paid_at"] is not None:
        refund = books.one(
            "SELECT 1 FROM refund WHERE out_trade_no = ? LIMIT 1", trade["out_trade_no"]
        )
        return "REFUND" if refund else "SUCCESS"
    if trade["closed_at"] is not None:
        return "CLOSED"
    return "NOTPAY" if trade["failed_at"] is None else "PAYERROR"


def _changed(known: Row, wanted: Row) -> bool:
    return any(known[name] != wanted[name] for name in ("kind", "amount_fen", "openid"))


def _wanted(identity: Identity, kind: str, body: dict[str, Any], now: int) -> Row:
    if (body.get("mchid"), body.get("appid")) != (identity.merchant_id, identity.app_id):
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    number = body.get("out_trade_no")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise parameter_error("out_trade_no", "须为6-32位数字、字母或_-|*")
    description = body.get("description")
    if not isinstance(description, str) or not 0 < len(description) <= DESCRIPTION_MAX:
        raise parameter_error("description", "不能为空且不超过127个字符")
    notify_url = body.get("notify_url")
    if not isinstance(notify_url, str) or not notify_url.startswith(("http://", "https://")):
        raise parameter_error("notify_url", "须为完整地址")
    return {
        "out_trade_no": number,
        "kind": kind,
        "description": description,
        "amount_fen": _amount_fen(body),
        "openid": _openid(kind, body),
        "notify_url": notify_url,
        "prepay_id": f"wx{secrets.token_hex(17)}",
        "created_at": now,
        "expires_at": _expiry(body, now),
    }


def _amount_fen(body: dict[str, Any]) -> int:
    amount = body.get("amount")
    total = amount.get("total") if isinstance(amount, dict) else None
    if not isinstance(total, int) or isinstance(total, bool) or total < 1:
        raise parameter_error("amount.total", "须为大于0的整数")
    if isinstance(amount, dict) and amount.get("currency", "CNY") != "CNY":
        raise parameter_error("amount.currency", "仅支持CNY")
    return total


def _openid(kind: str, body: dict[str, Any]) -> str:
    payer, scene = body.get("payer"), body.get("scene_info")
    openid = payer.get("openid") if isinstance(payer, dict) else ""
    if kind == "jsapi" and not openid:
        raise parameter_error("payer.openid", "不能为空")
    if kind == "h5" and not (
        isinstance(scene, dict) and scene.get("payer_client_ip") and scene.get("h5_info")
    ):
        raise parameter_error("scene_info", "须包含payer_client_ip与h5_info")
    return str(openid or "")


def _expiry(body: dict[str, Any], now: int) -> int:
    text = body.get("time_expire")
    if text is None:
        return now + EXPIRY_DEFAULT_S
    try:
        moment = moment_seconds(str(text))
    except ValueError:
        raise parameter_error("time_expire", "须为RFC 3339格式") from None
    if moment <= now:
        raise parameter_error("time_expire", "不能早于当前时间")
    return max(moment, now + EXPIRY_MIN_S)
