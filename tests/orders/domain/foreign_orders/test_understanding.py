"""Rows of other tools become orders, or are refused with a reason."""

import json
from pathlib import Path

import pytest

from orders.domain.foreign_orders.bundle_rows import understand_bundle
from orders.domain.foreign_orders.reconciling import reconcile
from orders.domain.foreign_orders.sheets import ForeignFile, Layout, Sheet, layout_of
from orders.domain.foreign_orders.understanding import (
    ForeignOrders,
    Refusal,
    Remark,
    understand,
)

EXPORT = Path(__file__).resolve().parents[5] / "shared" / "data" / "kuaituantuan_export"
HEADINGS = (
    "下单人",
    "团员备注",
    "跟团号",
    "商品",
    "规格",
    "数量",
    "商品金额",
    "订单金额",
    "退款金额",
    "收货人",
    "联系电话",
    "详细地址",
    "楼号",
    "房号",
)


def sheet(*rows: str) -> Sheet:
    """A purchase sheet with these rows, cells set off by bars."""
    return Sheet("顾客购买表", HEADINGS, tuple(tuple(row.split("|")) for row in rows))


def row(number: str = "1", qty: str = "2", paid: str = "21.94", **more: str) -> str:
    """One row of the purchase sheet."""
    cells = {"buyer": "小满", "remark": "", "refund": "0"} | more
    return (
        f"{cells['buyer']}|{cells['remark']}|{number}|红薯1000g||{qty}|{paid}|{paid}"
        f"|{cells['refund']}|小满|19900000001|上海市某区青禾路300弄3号501室|3号|501"
    )


def read(*rows: str) -> ForeignOrders:
    """These rows as they are understood."""
    page = sheet(*rows)
    layout = layout_of(page.headings)
    assert layout is not None
    return understand(ForeignFile("export", "0" * 64, (page,)), page, layout)


def test_every_layout_in_evidence_is_recognised() -> None:
    if not EXPORT.is_dir():
        pytest.skip(f"the real headings are missing: {EXPORT}")
    known = json.loads((EXPORT / "headings.json").read_text(encoding="utf-8"))

    assert [layout_of(each["columns"]) for each in known] == [
        Layout.KTT_PURCHASES,
        Layout.KTT_GOODS_SUMMARY,
        Layout.KTT_POINT_SUMMARY,
        Layout.KTT_ORDERS,
        Layout.KTT_RESALE,
        Layout.KTT_SUPPLIER,
        Layout.KTT_DELIVERY,
        Layout.QJL_ORDERS,
    ]


def test_a_merged_row_is_as_many_orders_as_it_has_numbers() -> None:
    found = read(row("36、43", "3", "32.91"))

    assert [(o.source_no, o.pieces, o.amount_fen) for o in found.orders] == [
        ("36", 2, 2194),
        ("43", 1, 1097),
    ]
    assert [note.code for note in found.notes] == [Remark.MERGED, Remark.PIECES_SHARED]


def test_a_remark_corrects_the_order_it_names() -> None:
    found = read(row("1"), row("2", remark="1:5号楼602"), row("3", remark="9:5号楼602"))

    assert [(o.place.building, o.place.room) for o in found.orders] == [
        ("5", "602"),
        ("3", "501"),
        ("3", "501"),
    ]
    assert [(note.row, note.code) for note in found.notes] == [
        (3, Remark.CORRECTED),
        (4, Remark.CORRECTION_FOR_NOBODY),
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (row(""), Refusal.NO_NUMBER),
        (row(qty="0"), Refusal.QTY_INVALID),
        (row(qty="两"), Refusal.QTY_INVALID),
        (row(paid="abc"), Refusal.AMOUNT_INVALID),
        (row(qty="3", paid="10.00"), Refusal.AMOUNT_NOT_PER_PIECE),
        (row("1、2", "1", "10.97"), Refusal.FEWER_PIECES_THAN_ORDERS),
        (row(refund="21.94"), Refusal.REFUNDED),
        (row(refund="3.00"), Refusal.PARTLY_REFUNDED),
    ],
)
def test_a_row_that_is_no_paid_order_is_refused_with_its_reason(said: str, reason: Refusal) -> None:
    found = read(row("7"), said)

    assert len(found.orders) == 1
    assert [(each.row, each.reason) for each in found.refused] == [(3, reason)]


