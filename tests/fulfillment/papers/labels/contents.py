"""Small labels of every kind, each with a twin whose every text is as long as can be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.papers.labels.household_label import (
    HouseholdLabel,
    HouseholdLine,
    render_household_labels,
)
from fulfillment.papers.labels.item_label import ItemLabel, render_item_labels
from fulfillment.papers.labels.pallet_label import PalletLabel, render_pallet_labels
from fulfillment.papers.labels.sizes import MEDIA, Printing
from fulfillment.papers.labels.tote_label import ToteLabel, render_tote_labels
from fulfillment.papers.labels.weigh_label import WeighLabel, render_weigh_labels
from fulfillment.papers.paper import RenderedPaper
from orders.domain.storage import StorageClass

DAY = date(2026, 3, 11)
LONG_GOODS = "山东寿光有机认证冰淇淋西瓜麒麟瓜特大果礼盒装 1个约3.5斤 顺丰冷链包邮到家坏果包赔" * 2
LONG_LEADER = "阳光花苑三期东门张阿姨团购驿站兼快递代收点"


def tote_label(**changes: Any) -> ToteLabel:
    """Tote 2 of 5 of slot 3-07."""
    label = ToteLabel(
        code=LabelCode(Labelled.TOTE, 12),
        slot="3-07",
        leader_name="张阿姨",
        stop_seq=7,
        stops=12,
        tote_no=2,
        totes=5,
        storage=StorageClass.CHILL,
        class_totes=2,
        pieces=46,
        delivery_on=DAY,
    )
    return replace(label, **changes)


def item_label(**changes: Any) -> ItemLabel:
    """The fourth of 25 cauliflowers, for room 1203."""
    label = ItemLabel(
        code=LabelCode(Labelled.ITEM, 77),
        building="3栋",
        room="1203",
        pickup_no="17",
        resident_name="毛海燕",
        product_no=3,
        sku_name="西兰花 750g",
        unit="份",
        piece_no=4,
        pieces=25,
        door_piece_no=9,
        door_pieces=40,
        slot="3-07",
        leader_name="张阿姨",
    )
    return replace(label, **changes)


def household_label(**changes: Any) -> HouseholdLabel:
    """A bag of three pieces for room 1203."""
    label = HouseholdLabel(
        code=LabelCode(Labelled.HOUSEHOLD, 77),
        building="3栋",
        room="1203",
        pickup_no="17",
        resident_name="毛海燕",
        slot="3-07",
        leader_name="张阿姨",
        lines=(
            HouseholdLine(sku_name="西兰花 750g", unit="份", qty=2),
            HouseholdLine(sku_name="鸡蛋 30枚", unit="板", qty=1),
        ),
    )
    return replace(label, **changes)


def pallet_label(**changes: Any) -> PalletLabel:
    """A hundred watermelons for three routes."""
    label = PalletLabel(
        code=LabelCode(Labelled.PALLET, 5),
        sku_code="K1043",
        sku_name="冰淇淋西瓜 1个约3.5斤",
        unit="个",
        storage=StorageClass.AMBIENT,
        accepted_qty=100,
        splits=(("R1", 40), ("R2", 36), ("R3", 24)),
        batch_no="20260310-A",
        supplier_name="郑州西瓜供应商",
        expires_on=date(2026, 3, 20),
        received_on=DAY,
    )
    return replace(label, **changes)


def weigh_label(**changes: Any) -> WeighLabel:
    """The first of two watermelons of one line."""
    label = WeighLabel(
        code=LabelCode(Labelled.PORTION, 5),
        sku_name="冰淇淋西瓜 1个约3.5斤",
        slot="3-07",
        portion_no=1,
        portions=2,
        net_g=1684,
        sold_g=1750,
        has_refund=None,
        weighed_by="周师傅",
    )
    return replace(label, **changes)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of label: how it is drawn, a plain one, and its longest twin."""

    render: Callable[[str, Sequence[Any], Printing], RenderedPaper]
    plain: Any
    longest: Any

    def drawn(self, label: Any, medium: str, **printing: Any) -> RenderedPaper:
        """One label on a size or sheet."""
        return self.render("labels", [label], Printing(medium=MEDIA[medium], **printing))


KINDS = {
    "tote": Kind(
        render_tote_labels,
        tote_label(),
        tote_label(
            code=LabelCode(Labelled.TOTE, 99_999_999),
            slot="112-107",
            leader_name=LONG_LEADER,
            stop_seq=107,
            stops=112,
            tote_no=112,
            totes=115,
            class_totes=112,
            pieces=12_446,
        ),
    ),
    "item": Kind(
        render_item_labels,
        item_label(),
        item_label(
            code=LabelCode(Labelled.ITEM, 99_999_999),
            building="锦绣花园三期东区12栋2单元",
            room="2-12033A",
            pickup_no="11117",
            resident_name="欧阳娜娜",
            product_no=1113,
            sku_name=LONG_GOODS,
            unit="礼盒",
            piece_no=1104,
            pieces=1125,
            door_piece_no=11_109,
            door_pieces=11_140,
            slot="112-107",
            leader_name=LONG_LEADER,
        ),
    ),
    "household": Kind(
        render_household_labels,
        household_label(),
        household_label(
            code=LabelCode(Labelled.HOUSEHOLD, 99_999_999),
            building="锦绣花园三期东区12栋2单元",
            room="2-12033A",
            pickup_no="11117",
            resident_name="欧阳娜娜",
            slot="112-107",
            leader_name=LONG_LEADER,
            lines=tuple(
                HouseholdLine(sku_name=f"{nth}{LONG_GOODS}", unit="礼盒", qty=nth * 11)
                for nth in range(1, 24)
            ),
        ),
    ),
    "pallet": Kind(
        render_pallet_labels,
        pallet_label(),
        pallet_label(
            code=LabelCode(Labelled.PALLET, 99_999_999),
            sku_name=LONG_GOODS,
            accepted_qty=123_750,
            splits=tuple((f"R{route:02d}", 1000 + route) for route in range(1, 31)),
            batch_no="SG-20260310-AB-0001",
            supplier_name="山东寿光绿色蔬菜专业合作社联合社郑州分公司",
        ),
    ),
    "weigh": Kind(
        render_weigh_labels,
        weigh_label(),
        weigh_label(
            code=LabelCode(Labelled.PORTION, 99_999_999),
            sku_name=LONG_GOODS,
            slot="112-107",
            portion_no=112,
            portions=112,
            net_g=111_684,
            sold_g=111_750,
            weighed_by="欧阳娜娜凌晨早班二组",
        ),
    ),
}
