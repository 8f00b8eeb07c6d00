"""docs/algorithms/reconciliation.md against the code."""

from datetime import UTC, date, datetime
from decimal import Decimal

from orders.domain.gateway import Bill, BillRow, BillRowKind
from orders.domain.money import format_yuan
from orders.domain.reconciliation import OurMove, bill_differences, counted_fen
from tests.docs.pages import tables

PAGE = "algorithms/reconciliation.md"
DAY = date(2026, 3, 10)
NOTHING = "—"


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def sides(rows: list[dict[str, str]]) -> tuple[list[OurMove], Bill]:
    ours = [
        OurMove(
            kind=BillRowKind(row["kind"]),
            number=row["number"],
            amount_fen=fen(row["ours (yuan)"]),
            state=row["our state"],
            settled_on=DAY if row["our state"] == "succeeded" else None,
            is_due=row["our state"] == "succeeded",
        )
        for row in rows
        if row["ours (yuan)"] != NOTHING
    ]
    listed = tuple(
        BillRow(
            kind=BillRowKind(row["kind"]),
            number=row["number"],
            out_trade_no=row["number"],
            amount_fen=fen(row["bill (yuan)"]),
            fee_fen=0,
            state=row["bill state"],
            at=datetime(2026, 3, 10, 4, 0, tzinfo=UTC),
        )
        for row in rows
        if row["bill (yuan)"] != NOTHING
    )

    def total(kind: BillRowKind) -> int:
        return sum(row.amount_fen for row in listed if row.kind == kind)

    bill = Bill(
        provider="wechatpay",
        bill_date=DAY,
        rows=listed,
        total_rows=len(listed),
        total_payments_fen=total(BillRowKind.PAYMENT),
        total_refunds_fen=total(BillRowKind.REFUND),
        total_fee_fen=0,
    )
    return ours, bill


def test_the_day_of_the_page_differs_as_shown() -> None:
    rows = tables(PAGE)[0]

    found = {item.number: item.kind.value for item in bill_differences(*sides(rows))}

    assert {row["number"]: row["difference"] for row in rows} == {
        row["number"]: found.get(row["number"], NOTHING) for row in rows
    }


def test_what_agrees_and_what_differs_make_up_the_bill() -> None:
    ours, bill = sides(tables(PAGE)[0])
    found = bill_differences(ours, bill)
    differing = {item.number for item in found}
    payments = [move for move in ours if move.kind == BillRowKind.PAYMENT]

    shown = {next(iter(row.values())): row["yuan"] for row in tables(PAGE)[1]}

    assert list(shown.values()) == [
        format_yuan(sum(move.amount_fen for move in payments if move.number not in differing)),
        format_yuan(sum(item.theirs_fen or 0 for item in found)),
        format_yuan(counted_fen(bill, BillRowKind.PAYMENT)),
    ]
