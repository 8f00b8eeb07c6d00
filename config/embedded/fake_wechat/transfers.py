"""Transfers to people: accepted first, confirmed by the payee or over after a day."""

import re
import secrets
from typing import Any

from config.embedded.fake_wechat.books import Books, Row, moment_text
from config.embedded.fake_wechat.errors import ApiError, parameter_error
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.signatures import decrypt_name

NUMBER = re.compile(r"[0-9A-Za-z]{1,32}")
REMARK_MAX = 32
LEAST_FEN = 10
NAMED_FROM_FEN = 200_000
CONFIRMED_WITHIN_S = 24 * 3600
ENDS = ("SUCCESS", "FAIL", "CANCELLED")


def transfer_create(books: Books, identity: Identity, body: dict[str, Any]) -> dict[str, Any]:
    """Accept a transfer; the same number with the same values returns the same transfer."""
    number = body.get("out_bill_no")
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise parameter_error("out_bill_no", "须为1-32位数字或字母")
    if body.get("appid") != identity.app_id:
        raise parameter_error("appid", "与商户号不匹配")
    row = _row(books, identity, number, body)
    with books.writing():
        known = transfer_of(books, number)
        if known is not None:
            if any(known[name] != row[name] for name in ("openid", "amount_fen")):
                raise ApiError(400, "PARAM_ERROR", "单号已存在且参数与之前请求不一致")
            return _accepted(known)
        if row["amount_fen"] > int(books.setting("transfer_balance_fen", 10**12)):
            raise ApiError(403, "NOT_ENOUGH", "资金不足")
        books.insert("transfer", row)
        return _accepted({**row, "state": "WAIT_USER_CONFIRM"})


def transfer_query(books: Books, identity: Identity, number: str) -> dict[str, Any]:
    """Return what the provider says of a transfer now."""
    transfers_expire(books)
    row = transfer_of(books, number)
    if row is None:
        raise ApiError(404, "NOT_FOUND", "记录不存在")
    facts = {
        "mch_id": identity.merchant_id,
        "out_bill_no": number,
        "transfer_bill_no": row["transfer_bill_no"],
        "appid": identity.app_id,
        "state": row["state"],
        "transfer_amount": row["amount_fen"],
        "transfer_remark": row["remark"],
        "openid": row["openid"],
        "create_time": moment_text(row["created_at"]),
        "update_time": moment_text(row["updated_at"]),
    }
    return {**facts, "fail_reason": row["reason"]} if row["reason"] else facts


def transfer_cancel(books: Books, number: str) -> dict[str, Any]:
    """Give up a transfer that waits for its payee."""
    with books.writing():
        row = transfer_of(books, number)
        if row is None:
            raise ApiError(404, "NOT_FOUND", "记录不存在")
        if row["state"] != "WAIT_USER_CONFIRM":
            raise ApiError(400, "INVALID_REQUEST", "当前单据状态不支持撤销")
        _move(books, number, "CANCELLED", "")
        return {
            "out_bill_no": number,
            "transfer_bill_no": row["transfer_bill_no"],
            "state": "CANCELING",
            "update_time": moment_text(books.now()),
        }


def transfer_end(books: Books, number: str, outcome: str, reason: str = "") -> None:
    """End a transfer as its payee, or the bank, would; one that has ended stays."""
    if outcome not in ENDS:
        raise parameter_error("outcome", f"one of {', '.join(ENDS)}")
    with books.writing():
        row = transfer_of(books, number)
        if row is None or row["state"] != "WAIT_USER_CONFIRM":
            raise ApiError(404, "NOT_FOUND", "没有待确认的转账")
        _move(books, number, outcome, reason)


def transfers_expire(books: Books) -> None:
    """Close what nobody has confirmed in a day."""
    books.run(
        "UPDATE transfer SET state = 'FAIL', reason = 'OVERDUE_CLOSE', updated_at = ? "
        "WHERE state = 'WAIT_USER_CONFIRM' AND created_at <= ?",
        books.now(),
        books.now() - CONFIRMED_WITHIN_S,
    )


def transfer_of(books: Books, number: str) -> Row | None:
    """Return one transfer's row."""
    return books.one("SELECT * FROM transfer WHERE out_bill_no = ?", number)


def _row(books: Books, identity: Identity, number: str, body: dict[str, Any]) -> Row:
    amount_fen = body.get("transfer_amount")
    if not isinstance(amount_fen, int) or isinstance(amount_fen, bool) or amount_fen < LEAST_FEN:
        raise parameter_error("transfer_amount", "须为不小于10的整数")
    remark = str(body.get("transfer_remark", ""))
    if not remark or len(remark) > REMARK_MAX:
        raise parameter_error("transfer_remark", "须为1-32个字符")
    if not body.get("openid") or not body.get("transfer_scene_report_infos"):
        raise parameter_error("openid", "收款用户与场景报备信息不能为空")
    sealed = body.get("user_name")
    if amount_fen >= NAMED_FROM_FEN and not sealed:
        raise parameter_error("user_name", "金额不小于2000元时必填")
    return {
        "out_bill_no": number,
        "transfer_bill_no": f"133{secrets.randbelow(10**28):028d}",
        "openid": str(body["openid"]),
        "amount_fen": amount_fen,
        "remark": remark,
        "scene_id": str(body.get("transfer_scene_id", "")),
        "user_name": decrypt_name(identity, str(sealed)) if sealed else "",
        "package_info": secrets.token_urlsafe(24),
        "created_at": books.now(),
        "updated_at": books.now(),
    }


def _accepted(row: Row) -> dict[str, Any]:
    facts = {
        "out_bill_no": row["out_bill_no"],
        "transfer_bill_no": row["transfer_bill_no"],
        "create_time": moment_text(row["created_at"]),
        "state": row["state"],
    }
    waits = row["state"] == "WAIT_USER_CONFIRM"
    return {**facts, "package_info": row["package_info"]} if waits else facts


def _move(books: Books, number: str, state: str, reason: str) -> None:
    books.run(
        "UPDATE transfer SET state = ?, reason = ?, updated_at = ? WHERE out_bill_no = ?",
        state,
        reason,
        books.now(),
        number,
    )
