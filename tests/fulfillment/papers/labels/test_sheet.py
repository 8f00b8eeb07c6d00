"""Labels: nothing is clipped, every code is read from the printer's picture."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from fulfillment.papers.fonts import ELLIPSIS
from fulfillment.papers.labels.sheet import Row, fit_rows
from fulfillment.papers.labels.sizes import MEDIA, Offset, Printing
from fulfillment.papers.labels.tote_label import render_tote_labels
from tests.fulfillment.papers.labels.contents import KINDS, LONG_GOODS, tote_label
from tests.fulfillment.papers.labels.reading import dark_square, glyphs, page_words
from tests.fulfillment.papers.reading import MM, codes, words

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
EVERY_MEDIUM = pytest.mark.parametrize("medium", MEDIA)


@EVERY_KIND
@EVERY_MEDIUM
@pytest.mark.parametrize("longest", [False, True], ids=["plain_case", "longest_case"])
def test_every_glyph_lies_inside_its_label(kind: str, medium: str, longest: bool) -> None:
    label = KINDS[kind].longest if longest else KINDS[kind].plain
    if kind == "household":
        # What needs further labels is looked at on the first.
        label = replace(label, lines=label.lines[:2])

    paper = KINDS[kind].drawn(label, medium, is_reprint=True)

    box = MEDIA[medium].box(1)
    found = glyphs(paper.pdf)
    assert len(found) > 30
    for glyph in found:
        assert box.x <= glyph.left, glyph
        assert glyph.right <= box.x + box.width, glyph
        assert box.y <= glyph.top, glyph
        assert glyph.bottom <= box.y + box.height, glyph


@EVERY_KIND
@EVERY_MEDIUM
def test_no_glyph_lies_on_the_code(kind: str, medium: str) -> None:
    label = KINDS[kind].longest
    if kind == "household":
        label = replace(label, lines=label.lines[:2])

    paper = KINDS[kind].drawn(label, medium, is_reprint=True)

    left, top, right, bottom = dark_square(paper.pdf, MEDIA[medium].box(1))
    for glyph in glyphs(paper.pdf):
        is_beside = glyph.right < left or glyph.left > right
        assert is_beside or glyph.bottom < top or glyph.top > bottom, glyph


@EVERY_KIND
@EVERY_MEDIUM
@pytest.mark.parametrize("longest", [False, True], ids=["plain_case", "longest_case"])
def test_every_code_is_read_at_203_dpi_and_stands_in_text(
    kind: str, medium: str, longest: bool
) -> None:
    label = KINDS[kind].longest if longest else KINDS[kind].plain

    paper = KINDS[kind].drawn(label, medium, is_reprint=True)

    for page in range(paper.pages):
        assert codes(paper.pdf, page) == {("QRCode", str(label.code))}
        assert str(label.code) in page_words(paper.pdf, page)


@pytest.mark.parametrize("medium", ["60x40", "80x60", "100x100"])
def test_a_thermal_label_is_a_page_of_its_exact_size(medium: str) -> None:
    paper = KINDS["tote"].drawn(tote_label(), medium)

    page = PdfReader(BytesIO(paper.pdf)).pages[0].mediabox
    width, height = medium.split("x")
    assert [float(page.width) / MM, float(page.height) / MM] == pytest.approx(
        [float(width), float(height)], abs=0.01
    )


@EVERY_KIND
@EVERY_MEDIUM
def test_the_big_word_has_36_points_or_more(kind: str, medium: str) -> None:
    paper = KINDS[kind].drawn(KINDS[kind].plain, medium)

    assert max(word.size for word in words(paper.pdf)) >= 36


@EVERY_MEDIUM
def test_the_longest_slot_keeps_its_36_points(medium: str) -> None:
    paper = KINDS["tote"].drawn(KINDS["tote"].longest, medium, is_reprint=True)

    (slot,) = [word for word in words(paper.pdf) if word.text.startswith("112-107")]
    assert slot.size >= 36


@EVERY_KIND
@EVERY_MEDIUM
def test_nothing_is_smaller_than_seven_points(kind: str, medium: str) -> None:
    paper = KINDS[kind].drawn(KINDS[kind].longest, medium)

    assert min(word.size for word in words(paper.pdf)) >= 7


def test_a_name_shrinks_then_wraps_then_ends_in_dots() -> None:
    def fitted(text: str, lines: int) -> tuple[float, tuple[str, ...]]:
        found = fit_rows(Row(text, lines=lines), 40, size=14, smallest=10)
        return found.size, found.texts

    assert fitted("西兰花", 2) == (14, ("西兰花",))
    shrunk, one = fitted("冰淇淋西瓜西兰花鸡", 2)
    assert 10 < shrunk < 14
    assert one == ("冰淇淋西瓜西兰花鸡",)
    size, two = fitted("冰淇淋西瓜西兰花鸡蛋牛奶", 2)
    assert (size, "".join(two)) == (14, "冰淇淋西瓜西兰花鸡蛋牛奶")
    assert len(two) == 2
    _size, cut = fitted(LONG_GOODS, 2)
    assert len(cut) == 2
    assert cut[-1].endswith(ELLIPSIS)


def test_parts_are_not_torn_apart() -> None:
    row = Row(parts=("R01 101", "R02 102", "R03 103", "R04 104"), lines=4)

    found = fit_rows(row, 42, size=12, smallest=12)

    assert found.texts == ("R01 101 · R02 102", "R03 103 · R04 104")


def test_a_part_used_sheet_begins_at_its_first_free_position() -> None:
    labels = [tote_label(tote_no=number) for number in range(1, 4)]
    printing = Printing(medium=MEDIA["a4-3x8"], start=24)

    paper = render_tote_labels("labels", labels, printing)

    slots = [word for word in words(paper.pdf) if word.text.startswith("3-07")]
    assert paper.pages == 2
    assert [(word.page, round(word.x), round(word.y)) for word in slots] == [
        (1, 142, 271),
        (2, 2, 12),
        (2, 72, 12),
    ]


def test_a_printers_offset_moves_everything() -> None:
    plain = render_tote_labels("x", [tote_label()], Printing(medium=MEDIA["a4-3x7"]))
    moved = render_tote_labels(
        "x", [tote_label()], Printing(medium=MEDIA["a4-3x7"], offset=Offset(1.5, -2))
    )

    for before, after in zip(words(plain.pdf), words(moved.pdf), strict=True):
        assert (after.x - before.x, after.y - before.y) == pytest.approx((1.5, -2), abs=0.01)


@EVERY_KIND
def test_only_a_reprint_carries_the_r(kind: str) -> None:
    first = KINDS[kind].drawn(KINDS[kind].plain, "80x60")
    again = KINDS[kind].drawn(KINDS[kind].plain, "80x60", is_reprint=True)

    assert "R" not in page_words(first.pdf)
    assert "R" in page_words(again.pdf)


@EVERY_KIND
def test_the_same_labels_give_the_same_bytes(kind: str) -> None:
    assert KINDS[kind].drawn(KINDS[kind].plain, "60x40") == KINDS[kind].drawn(
        KINDS[kind].plain, "60x40"
    )
