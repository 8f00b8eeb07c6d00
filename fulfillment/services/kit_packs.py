"""Everything to post about a sale in one file: words and pictures, good by good."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from fulfillment.domain.selling_kit import KitGoods, KitSale
from fulfillment.integrations.zip_streams import zip_streamed
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


def kit_pack(sale: KitSale, leader: Leader) -> Iterator[bytes]:
    """Stream all posts of a sale as a ZIP file of texts and pictures.

    A hundred pictures take a while to draw; the first are on their way while
    the others are drawn. File names hold letters, digits, `-` and `_` only,
    whatever goods are called.
    """
    local = timezone.localtime(sale.now)
    files = _files(sale, leader, local.date())
    return zip_streamed(((name, [content]) for name, content in files), local)


def _files(sale: KitSale, leader: Leader, today: date) -> Iterator[tuple[str, bytes]]:
    for number, (kind, text) in enumerate(_posts(sale), start=1):
        stem = f"{number}-{kind}"
        yield f"{stem}.txt", _file_text(text)
        yield f"{stem}.png", sale_picture(kind, sale, leader, today)
    for goods in sale.goods:
        stem = f"goods/{_stem(goods)}"
        yield f"{stem}.txt", _file_text(goods_text(sale, goods))
        yield f"{stem}.png", goods_card_picture(sale, goods, leader, today)


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
