"""D4 播种单: one SKU, one pallet, every slot that gets some of it.

The card is read while walking: slots stand in the order of the floor walk,
big, in columns read downwards. A subtotal after each route lets a mistake
be found within a route and not at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from fulfillment.domain.sorting import full_cases, parse_slot, serpentine
from fulfillment.papers.figures import storage_name
from fulfillment.papers.fonts import clean, fit_line, text_width, wrap
from fulfillment.papers.foot import (
    BARS_HEIGHT,
    CHECK_HEIGHT,
    SIGN_HEIGHT,
    TOTALS_HEIGHT,
    draw_bars,
    draw_check,
    draw_note,
    draw_people,
    draw_totals,
    draw_warning,
)
from fulfillment.papers.head import Fact, Head, draw_foot, draw_head, draw_short_head
from fulfillment.papers.layout import SOFT, ZEBRA, Align, Box, Sheet, Type
from fulfillment.papers.paper import RenderedPaper, Stamp
from fulfillment.papers.table import Flow, draw_quantity_box, is_boxed
from orders.domain.storage import StorageClass

BLOCKS = 4
GUTTER = 4.0
CELL_HEIGHT = 9.6
SUBTOTAL_HEIGHT = 6.4
END_HEIGHT = TOTALS_HEIGHT + 2 * CHECK_HEIGHT + SIGN_HEIGHT + BARS_HEIGHT
NAME_TYPE = Type(24, bold=True)
SLOT_TYPE = Type(24, bold=True)
QUANTITY = Type(18, bold=True, align=Align.RIGHT)
NOTED = Type(16, bold=True, align=Align.RIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SowDrop:
    """What one slot gets of the SKU; `qty` 0 with a shortage stays visible.

    `cases` are whole cases among its pieces, which go to the lane unopened.
    """

    route: str
    slot: str
    qty: int
    short_qty: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SowCard:
    """One SKU of a wave.

    `allocated_qty` is the figure to check the drops against; `gone_qty` came,
    and was then found missing or spoilt. `look_alikes` are other goods of the
    wave that are easily taken for these.
    """

    stamp: Stamp
    wave: str
    sku_code: str
    name: str
    unit: str
    storage: StorageClass
    pack_factor: int
    allocated_qty: int
    accepted_qty: int
    drops: tuple[SowDrop, ...]
    place: str = ""
    gone_qty: int = 0
    look_alikes: tuple[str, ...] = ()
    is_weighed: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cell of the card: a drop, or the subtotal that closes its route."""

    drop: SowDrop | None
    words: str = ""

    @property
    def height(self) -> float:
        return CELL_HEIGHT if self.drop else SUBTOTAL_HEIGHT


def render_sow_cards(title: str, cards: Sequence[SowCard]) -> RenderedPaper:
    """Draw the cards one after another, each with its own pages, into one file."""
    sheet = Sheet(title)
    for card in cards:
        _draw_card(sheet, card)
    drops = [drop for card in cards for drop in card.drops if drop.qty]
    return RenderedPaper(
        pdf=sheet.finish(),
        pages=sheet.pages,
        lines=len(drops),
        pieces=sum(drop.qty for drop in drops),
    )


def walk_order(drops: Sequence[SowDrop]) -> list[SowDrop]:
    """Drops in the order in which the sorter walks their slots."""
    by_slot = {parse_slot(drop.slot): drop for drop in drops}
    return [by_slot[slot] for slot in serpentine(by_slot)]


def _draw_card(sheet: Sheet, card: SowCard) -> None:
    pieces = sum(drop.qty for drop in card.drops)
    head = _head(card, pieces)
    flow = Flow(sheet, draw_head(sheet, head), lambda: draw_short_head(sheet, head))
    _draw_name(flow, card)
    _draw_marks(flow, card)
    _draw_entries(flow, _entries(card))
    _draw_end(flow, card, pieces)
    sheet.end_document(lambda page, pages: draw_foot(sheet, head, page, pages))


def _head(card: SowCard, pieces: int) -> Head:
    return Head(
        title=_("Sow card"),
        stamp=card.stamp,
        pieces=pieces,
        key=card.sku_code,
        subject=card.name,
        facts=(
            Fact(_("Wave"), card.wave),
            Fact(_("Storage"), storage_name(card.storage)),
            Fact(_("Bin or arrival"), card.place),
        ),
    )


