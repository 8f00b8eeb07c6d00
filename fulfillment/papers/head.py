"""The head and foot every paper shares."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.papers.fonts import clean, fit_line, text_width, wrap
from fulfillment.papers.layout import SOFT, WHITE, Align, Box, Sheet, Type
from fulfillment.papers.numbering import replaced_revision
from fulfillment.papers.paper import Freeze, Stamp

TITLE = Type(20, bold=True)
SHORT_TITLE = Type(12, bold=True)
KEY = Type(48, bold=True, align=Align.RIGHT)
SHORT_KEY = Type(24, bold=True, align=Align.RIGHT)
LABEL = Type(8, grey=SOFT)
VALUE = Type(11)
STRONG = Type(11, bold=True)
FOOT = Type(8)
CONTROL = Type(11, bold=True)
QR_SIZE = 24.0
FACT_HEIGHT = 10.5
NOTE_HEIGHT = 5.8


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value in the head, spanning `columns` of four; not shown if empty."""

    label: str
    value: str
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands over one document.

    `key` is the word the reader looks for first (slot, route), set at 48 pt;
    `subject` says on further pages what the paper is about; `copy` names the
    copy; `private` marks a paper with personal data.
    """

    title: str
    stamp: Stamp
    pieces: int
    key: str = ""
    subject: str = ""
    facts: tuple[Fact, ...] = ()
    copy: str = ""
    private: bool = False


def freeze_name(freeze: Freeze) -> str:
    """The frozen figures in the reader's words."""
    names = {
        Freeze.DEMAND: _("F1 cut-off demand"),
        Freeze.ALLOCATION: _("F2 allocation"),
        Freeze.ROUTE_PLAN: _("F3 route plan"),
        Freeze.TOTES: _("F4 sealed totes"),
    }
    return names[freeze]


def control_figure(stamp: Stamp, pieces: int) -> str:
    """The control code with the pieces printed, for instance `K7QD·86`."""
    return f"{stamp.control_code}·{pieces}"


def draw_head(sheet: Sheet, head: Head) -> float:
    """Begin a page with the full head; gives the y below it."""
    sheet.template = head.stamp.template
    sheet.new_page()
    top = sheet.top
    qr_left = sheet.right - QR_SIZE
    if head.stamp.code:
        sheet.qr(qr_left + 2, top - 2, QR_SIZE, head.stamp.code)
    else:
        qr_left = sheet.right
    _draw_title(sheet, head, top + 6.5)
    _draw_number(sheet, head, top + 13)
    if head.key:
        _draw_key(sheet, head.key, qr_left - 2, top)
    y = _draw_facts(sheet, head.facts, top + 17.5, qr_left - 4)
    y = max(y, top + QR_SIZE - 2)
    for note in sheet.template.head_notes:
        sheet.fitted(sheet.left, y + 4, note, STRONG, width=sheet.right - sheet.left)
        y += NOTE_HEIGHT
    sheet.rule(y, width=0.5)
    return y


def draw_short_head(sheet: Sheet, head: Head) -> float:
    """Begin a further page of the same document; gives the y below its head."""
    sheet.new_page()
    baseline = sheet.top + 6.5
    title = _("%(title)s (continued)") % {"title": _title(head)}
    sheet.text(sheet.left, baseline, title, SHORT_TITLE)
    x = sheet.left + text_width(title, SHORT_TITLE.size, True) + 4
    if head.copy:
        x = _draw_copy(sheet, head.copy, x, baseline)
    key_width = text_width(head.key, SHORT_KEY.size, True) if head.key else 0
    sheet.fitted(x, baseline, head.subject, VALUE, width=sheet.right - key_width - 4 - x)
    sheet.text(sheet.right, baseline, head.key, SHORT_KEY)
    y = baseline + 3
    sheet.rule(y, width=0.5)
    return y


