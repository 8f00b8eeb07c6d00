"""Reads WeChat Pay's daily trade bill (交易账单)."""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from orders.domain.gateway import Bill, BillRow, BillRowKind, RefundStatus, TradeState

CHINA = timezone(timedelta(hours=8))
# Fees are written with five places, of which the last three are naught.
AMOUNT = re.compile(r"(-)?([0-9]{1,13})(?:\.([0-9]{1,2})0{0,4})?")
TOTALS_BEGIN = "总交易单数"
PAYMENT_STATES = {"SUCCESS": TradeState.SUCCESS, "REVOKED": TradeState.CLOSED}
REFUND_STATES = {
    "SUCCESS": RefundStatus.SUCCESS,
    "PROCESSING": RefundStatus.PROCESSING,
    "ABNORMAL": RefundStatus.ABNORMAL,
    "CHANGE": RefundStatus.ABNORMAL,
    "CLOSED": RefundStatus.CLOSED,
    "FAIL": RefundStatus.CLOSED,
}


def bill_parse(provider: str, day: date, text: str) -> Bill:
    """Return the bill in our words; amounts become fen without ever being a float.

    Columns are found by their names, because the provider adds some now and
    then. Every data cell begins with a backtick.

    Raises
    ------
    ValueError
        If a column or the totals are missing, or a value is not what its
        column says.
    """
    lines = csv.reader(text.removeprefix("\ufeff").splitlines())
    names = next(lines, [])
    rows: list[BillRow] = []
    for cells in lines:
        if cells and cells[0] == TOTALS_BEGIN:
            return _bill(provider, day, rows, _named(cells, next(lines, [])))
        if cells:
            rows.append(_row(_named(names, cells)))
    raise ValueError("the bill has no totals")


def fen_of(yuan: str) -> int:
    """Return an amount in yuan, such as "0.01" or "-0.06000", in fen.

    Raises
    ------
    ValueError
        If it is no amount in whole fen.
    """
    found = AMOUNT.fullmatch(yuan.strip())
    if found is None:
        raise ValueError(f"{yuan!r} is no amount in whole fen")
    sign, whole, part = found.groups(default="")
    fen = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    return -fen if sign else fen


def _named(names: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) < len(names):
        raise ValueError(f"a line of the bill has {len(cells)} cells, not {len(names)}")
    return dict(zip(names, _plain(cells), strict=False))


def _plain(cells: list[str]) -> Iterator[str]:
    return (cell.strip().removeprefix("`").strip() for cell in cells)


def _row(cells: dict[str, str]) -> BillRow:
    try:
        is_refund = cells["交易状态"] == "REFUND"
        at = datetime.strptime(cells["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
        state = cells["退款状态" if is_refund else "交易状态"]
        states = REFUND_STATES if is_refund else PAYMENT_STATES
        return BillRow(
            kind=BillRowKind.REFUND if is_refund else BillRowKind.PAYMENT,
            number=cells["商户退款单号" if is_refund else "商户订单号"],
            out_trade_no=cells["商户订单号"],
            amount_fen=fen_of(cells["申请退款金额" if is_refund else "订单金额"]),
            fee_fen=fen_of(cells["手续费"]),
            state=states.get(state, state),
            at=at,
        )
    except KeyError as error:
        raise ValueError(f"the bill has no column {error}") from error


def _bill(provider: str, day: date, rows: list[BillRow], totals: dict[str, str]) -> Bill:
    try:
        return Bill(
            provider=provider,
            bill_date=day,
            rows=tuple(rows),
            total_rows=int(totals["总交易单数"]),
            total_payments_fen=fen_of(totals["订单总金额"]),
            total_refunds_fen=fen_of(totals["申请退款总金额"]),
            total_fee_fen=fen_of(totals["手续费总金额"]),
        )
    except KeyError as error:
        raise ValueError(f"the bill's totals have no {error}") from error
