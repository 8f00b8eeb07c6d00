"""Pictures for chats: as wide as a phone, small, with a code that can be read."""

import io
import random
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image

from fulfillment.pictures.goods_card import GoodsCard, goods_picture
from fulfillment.pictures.post_card import TONES, CardRow, PostCard, post_picture
from fulfillment.pictures.poster import Poster, poster_picture
from fulfillment.pictures.sheet import BYTES_MAX
from fulfillment.pictures.typeface import (
    PictureFontMissing,
    clean,
    face,
    fit_line,
    width,
    wrap,
)

FONTS = Path(settings.FONTS_DIR)
ADDRESS = "https://tuan.example/s/q7k2ab/"


def opened(data: bytes) -> Image.Image:
    assert len(data) <= BYTES_MAX
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.width) == ("PNG", 1080)
    return picture.convert("RGB")


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def card(tone: str = "sale", rows: int = 3, name: str = "农家鲜鸡蛋 30枚") -> PostCard:
    return PostCard(
        tone=tone,
        kicker="今日开团",
        title="青石苑A点",
        facts=("今晚23:00截单",),
        rows=tuple(CardRow(name=name, note="产地 样例县", figure="¥24.90") for _row in range(rows)),
        notes=("坏果包赔",),
        call="扫码下单",
        shop="林秀英的团",
        address=ADDRESS,
    )


def goods(photo: bytes = b"", name: str = "脆桃 5斤装") -> GoodsCard:
    return GoodsCard(
        photo=photo,
        category="水果",
        name=name,
        price="29.90元/箱",
        notes=("产地：样例县",),
        when="今晚23:00截单",
        call="扫码下单",
        shop="林秀英的团",
        address=ADDRESS,
    )


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


@pytest.mark.parametrize("tone", TONES)
def test_a_phone_reads_the_code_of_every_post(tone: str) -> None:
    assert read(opened(post_picture(card(tone), FONTS))) == [ADDRESS]


def test_a_post_grows_with_its_list_up_to_eight() -> None:
    heights = [opened(post_picture(card(rows=rows), FONTS)).height for rows in (1, 8, 30)]

    assert heights[0] < heights[1] == heights[2]


def test_long_names_and_strange_characters_stay_inside() -> None:
    plain = opened(post_picture(card(rows=1, name="🥚" * 9 + "鸡蛋"), FONTS))
    long = opened(post_picture(card(rows=8, name="W汉" * 400), FONTS))

    assert plain.getpixel((1079, 400)) == plain.getpixel((2, 400))
    assert read(long) == [ADDRESS]


def test_the_same_values_draw_the_same_picture() -> None:
    assert post_picture(card(), FONTS) == post_picture(card(), FONTS)


def test_a_good_without_a_photo_has_the_name_of_its_shelf() -> None:
    assert read(opened(goods_picture(goods(), FONTS))) == [ADDRESS]


def test_a_photo_keeps_its_colours_and_the_words_theirs() -> None:
    red = jpeg(Image.new("RGB", (800, 600), (200, 30, 40)))

    picture = opened(goods_picture(goods(red), FONTS))

    above = picture.getpixel((540, 300))
    assert isinstance(above, tuple)
    assert all(abs(seen - true) < 12 for seen, true in zip(above, (200, 30, 40), strict=True))
    assert picture.getpixel((1070, 790)) == (255, 255, 255)
    assert read(picture) == [ADDRESS]


def test_a_photo_that_hardly_compresses_loses_detail() -> None:
    noise = random.Random(1).randbytes(640 * 480 * 3)

    picture = opened(goods_picture(goods(jpeg(Image.frombytes("RGB", (640, 480), noise))), FONTS))

    assert read(picture) == [ADDRESS]


def test_a_file_that_is_no_photo_is_left_out() -> None:
    assert goods_picture(goods(b"GIF89a broken"), FONTS) == goods_picture(goods(), FONTS)


def test_a_poster_leads_to_the_shop() -> None:
    poster = Poster(
        headline="好货到家门口",
        shop="林秀英的团",
        call="扫码下单",
        steps=("选好付款", "次日到货", "凭码取货"),
        places=("青石苑A点 建设路 12 号",),
        address="https://tuan.example/g/L0001/",
    )

    assert read(opened(poster_picture(poster, FONTS))) == ["https://tuan.example/g/L0001/"]


def test_text_is_cut_and_broken_to_fit() -> None:
    font = face(FONTS, 40)

    assert fit_line(font, "鸡蛋", 1000) == "鸡蛋"
    assert fit_line(font, "鸡蛋" * 99, 200).endswith("…")
    assert wrap(font, "鸡蛋 30枚", 1000, 2) == ["鸡蛋 30枚"]
    rows = wrap(font, "鸡蛋500g" * 20, 400, 3)
    assert len(rows) == 3
    assert all(width(font, row) <= 400 for row in rows)
    assert "500g" in rows[0]


def test_what_the_face_cannot_draw_goes() -> None:
    assert clean(FONTS, "鸡蛋\u202e🥚 \n①") == "鸡蛋 ①"


def test_a_missing_font_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(PictureFontMissing, match="NotoSansSC"):
        face(tmp_path, 40)
