"""What closes a paper: totals, checks that two figures agree, lines to sign."""

from collections.abc import Sequence

from fulfillment.papers.fonts import clean, fit_line, text_width
from fulfillment.papers.layout import SOFT, WHITE, Align, Box, Sheet, Type
from fulfillment.papers.table import Flow

LABEL = Type(8, grey=SOFT)
TOTAL = Type(15, bold=True)
CHECK = Type(11, bold=True)
NOTE = Type(9)
TOTALS_HEIGHT = 14.0
CHECK_HEIGHT = 7.5
SIGN_HEIGHT = 13.0
BAR_HEIGHT = 9.0
BARS_HEIGHT = BAR_HEIGHT + 4


def draw_totals(flow: Flow, totals: Sequence[tuple[str, str]], *, rule: bool = True) -> None:
    """Draw a band of labelled totals over the width of the page."""
    sheet = flow.sheet
    top = flow.take(TOTALS_HEIGHT)
    width = (sheet.right - sheet.left) / len(totals)
    if rule:
        sheet.rule(top + 1, width=0.5)
    for index, (label, value) in enumerate(totals):
        x = sheet.left + index * width
        sheet.text(x, top + 5, label, LABEL)
        size = min(TOTAL.size, TOTAL.size * (width - 3) / max(text_width(value, 15, True), 0.1))
        sheet.text(x, top + 11.3, value, Type(size, bold=True))


def draw_check(flow: Flow, one: tuple[str, int], other: tuple[str, int]) -> None:
    """Draw `one = other ✓` from two worded figures, inverted if the values differ."""
    sheet = flow.sheet
    top = flow.take(CHECK_HEIGHT)
    if one[1] == other[1]:
        sheet.text(sheet.left, top + 5, f"{one[0]} = {other[0]} ✓", CHECK)
        return
    text = f"{one[0]} ({one[1]}) ≠ {other[0]}"
    sheet.fill(Box(sheet.left, top, text_width(text, CHECK.size, True) + 4, 7), 0)
    sheet.text(sheet.left + 2, top + 5, text, Type(CHECK.size, True, WHITE))


def draw_note(flow: Flow, text: str) -> None:
    """Draw one small line of explanation."""
    sheet = flow.sheet
    top = flow.take(5.5)
    sheet.text(sheet.left, top + 3.8, fit_line(text, sheet.right - sheet.left, NOTE.size), NOTE)


def draw_signatures(flow: Flow, labels: Sequence[str]) -> None:
    """Draw labels with lines to write on, side by side."""
    sheet = flow.sheet
    top = flow.take(SIGN_HEIGHT)
    baseline = top + SIGN_HEIGHT - 3
    width = (sheet.right - sheet.left) / len(labels)
    for index, label in enumerate(labels):
        x = sheet.left + index * width
        sheet.text(x, baseline, label, Type(10))
        start = x + text_width(label, 10) + 2
        sheet.line((start, baseline + 1), (x + width - 4, baseline + 1), width=0.25)


def draw_people(flow: Flow, labels: Sequence[str]) -> None:
    """Draw who signs, the last line of a paper, and the operator's notes behind it."""
    template = flow.sheet.template
    draw_signatures(flow, [clean(label) for label in template.signatures] or labels)
    for note in template.foot_notes:
        draw_note(flow, clean(note))


def draw_bars(flow: Flow, payload: str, words: str) -> None:
    """Draw the paper's Code128 for wedge scanners with a word on its use."""
    sheet = flow.sheet
    top = flow.take(BARS_HEIGHT)
    width = sheet.bars(sheet.left - 3.3, top + 3, BAR_HEIGHT, payload)
    _draw_beside(sheet, sheet.left + width, top + 6, (payload, words))


def _draw_beside(sheet: Sheet, x: float, top: float, rows: tuple[str, ...]) -> None:
    for index, row in enumerate(rows):
        style = Type(10 - index, grey=SOFT if index else 0, align=Align.LEFT)
        sheet.text(x, top + index * 4.2, fit_line(row, sheet.right - x, style.size), style)


def draw_warning(flow: Flow, text: str) -> None:
    """Draw a sentence in a thick frame."""
    sheet = flow.sheet
    top = flow.take(CHECK_HEIGHT + 1)
    sheet.frame(Box(sheet.left, top, sheet.right - sheet.left, CHECK_HEIGHT), width=0.6)
    text = fit_line(text, sheet.right - sheet.left - 4, CHECK.size, True)
    sheet.text(sheet.left + 2, top + 5.2, text, CHECK)