def _draw_name(flow: Flow, card: SowCard) -> None:
    sheet = flow.sheet
    served = sum(1 for drop in card.drops if drop.qty)
    width = sheet.right - sheet.left
    rows = wrap(clean(card.name), width - 68, NAME_TYPE.size, True, lines=2)
    height = 10.5 * len(rows) + (10.5 if len(rows) == 1 else 4)
    top = flow.take(height)
    for index, row in enumerate(rows):
        sheet.text(sheet.left, top + 10 + index * 10, row, NAME_TYPE)
    facts = [
        _("unit %(unit)s") % {"unit": fit_line(clean(card.unit), 20, 11)},
        _("%(count)d drops") % {"count": served},
    ]
    cases = full_cases(card.allocated_qty, card.pack_factor)
    if cases:
        facts.append(_("full packs %(packs)s") % {"packs": cases})
    baseline = top + height - 3
    if len(rows) == 1:
        sheet.text(sheet.left, baseline, "    ".join(facts), Type(12))
    else:
        sheet.text(sheet.right, baseline, "  ".join(facts), Type(10, align=Align.RIGHT))
    total = str(sum(drop.qty for drop in card.drops))
    sheet.text(sheet.right, top + 12, total, Type(34, bold=True, align=Align.RIGHT))
    label_right = sheet.right - text_width(total, 34, True) - 3
    sheet.text(label_right, top + 12, _("to sow"), Type(12, align=Align.RIGHT))
    sheet.rule(flow.y, width=0.35)
    flow.y += 2


def _draw_marks(flow: Flow, card: SowCard) -> None:
    """Warn of goods that look the same, and of portions that are weighed before."""
    if card.look_alikes:
        words = _("Looks alike: %(goods)s") % {"goods": clean("; ".join(card.look_alikes))}
        draw_warning(flow, words)
        flow.y += 1
    if card.is_weighed:
        draw_note(flow, _("Weighed first: put each labelled portion where its label says."))


def _entries(card: SowCard) -> list[_Entry]:
    entries: list[_Entry] = []
    running = 0
    # The lane on the floor stays what the slot says, whatever route serves it now.
    for _lane, group in groupby(
        walk_order(card.drops), key=lambda one: parse_slot(one.slot).route_no
    ):
        drops = list(group)
        subtotal = sum(drop.qty for drop in drops)
        running += subtotal
        entries += [_Entry(drop) for drop in drops]
        words = _("%(route)s = %(subtotal)d   running %(running)d")
        entries.append(
            _Entry(
                None, words % {"route": drops[0].route, "subtotal": subtotal, "running": running}
            )
        )
    return entries


def _draw_entries(flow: Flow, entries: Sequence[_Entry]) -> None:
    """Fill column after column; a subtotal never begins a column."""
    columns = _columns_of(entries, flow)
    sheet = flow.sheet
    width = (sheet.right - sheet.left - GUTTER * (BLOCKS - 1)) / BLOCKS
    top, lowest, place = flow.y, flow.y, 0
    for column in columns:
        if place == BLOCKS:
            flow.break_page()
            flow.y += 2
            top, lowest, place = flow.y, flow.y, 0
        y = top
        left = sheet.left + place * (width + GUTTER)
        for entry in column:
            _draw_entry(sheet, entry, Box(left, y, width, entry.height))
            y += entry.height
        lowest = max(lowest, y)
        place += 1
    flow.y = lowest + 2


def _columns_of(entries: Sequence[_Entry], flow: Flow) -> list[list[_Entry]]:
    """Split the entries into columns: the rest of this page, then whole pages.

    The last page is spread evenly over its columns, so that what closes the
    card fits under them.
    """
    full = flow.sheet.bottom - flow.sheet.top - 13
    columns = _split(entries, flow.sheet.bottom - flow.y, BLOCKS)
    used = sum(len(column) for column in columns)
    while used < len(entries):
        part = _split(entries[used:], full, BLOCKS)
        columns += part
        used += sum(len(column) for column in part)
    last = (len(columns) - 1) // BLOCKS * BLOCKS
    rest = [entry for column in columns[last:] for entry in column]
    even = sum(entry.height for entry in rest) / BLOCKS + CELL_HEIGHT
    spread = _split(rest, even, BLOCKS)
    if sum(len(column) for column in spread) == len(rest):
        columns[last:] = spread
    return columns


