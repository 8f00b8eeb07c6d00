"""The daily trade bill (交易账单) in the provider's own CSV, with errors planted on request."""

import gzip
import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from config.embedded.fake_wechat.books import CHINA, Books, Row, moment_text
from config.embedded.fake_wechat.errors import ApiError, parameter_error
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.trades import KINDS

READY_AT = time(10, 0)
LINK_S = 300
FEE_BP = 60  # 0.60 % of each payment, given back with refunds
HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
TOTALS_HEADER = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
ERRORS = (
    "missing",
    "extra_payment",
    "extra_refund",
    "amount",
    "fee",
    "state",
    "duplicate",
    "total_rows",
    "total_payments",
    "total_refunds",
    "total_fee",
    "bad_hash",
)


def bill_link(
    books: Books, identity: Identity, day_text: str, origin: str, *, is_zipped: bool
) -> dict[str, str]:
    """Return where the bill of a day can be fetched for five minutes, and its SHA-1."""
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        raise parameter_error("bill_date", "格式为YYYY-MM-DD") from None
    ready = datetime.combine(day + timedelta(days=1), READY_AT, CHINA)
    if books.now() < ready.timestamp():
        raise ApiError(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    errors = books.setting(f"bill_errors:{day}", [])
    if not _rows(books, day) and not errors:
        raise ApiError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    token = secrets.token_urlsafe(24)
    books.set(f"bill_token:{token}", [day_text, books.now() + LINK_S, is_zipped])
    digest = hashlib.sha1(_text(books, identity, day), usedforsecurity=False).hexdigest()
    if any(error["kind"] == "bad_hash" for error in errors):
        digest = "0" * 40
    return {
        "hash_type": "SHA1",
        "hash_value": digest,
        "download_url": f"{origin}/v3/billdownload/file?token={token}",
    }


def bill_file(books: Books, identity: Identity, token: str) -> bytes:
    """Return the bytes behind a link."""
    found = books.setting(f"bill_token:{token}", None)
    if found is None or books.now() > found[1]:
        raise ApiError(403, "NO_AUTH", "下载链接无效或已过期")
    text = _text(books, identity, date.fromisoformat(found[0]))
    return gzip.compress(text, mtime=0) if found[2] else text


def bill_spoil(books: Books, day_text: str, errors: list[dict[str, Any]]) -> None:
    """Plant errors in the bill of a day; an empty list takes them out again."""
    for error in errors:
        if error.get("kind") not in ERRORS:
            raise parameter_error("kind", f"one of {', '.join(ERRORS)}")
    books.set(f"bill_errors:{date.fromisoformat(day_text)}", errors)


def _rows(books: Books, day: date) -> list[Row]:
    """Every payment and every refund accepted on a day, in the order of time."""
    begin = int(datetime.combine(day, time(), CHINA).timestamp())
    span = (begin, begin + 24 * 3600 - 1)
    trades = books.all(
        "SELECT *, paid_at AS at, paid_fen AS fen, '' AS out_refund_no FROM trade "
        "WHERE paid_at BETWEEN ? AND ?",
        *span,
    )
    refunds = books.all(
        "SELECT trade.*, refund.created_at AS at, refund.amount_fen AS fen, refund.refund_id, "
        "refund.out_refund_no, refund.status FROM refund JOIN trade USING (out_trade_no) "
        "WHERE refund.created_at BETWEEN ? AND ?",
        *span,
    )
    rows = [_payment(trade) for trade in trades] + [_refund(refund) for refund in refunds]
    return sorted(rows, key=lambda row: (row["at"], row["number"]))


def _payment(trade: Row) -> Row:
    return {**trade, "number": trade["out_trade_no"], "state": "SUCCESS", "fee_fen": _fee(trade)}


def _refund(refund: Row) -> Row:
    return {
        **refund,
        "number": refund["out_refund_no"],
        "state": refund["status"],
        "fee_fen": -_fee(refund),
    }


def _fee(row: Row) -> int:
    return (int(row["fen"]) * FEE_BP + 5_000) // 10_000


def _text(books: Books, identity: Identity, day: date) -> bytes:
    errors = books.setting(f"bill_errors:{day}", [])
    rows = _rows(books, day)
    for error in errors:
        rows = _spoiled(rows, error, day)
    lines = [HEADER]
    lines += [_line(_cells(identity, row)) for row in rows]
    lines += [TOTALS_HEADER, _line(_totals(rows, errors))]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _spoiled(rows: list[Row], error: dict[str, Any], day: date) -> list[Row]:
    kind, number = error["kind"], error.get("number", "")
    if kind == "missing":
        return [row for row in rows if row["number"] != number]
    if kind == "duplicate":
        return rows + [row for row in rows if row["number"] == number]
    if kind in ("extra_payment", "extra_refund"):
        return [*rows, _extra(error, day)]
    changes = {"amount": ("fen", "fen"), "fee": ("fee_fen", "fen"), "state": ("state", "state")}
    if kind in changes:
        column, name = changes[kind]
        return [{**row, column: error[name]} if row["number"] == number else row for row in rows]
    return rows


def _extra(error: dict[str, Any], day: date) -> Row:
    noon = int(datetime.combine(day, time(12), CHINA).timestamp())
    is_refund = error["kind"] == "extra_refund"
    number = str(error.get("number", "EXTRA0000001"))
    row: Row = {
        "at": noon,
        "fen": int(error.get("fen", 100)),
        "number": number,
        "out_trade_no": error.get("out_trade_no", number),
        "out_refund_no": number if is_refund else "",
        "refund_id": "5030000000000000000000000000" if is_refund else "",
        "transaction_id": "4200000000000000000000000000",
        "openid": "",
        "kind": "h5",
        "description": "多出的一行",
        "state": "SUCCESS",
    }
    fee_fen = -_fee(row) if is_refund else _fee(row)
    return {**row, "fee_fen": fee_fen}


def _cells(identity: Identity, row: Row) -> list[str]:
    is_refund = bool(row["out_refund_no"])
    paid = "0.00" if is_refund else _yuan(row["fen"])
    back = _yuan(row["fen"]) if is_refund else "0.00"
    return [
        moment_text(row["at"])[:19].replace("T", " "),
        *(identity.app_id, identity.merchant_id, "0", ""),
        *(row["transaction_id"], row["out_trade_no"], row["openid"], KINDS[row["kind"]]),
        "REFUND" if is_refund else row["state"],
        *("OTHERS", "CNY", paid, "0.00"),
        *(row.get("refund_id", "") or "0", row["out_refund_no"] or "0", back, "0.00"),
        *(("ORIGINAL", row["state"]) if is_refund else ("", "")),
        *(row["description"].replace(",", "，"), "", _fee_text(row["fee_fen"]), "0.60%"),
        *(paid, back, ""),
    ]


def _totals(rows: list[Row], errors: list[dict[str, Any]]) -> list[str]:
    payments = sum(row["fen"] for row in rows if not row["out_refund_no"])
    refunds = sum(row["fen"] for row in rows if row["out_refund_no"])
    told = {error["kind"]: error.get("value") for error in errors}
    count = told.get("total_rows", len(rows))
    paid = _yuan(told.get("total_payments", payments))
    back = _yuan(told.get("total_refunds", refunds))
    fee = _fee_text(told.get("total_fee", sum(row["fee_fen"] for row in rows)))
    return [str(count), paid, back, "0.00", fee, paid, back]


def _line(cells: list[str]) -> str:
    # The backtick keeps spreadsheets from taking long numbers for figures.
    return ",".join(f"`{cell}" for cell in cells)


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _fee_text(fen: int) -> str:
    return f"{_yuan(fen)}000"  # the fee alone is written with five places
