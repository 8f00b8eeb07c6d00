"""The two faces of the pictures, and text measured, cut and broken to fit in them.

Text from outside may be of any length and hold any character: `clean` comes
before it is measured. Sizes and widths are pixels.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_FILES = {False: "NotoSansSC_400Regular.ttf", True: "NotoSansSC_700Bold.ttf"}
ELLIPSIS = "…"
# Nobody reads further in a picture, and measuring costs time by the character.
LONGEST_TEXT = 300
# A code point that no face may give a shape.
NO_CHARACTER = "\uffff"
PROBE_SIZE = 24

_TOKENS = re.compile(r"[!-~]+|\s+|.")


class PictureFontMissing(RuntimeError):
    """Pictures cannot be drawn: a font file is not where it should be."""


@lru_cache(maxsize=64)
def face(folder: Path, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """One face in one size.

    Raises
    ------
    PictureFontMissing
        If its file is not in `folder`, or is no font.
    """
    path = folder / FONT_FILES[bold]
    try:
        return ImageFont.truetype(str(path), size)
    except OSError as error:
        raise PictureFontMissing(f"Pictures need the font file {path}.") from error


@lru_cache(maxsize=8192)
def has_shape(folder: Path, char: str) -> bool:
    """Whether the regular face has a shape of its own for a character."""
    probe = face(folder, PROBE_SIZE)
    return char.isspace() or bytes(probe.getmask(char)) != bytes(probe.getmask(NO_CHARACTER))


def clean(folder: Path, text: str) -> str:
    """One line of characters the face has, at most `LONGEST_TEXT` long.

    Characters that turn a line round and symbols without a shape (emoji) go:
    an empty box in a picture for the group looks like a mistake.
    """
    words = " ".join(text[:LONGEST_TEXT].split())
    return "".join(
        char
        for char in words
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        and has_shape(folder, char)
    )


def width(font: ImageFont.FreeTypeFont, text: str) -> int:
    """How wide a text is."""
    return round(font.getlength(text))


def fit_line(font: ImageFont.FreeTypeFont, text: str, room: int) -> str:
    """A text cut with an ellipsis so that it is at most `room` wide."""
    if width(font, text) <= room:
        return text
    kept = text
    while kept and width(font, kept.rstrip() + ELLIPSIS) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def wrap(font: ImageFont.FreeTypeFont, text: str, room: int, lines: int) -> list[str]:
    """A text broken into at most `lines` lines of `room` pixels, the last one cut.

    Runs of Latin letters and digits stay together unless they are wider than
    a line; 汉字 break anywhere.
    """
    rows: list[str] = []
    current = ""
    tokens = [
        piece
        for token in _TOKENS.findall(text)
        for piece in ([token] if width(font, token) <= room else list(token))
    ]
    for at, piece in enumerate(tokens):
        if width(font, current + piece.rstrip()) <= room or not current:
            current += piece
            continue
        if len(rows) == lines - 1:
            return [*rows, fit_line(font, current + "".join(tokens[at:]), room)]
        rows.append(current.rstrip())
        current = piece.lstrip()
    return [*rows, current.rstrip()] if current.strip() or not rows else rows