def _split(entries: Sequence[_Entry], room: float, most: int) -> list[list[_Entry]]:
    """At most `most` columns of `room` mm; a subtotal stays under its last drop."""
    columns: list[list[_Entry]] = [[]]
    used = 0.0
    for index, entry in enumerate(entries):
        following = entries[index + 1 : index + 2]
        ahead = SUBTOTAL_HEIGHT if following and following[0].drop is None else 0
        if used + entry.height + ahead > room and columns[-1] and entry.drop:
            if len(columns) == most:
                break
            columns.append([])
            used = 0.0
        columns[-1].append(entry)
        used += entry.height
    return columns


def _draw_entry(sheet: Sheet, entry: _Entry, box: Box) -> None:
    bottom = box.y + box.height
    right = box.x + box.width
    if entry.drop is None:
        sheet.fill(box, ZEBRA)
        text = fit_line(entry.words, box.width - 2, 9.5, True)
        sheet.text(right - 1, bottom - 2, text, Type(9.5, True, align=Align.RIGHT))
        return
    drop = entry.drop
    sheet.line((box.x, bottom), (right, bottom), width=0.15, grey=0.72)
    middle = box.y + box.height / 2
    grey = 0.0 if drop.qty else SOFT
    # A slot code is never cut: a long one gets smaller.
    size = min(SLOT_TYPE.size, SLOT_TYPE.size * 24 / text_width(drop.slot or "-", 24, True))
    slot = Type(size, True, grey)
    sheet.text(box.x + 0.5, middle + slot.cap_mm / 2, drop.slot, slot)
    short = _("short %(count)d") % {"count": drop.short_qty} if drop.short_qty else ""
    notes = "  ".join(part for part in (_cases_words(drop), short) if part)
    if not drop.qty:
        sheet.text(right - 1, middle + 2, short, Type(11, grey=SOFT, align=Align.RIGHT))
        return
    sheet.tick_box(right - 3, middle)
    # A note under the figure takes its room from the figure, not from its frame.
    base, lift = (NOTED, 1.6) if notes else (QUANTITY, 0.0)
    room = 11.0
    figure = str(drop.qty)
    points = min(base.size, base.size * room / text_width(figure, base.size, True))
    style = Type(points, True, align=Align.RIGHT)
    sheet.text(right - 8, middle + style.cap_mm / 2 - lift, figure, style)
    if is_boxed(figure):
        draw_quantity_box(sheet, figure, style, right - 8, middle - lift)
    if notes:
        sheet.text(right - 7, bottom - 0.5, notes, Type(7, align=Align.RIGHT))


def _cases_words(drop: SowDrop) -> str:
    return _("closed cases: %(count)d") % {"count": drop.cases} if drop.cases else ""


def _draw_end(flow: Flow, card: SowCard, pieces: int) -> None:
    spare = card.accepted_qty - card.gone_qty - card.allocated_qty
    flow.reserve(END_HEIGHT)
    gone = ((_("Missing or spoilt"), str(card.gone_qty)),) if card.gone_qty else ()
    draw_totals(
        flow,
        (
            (_("Accepted"), str(card.accepted_qty)),
            *gone,
            (_("To sow"), str(pieces)),
            (_("Left over must be"), str(spare)),
            (_("Short"), str(sum(drop.short_qty for drop in card.drops))),
        ),
    )
    words = _("Check: sum of the slots %(count)d") % {"count": pieces}
    other = _("allocated %(count)d") % {"count": card.allocated_qty}
    draw_check(flow, (words, pieces), (other, card.allocated_qty))
    draw_people(flow, (_("Sown"), _("Left over"), _("Sorter"), _("Time")))
    draw_bars(
        flow,
        card.stamp.code,
        _("If left over is not %(count)d, recount the last route") % {"count": spare},
    )
