"""Everything to post about a sale in one file: words and pictures, good by good."""

import io
import re
import zipfile
from datetime import date

from fulfillment.domain.selling_kit import KitGoods, KitSale
from fulfillment.services.kit_pictures import goods_card_picture, sale_picture
from fulfillment.services.kit_wording import (
    goods_text,
    last_call_text,
    opening_text,
    war_report_text,
)
from leaders.models.leaders import Leader
from orders.models.kit import PostKind

NAME_LENGTH = 30
# A name of goods becomes a file name; nothing in it may lead anywhere.
_NOT_IN_NAMES = re.compile(r"[^\w-]+")


def kit_pack(sale: KitSale, leader: Leader, today: date) -> bytes:
    """All posts of a sale as a ZIP file of texts and pictures.

    File names hold letters, digits, `-` and `_` only, whatever goods are called.
    """
    packed = io.BytesIO()
    # Pictures are packed already.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for number, (kind, text) in enumerate(_posts(sale), start=1):
            stem = f"{number}-{kind}"
            archive.writestr(f"{stem}.txt", _file_text(text))
            archive.writestr(f"{stem}.png", sale_picture(kind, sale, leader, today))
        for goods in sale.goods:
            stem = f"goods/{_stem(goods)}"
            archive.writestr(f"{stem}.txt", _file_text(goods_text(sale, goods)))
            archive.writestr(f"{stem}.png", goods_card_picture(sale, goods, leader, today))
    return packed.getvalue()


def _posts(sale: KitSale) -> list[tuple[PostKind, str]]:
    posts = [
        (PostKind.OPENING, opening_text(sale)),
        (PostKind.LAST_CALL, last_call_text(sale)),
    ]
    if sale.households:
        posts.append((PostKind.WAR_REPORT, war_report_text(sale)))
    return posts


def _file_text(text: str) -> bytes:
    """The text as Windows' own editor shows it right, too."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _stem(goods: KitGoods) -> str:
    code = _NOT_IN_NAMES.sub("-", goods.sku_code).strip("-")
    name = _NOT_IN_NAMES.sub("-", goods.name).strip("-")[:NAME_LENGTH]
    return f"{code}-{goods.offer_id}-{name}"