def draw_foot(sheet: Sheet, head: Head, page: int, pages: int) -> None:
    """Write the identity line at the bottom of the current page."""
    stamp = head.stamp
    y = sheet.height - 9.5
    sheet.rule(y - 4.6, width=0.2)
    figure = control_figure(stamp, head.pieces)
    sheet.text(sheet.left, y, figure, CONTROL)
    parts = [
        stamp.number,
        _("rev. %(revision)d") % {"revision": stamp.revision},
        freeze_name(stamp.freeze),
        _("printed %(time)s by %(person)s")
        % {"time": f"{stamp.printed_at:%Y-%m-%d %H:%M}", "person": clean(stamp.printed_by)},
    ]
    if head.private:
        parts.append(_("confidential"))
    page_text = _("page %(page)d / %(pages)d") % {"page": page, "pages": pages}
    x = sheet.left + text_width(figure, CONTROL.size, True) + 4
    room = sheet.right - text_width(page_text, CONTROL.size, True) - 4 - x
    sheet.text(x, y, fit_line("  ·  ".join(parts), room, FOOT.size), FOOT)
    sheet.text(sheet.right, y, page_text, Type(11, bold=True, align=Align.RIGHT))


def _title(head: Head) -> str:
    """The paper's name, or the operator's for it."""
    return clean(head.stamp.template.title) or head.title


def _draw_title(sheet: Sheet, head: Head, baseline: float) -> None:
    title = _title(head)
    sheet.text(sheet.left, baseline, title, TITLE)
    x = sheet.left + text_width(title, TITLE.size, True) + 4
    if head.copy:
        x = _draw_copy(sheet, head.copy, x, baseline)
    replaced = replaced_revision(head.stamp.revision)
    if replaced:
        words = _("replaces %(revision)s") % {"revision": replaced}
        width = text_width(words, STRONG.size, True) + 4
        sheet.fill(Box(x, baseline - 4.8, width, 6.4), 0)
        sheet.text(x + 2, baseline, words, Type(11, bold=True, grey=WHITE))


def _draw_copy(sheet: Sheet, words: str, x: float, baseline: float) -> float:
    width = text_width(words, STRONG.size, True) + 4
    sheet.frame(Box(x, baseline - 4.8, width, 6.4), width=0.35)
    sheet.text(x + 2, baseline, words, STRONG)
    return x + width + 4


def _draw_number(sheet: Sheet, head: Head, baseline: float) -> None:
    sheet.text(sheet.left, baseline, head.stamp.number, VALUE)
    x = sheet.left + text_width(head.stamp.number, VALUE.size) + 5
    label = _("control")
    sheet.text(x, baseline, label, LABEL)
    x += text_width(label, LABEL.size) + 2
    sheet.text(x, baseline, control_figure(head.stamp, head.pieces), CONTROL)


def _draw_key(sheet: Sheet, key: str, right: float, top: float) -> None:
    room = right - sheet.left - 70
    size = min(KEY.size, KEY.size * room / max(text_width(key, KEY.size, True), 1))
    style = Type(size, bold=True, align=Align.RIGHT)
    sheet.text(right, top + 14.5, key, style)


def _draw_facts(sheet: Sheet, facts: tuple[Fact, ...], top: float, right: float) -> float:
    column = (right - sheet.left) / 4
    x, y = 0, top
    for fact in facts:
        if not fact.value.strip():
            continue
        if x + fact.columns > 4:
            x, y = 0, y + FACT_HEIGHT
        left = sheet.left + x * column
        room = fact.columns * column - 3
        sheet.text(left, y + 3, fact.label, LABEL)
        _draw_value(sheet, fact.value, left, y, room)
        x += fact.columns
    return y + FACT_HEIGHT if facts else top


def _draw_value(sheet: Sheet, value: str, x: float, y: float, room: float) -> None:
    text = clean(value)
    if text_width(text, STRONG.size, True) <= room:
        sheet.text(x, y + 7.8, text, STRONG)
        return
    # Long places and names get two small lines rather than lose their end.
    for index, row in enumerate(wrap(text, room, 8, True, lines=2)):
        sheet.text(x, y + 6 + index * 3.3, row, Type(8, bold=True))