def test_refunded_pieces_are_taken_off() -> None:
    found = read(row(refund="10.97"))

    assert [(o.pieces, o.amount_fen) for o in found.orders] == [(1, 1097)]
    assert [note.code for note in found.notes] == [Remark.REFUND_TAKEN_OFF]


def test_states_and_goods_with_quantities_in_one_cell_are_read() -> None:
    headings = (
        "跟团号",
        "下单人",
        "支付时间",
        "商品",
        "订单金额",
        "订单退款",
        "订单状态",
        "收货人",
        "联系电话",
        "详细地址",
    )
    page = Sheet(
        "订单",
        headings,
        (
            (
                "1",
                "甲",
                "2026-09-18 10:00:00",
                "红薯 x2",
                "21.94",
                "0",
                "已支付",
                "甲",
                "1",
                "3号501",
            ),
            ("2", "乙", "", "红薯*1；豆腐*2", "16.77", "0", "已支付", "乙", "1", "3号502"),
            ("3", "丙", "", "红薯 x2", "21.94", "0", "已取消", "丙", "1", "3号503"),
            ("4", "丁", "", "红薯 x2", "21.94", "0", "待支付", "丁", "1", "3号504"),
        ),
    )

    found = understand(ForeignFile("x", "0" * 64, (page,)), page, Layout.KTT_RESALE)

    assert [[(line.name, line.qty, line.amount_fen) for line in o.lines] for o in found.orders] == [
        [("红薯", 2, 2194)],
        [("红薯", 1, None), ("豆腐", 2, None)],
    ]
    assert [each.reason for each in found.refused] == [Refusal.CANCELLED, Refusal.NOT_PAID]


def test_a_file_named_after_its_goods_and_its_row_of_totals_are_understood() -> None:
    headings = ("收货人", "联系电话", "订单总金额", "支付状态", "收货地址", "订购数量")
    rows = (("甲", "1", "21.94", "已支付", "3号501", "2"), ("合计", "", "21.94", "", "", "2"))
    page = Sheet("Sheet1", headings, rows)

    found = understand(ForeignFile("红薯1000g", "0" * 64, (page,)), page, Layout.QJL_ORDERS)

    assert found.rows == 1
    (order,) = found.orders
    assert (order.lines[0].name, order.pieces, order.amount_fen) == ("红薯1000g", 2, 2194)


def test_lines_of_a_bundle_are_gathered_into_orders() -> None:
    headings = (
        "order_no,leader_code,resident_code,resident_name,resident_phone,building,room,"
        "placed_at,paid_at,sku_code,qty,unit_price_fen"
    )
    lines = (
        "O1,L1,R1,陈,1,3栋,501,,,K1,2,509",
        "O1,L1,R1,陈,1,3栋,501,,,K2,1,289",
        "O2,L1,,,,,,,,K1,0,1",
    )
    page = Sheet("orders", tuple(headings.split(",")), tuple(tuple(x.split(",")) for x in lines))

    found = understand_bundle(page)

    assert (found.rows, len(found.orders), found.orders[0].amount_fen) == (3, 1, 1307)
    assert [(each.row, each.reason) for each in found.refused] == [(4, Refusal.QTY_INVALID)]


def test_a_summary_that_says_something_else_is_not_reconciled() -> None:
    page = sheet(row("1、2", "2", "21.94"))
    summary = Sheet(
        "服务小区商品汇总表",
        ("团购标题", "订单总数", "商品总金额", "订单总金额", "订单退款总金额", "商品总数"),
        (("x", "2", "21.94", "21.94", "0", "3"),),
    )
    file = ForeignFile("x", "0" * 64, (page, summary))

    figures = reconcile(file, understand(file, page, Layout.KTT_PURCHASES))

    assert [(each.name, each.is_reconciled) for each in figures] == [
        ("订单总数", True),
        ("商品总数", False),
        ("订单总金额", True),
    ]
    assert [(each.row, each.words, each.difference) for each in figures[0].explanations] == [
        (2, "1、2", 1)
    ]
