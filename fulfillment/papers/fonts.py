"""The two faces of the papers, and text measured and cut to fit in them.

reportlab embeds TrueType subsets only, so the static Noto Sans SC is used.
Text from outside (names of goods and people) passes `clean` before it is
measured: it may be of any length and hold any character.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

REGULAR = "NotoSansSC"
BOLD = "NotoSansSC-Bold"
FONT_FILES = {REGULAR: "NotoSansSC_400Regular.ttf", BOLD: "NotoSansSC_700Bold.ttf"}
# The papers' own words; a face without these would print empty boxes.
SAMPLE = "汉字团购采购单收货单总分单播种单分拣单装车单路线单配送签收单提货清单缺冷冻常壹贰叁×…·✓≠"
# Printed in place of a character the face does not have.
MISSING = "〓"
ELLIPSIS = "…"
# Nobody reads further on paper, and measuring costs time by the character.
LONGEST_TEXT = 300
MM_PER_POINT = 25.4 / 72

_TOKENS = re.compile(r"[!-~]+|\s+|.")
# Rendering of symbols only; they have no shape of their own.
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


class PaperFontMissing(RuntimeError):
    """The papers cannot be printed: a font file is missing or has no 汉字."""


def register_fonts(folder: Path) -> None:
    """Load both faces from `folder` and make sure they can print Chinese.

    Parameters
    ----------
    folder
        Directory that holds the files named in `FONT_FILES`.

    Raises
    ------
    PaperFontMissing
        If a file is missing, unreadable, or lacks a glyph of `SAMPLE`.
    """
    for name, file_name in FONT_FILES.items():
        path = folder / file_name
        if not path.is_file():
            raise PaperFontMissing(f"Papers need the font file {path}; it is not there.")
        try:
            font = TTFont(name, str(path))
        except TTFError as error:
            raise PaperFontMissing(f"{path} is not a TrueType font: {error}") from error
        lacking = "".join(c for c in SAMPLE if not font.face.charToGlyph.get(ord(c)))
        if lacking:
            raise PaperFontMissing(f"{path} has no glyphs for {lacking}; papers would be blank.")
        pdfmetrics.registerFont(font)
    for cached in (clean, text_width, fit_line, wrap):
        cached.cache_clear()


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} and (
        ord(char) not in _VARIATION_SELECTORS
    )


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """One line of printable characters, at most `LONGEST_TEXT` long.

    Control and direction characters go (a name must not turn a line round),
    white space becomes one space, unknown characters print as `〓`.
    """
    glyphs = pdfmetrics.getFont(REGULAR).face.charToGlyph
    short = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + ELLIPSIS
    words = " ".join(short.split())
    return "".join(c if ord(c) in glyphs else MISSING for c in words if _is_printable(c))


@lru_cache(maxsize=65536)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width in mm of `text` set at `size` points."""
    width: float = pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size)
    return width * MM_PER_POINT


@lru_cache(maxsize=65536)
def fit_line(text: str, width: float, size: float, bold: bool = False) -> str:
    """`text` cut with an ellipsis so that it is at most `width` mm wide."""
    if text_width(text, size, bold) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, bold)
    taken = ""
    for char in text:
        room -= text_width(char, size, bold)
        if room < 0:
            break
        taken += char
    return taken.rstrip() + ELLIPSIS


@lru_cache(maxsize=65536)
def wrap(
    text: str, width: float, size: float, bold: bool = False, *, lines: int = 2
) -> tuple[str, ...]:
    """`text` broken into at most `lines` lines of `width` mm, the last one cut.

    Runs of Latin letters and digits (`500g`, `4×20`) stay together unless
    they are wider than a line; 汉字 break anywhere.
    """
    rows: list[str] = []
    current = ""
    rest = text
    for token in _TOKENS.findall(text):
        if len(rows) == lines - 1:
            break
        pieces = [token] if text_width(token, size, bold) <= width else list(token)
        for piece in pieces:
            if text_width(current + piece, size, bold) > width and current:
                rows.append(current.rstrip())
                rest = rest[len(current) :].lstrip()
                current = piece.lstrip()
                if len(rows) == lines - 1:
                    break
            else:
                current += piece
    if rest:
        rows.append(fit_line(rest, width, size, bold))
    return tuple(rows) or ("",)
