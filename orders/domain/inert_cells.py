"""Makes the cells of every export inert: no text in them ever becomes a formula.

A spreadsheet runs a cell that begins with one of a few characters, and names
come from people. Real numbers stay numbers; a text that could run gets the
apostrophe that spreadsheets themselves use to say "this is text".

Sources
-------
OWASP ASVS 5.0, item 1.2.10 and the OWASP page on CSV injection; the full-width
characters are in it because Chinese keyboards type them and some spreadsheets
read them as the half-width ones.
"""

from collections.abc import Iterable

FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n\0")
SHIELD = "'"

Cell = str | int | float


def inert_text(text: str) -> str:
    """The text as it may stand in a cell.

    Blanks before a formula do not make it harmless, since some programs trim
    them. NUL is taken out: no program shows it, and several stop reading at it.
    """
    readable = text.replace("\0", "")
    if text[:1] in FORMULA_STARTS or readable.lstrip()[:1] in FORMULA_STARTS:
        return SHIELD + readable
    return readable


def inert_cell(value: object) -> Cell:
    """The value as it may stand in a cell.

    Whole and broken numbers stay numbers, ``None`` becomes an empty cell, a
    truth value becomes 1 or 0, and everything else the inert form of its text.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    return inert_text(str(value))


def inert_row(values: Iterable[object]) -> list[Cell]:
    """A row of values, each made inert."""
    return [inert_cell(value) for value in values]
