"""Tables of other tools as texts, and which of the known layouts each of them has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """The exports that can be read; the three summaries are read to check the others."""

    KTT_PURCHASES = "ktt_purchases"
    KTT_ORDERS = "ktt_orders"
    KTT_RESALE = "ktt_resale"
    KTT_SUPPLIER = "ktt_supplier"
    KTT_DELIVERY = "ktt_delivery"
    QJL_ORDERS = "qjl_orders"
    DAY_BUNDLE = "day_bundle"
    KTT_GOODS_SUMMARY = "ktt_goods_summary"
    KTT_POINT_SUMMARY = "ktt_point_summary"


SUMMARIES = (Layout.KTT_GOODS_SUMMARY, Layout.KTT_POINT_SUMMARY)

# What a layout cannot be without. A leader's own questions come as further
# columns, and tools add some, so more columns are never an objection.
REQUIRED: Mapping[Layout, frozenset[str]] = {
    Layout.DAY_BUNDLE: frozenset({"order_no", "leader_code", "sku_code", "qty", "unit_price_fen"}),
    Layout.KTT_GOODS_SUMMARY: frozenset({"团购标题", "商品", "销售数量", "商品总金额"}),
    Layout.KTT_POINT_SUMMARY: frozenset({"团购标题", "订单总数", "商品总数", "订单总金额"}),
    Layout.KTT_PURCHASES: frozenset({"跟团号", "商品", "数量", "商品金额", "订单金额", "收货人"}),
    Layout.KTT_ORDERS: frozenset({"跟团号", "商品", "订单金额", "退款金额", "订单状态", "收货人"}),
    Layout.KTT_RESALE: frozenset({"跟团号", "商品", "订单金额", "订单退款", "订单状态", "收货人"}),
    Layout.KTT_SUPPLIER: frozenset({"跟团号", "商品", "数量", "商品成本价", "收货人"}),
    Layout.KTT_DELIVERY: frozenset({"跟团号", "下单人", "数量", "收货人", "联系电话"}),
    Layout.QJL_ORDERS: frozenset({"收货人", "联系电话", "订单总金额", "订购数量", "收货地址"}),
}
# The other names of one column, over all layouts.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "group_no": ("跟团号",),
    "buyer": ("下单人",),
    "remark": ("团员备注",),
    "goods": ("商品",),
    "spec": ("规格",),
    "qty": ("数量", "订购数量"),
    "goods_amount": ("商品金额",),
    "freight": ("运费",),
    "discount": ("优惠",),
    "amount": ("订单金额", "订单总金额"),
    "refund": ("退款金额", "订单退款"),
    "state": ("订单状态", "支付状态"),
    "point": ("服务小区", "自提点"),
    "receiver": ("收货人",),
    "phone": ("联系电话",),
    "address": ("详细地址", "收货地址"),
    "paid_at": ("支付时间",),
}
# Questions that leaders ask; the example behind them is their own.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "room": ("房号", "室号", "房间号"),
    "building": ("楼号", "楼栋", "栋号"),
    "lane": ("弄号",),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as texts; the heading is row 1 of the file, the first of `rows` row 2."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file with all its sheets; `name` is without folder and ending."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def layout_of(headings: Sequence[str]) -> Layout | None:
    """The layout that these headings have; the most particular one where several fit."""
    present = {heading.strip() for heading in headings}
    fitting = [layout for layout, required in REQUIRED.items() if required <= present]
    return max(fitting, key=lambda layout: len(REQUIRED[layout]), default=None)


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Where each field stands; an answer's column by how its question begins."""
    columns: dict[str, int] = {}
    for at, heading in enumerate(heading.strip() for heading in headings):
        for field, names in FIELDS.items():
            if heading in names:
                columns.setdefault(field, at)
        for field, beginnings in ANSWERS.items():
            if heading.startswith(beginnings):
                columns.setdefault(field, at)
    return columns
