"""Pasted text made comparable: one width for digits and signs, no invisible letters.

Cleaning is for understanding only; what people wrote is kept beside it as it was.
"""

import unicodedata

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SPACES = dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x0009), " ")
# Marks of direction and width; the joiner inside emoji (U+200D) is none of them.
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x2066, 0x206A)))
_CLEANING = {**FULL_WIDTH, **SPACES, **INVISIBLE, ord("✖"): "×", ord("✕"): "×", ord("➕"): "+"}
JOINERS = "\u200d\ufe0f\ufe0e\u20e3"


def clean(text: str) -> str:
    """Half-width, with plain spaces and nothing invisible; trimmed."""
    return text.translate(_CLEANING).strip()


def squeezed(text: str) -> str:
    """The letters alone, for comparing names: clean, in lower case, without spaces or joiners."""
    kept = (letter for letter in clean(text).casefold() if letter not in JOINERS)
    return "".join("".join(kept).split())


def is_pictorial(letter: str) -> bool:
    """Whether a letter belongs to an emoji rather than to a word."""
    if letter in JOINERS or 0x1F3FB <= ord(letter) <= 0x1F3FF:
        return True
    return unicodedata.category(letter) == "So" and not 0x2460 <= ord(letter) <= 0x24FF


def is_latin(letter: str) -> bool:
    """Whether a letter is one of A to Z in either case."""
    return letter.isascii() and letter.isalpha()
