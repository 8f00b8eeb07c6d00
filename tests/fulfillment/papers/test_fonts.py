"""Fonts that can print 汉字, and text cut to fit."""

from pathlib import Path

import pytest
import reportlab
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.papers.fonts import (
    FONT_FILES,
    LONGEST_TEXT,
    PaperFontMissing,
    clean,
    fit_line,
    register_fonts,
    text_width,
    wrap,
)

LATIN_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def test_a_folder_without_fonts_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PaperFontMissing, match=r"NotoSansSC_400Regular\.ttf; it is not there"):
        register_fonts(tmp_path)


def test_a_font_without_chinese_glyphs_is_refused(tmp_path: Path) -> None:
    for name in FONT_FILES.values():
        (tmp_path / name).write_bytes(LATIN_FONT.read_bytes())

    with pytest.raises(PaperFontMissing, match="has no glyphs for 汉字"):
        register_fonts(tmp_path)


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    for name in FONT_FILES.values():
        (tmp_path / name).write_bytes(b"not a font at all")

    with pytest.raises(PaperFontMissing, match="is not a TrueType font"):
        register_fonts(tmp_path)


def test_the_projects_fonts_are_accepted_again_and_again() -> None:
    register_fonts(Path(settings.FONTS_DIR))

    register_fonts(Path(settings.FONTS_DIR))

    assert text_width("汉字", 10) == pytest.approx(2 * 10 * 25.4 / 72)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  西兰花\n 750g\t", "西兰花 750g"),
        ("小花🌸", "小花〓"),
        ("\u202e倒写\u200b", "倒写"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("长" * 10_000, "长" * LONGEST_TEXT + "…"),
    ],
    ids=["white_space_case", "emoji_case", "direction_case", "markup_case", "long_case"],
)
def test_outside_text_becomes_one_printable_line(text: str, printed: str) -> None:
    assert clean(text) == printed


@given(st.text(max_size=60), st.floats(min_value=8, max_value=80), st.booleans())
def test_a_fitted_line_is_never_too_wide(text: str, width: float, bold: bool) -> None:
    line = fit_line(clean(text), width, 11, bold)

    assert text_width(line, 11, bold) <= width + 0.01


@given(st.text(max_size=120), st.floats(min_value=10, max_value=80), st.integers(1, 4))
def test_wrapped_text_keeps_to_its_lines_and_loses_nothing_it_has_room_for(
    text: str, width: float, lines: int
) -> None:
    one = clean(text)

    rows = wrap(one, width, 11, lines=lines)

    assert len(rows) <= lines
    assert all(text_width(row, 11) <= width + 0.01 for row in rows)
    if not rows[-1].endswith("…"):
        assert "".join("".join(rows).split()) == "".join(one.split())


def test_a_spec_is_not_torn_apart() -> None:
    assert wrap("西兰花大棵装 750g", 22, 11) == ("西兰花大棵", "装 750g")
    assert wrap("有机娃娃菜 organic-750g", 24, 11) == ("有机娃娃菜", "organic-750g")
