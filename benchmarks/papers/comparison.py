"""Papers against rows: every figure that is printed, and every code."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

from benchmarks.papers.facts import Facts, facts_of
from benchmarks.papers.sheets import WHOLE, Sheet, Word, numbers_after, read_sheets
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper

# What identifies a printed row, and its figures.
Row = tuple[str | int, ...]
# These carry bars for wedge scanners beside their QR code.
BARRED = "GSCL"
# Papers that each show the whole allocation, by their letters.
WHOLE_ALLOCATION = "MSCDH"
# A resident as the leader sees one: the first letter, and the end of the phone.
MASKED = re.compile(r"\S?\*+ \d{4}")
KILOGRAMS = re.compile(r"\d+\.\d")
# How far from its slot the quantity on a sow card may stand.
SOWN_MM = 26.0


@dataclass(slots=True)
class Report:
    """What was read, and each place where a paper and a row disagree."""

    papers: int = 0
    pages: int = 0
    codes: int = 0
    lines: int = 0
    mismatches: list[str] = field(default_factory=list)


def papers_compare(run: CutoffRun, folder: Path, *, decode: bool = True) -> Report:
    """Read the newest papers of a run and compare all they show with its rows."""
    facts = facts_of(run)
    report = Report()
    pieces: Counter[str] = Counter()
    papers = (
        Paper.objects.filter(run=run)
        .order_by("document", "scope", "-revision")
        .distinct("document", "scope")
    )
    for paper in papers:
        sheets = read_sheets(folder / paper.file, decode=decode)
        report.papers += 1
        report.pages += sum(sheet.pages for sheet in sheets)
        if sum(sheet.pages for sheet in sheets) != paper.pages:
            report.mismatches.append(f"{paper.file}: not the {paper.pages} pages of its row")
        for sheet in sheets:
            pieces[sheet.letter] += sheet.pieces
            report.mismatches.extend(_compare(facts, sheet, report, decode=decode))
    report.mismatches.extend(_sums(facts, pieces))
    return report


def _compare(facts: Facts, sheet: Sheet, report: Report, *, decode: bool) -> Iterator[str]:
    for problem in _READERS.get(sheet.letter, _nothing)(facts, sheet, report):
        yield f"{sheet.code}: {problem}"
    if decode:
        report.codes += len(sheet.codes)
        for problem in _codes(facts, sheet):
            yield f"{sheet.code}: {problem}"


def _sums(facts: Facts, pieces: Mapping[str, int]) -> Iterator[str]:
    allocated = sum(line.allocated for line in facts.lines)
    for letter in WHOLE_ALLOCATION:
        if pieces.get(letter, 0) != allocated:
            yield f"{letter}: {pieces.get(letter, 0)} pieces printed, {allocated} allocated"
    routed = facts.pieces_of(list(facts.route_of_slot))
    for letter in "LR":
        if pieces.get(letter, 0) != routed:
            yield f"{letter}: {pieces.get(letter, 0)} pieces printed, {routed} on routes"


def _codes(facts: Facts, sheet: Sheet) -> Iterator[str]:
    """The sheet's own codes are there and no others but a route sheet's calls and maps."""
    quick = {text for kind, text in sheet.codes if kind == "QRCode"}
    bars = {text for kind, text in sheet.codes if kind == "Code128"}
    own = {text for text in quick if text.endswith(sheet.code)}
    if not own:
        yield "its QR code does not decode"
    if bars != ({sheet.code} if sheet.letter in BARRED else set()):
        yield f"its bars decode to {sorted(bars)}"
    others = quick - own
    if sheet.letter == "R":
        slots = facts.slots_of(sheet.scope)
        calls = {f"tel:{facts.phone_of_slot[slot]}" for slot in slots}
        if not calls <= others:
            yield f"calls that do not decode: {sorted(calls - others)}"
        others = {text for text in others - calls if not text.startswith("https://uri.amap.com")}
    if others:
        yield f"codes nobody expects: {sorted(others)}"


def _nothing(_facts: Facts, _sheet: Sheet, _report: Report) -> Iterator[str]:
    yield from ()


def _slot(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    """Pieces and control code of a paper of one slot."""
    del report
    if sheet.scope not in facts.lines_of_slot:
        yield "there is no such slot"
        return
    yield from _stamp(facts, sheet, [sheet.scope])


def _stamp(facts: Facts, sheet: Sheet, slots: list[str]) -> Iterator[str]:
    pieces, code = facts.pieces_of(slots), facts.code_of(slots)
    if (sheet.control_code, sheet.pieces) != (code, pieces):
        yield f"prints {sheet.control_code}·{sheet.pieces}, the rows say {code}·{pieces}"


def _check_list(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    yield from _slot(facts, sheet, report)
    shares = facts.shares_of(sheet.scope)
    wanted = Counter((sku, got) for sku, (_ordered, got) in shares.items())
    yield from _differences(report, wanted, _rows_of(sheet, set(shares), 1))


def _delivery_note(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    yield from _slot(facts, sheet, report)
    shares = facts.shares_of(sheet.scope)
    # One copy stays, one goes back.
    wanted = Counter({(sku, *share): 2 for sku, share in shares.items()})
    yield from _differences(report, wanted, _rows_of(sheet, set(shares), 2))


def _hand_out_list(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    yield from _slot(facts, sheet, report)
    wanted: Counter[Row] = Counter()
    for sold in facts.lines_of_slot[sheet.scope]:
        # Sorted by building and by goods; by household the goods stand between.
        wanted[sold.last4, sold.allocated] += 2
    found: Counter[Row] = Counter()
    for line in sheet.lines:
        for word, after in pairwise(line):
            if MASKED.fullmatch(word.text) and WHOLE.fullmatch(after.text):
                found[word.text[-4:], int(after.text)] += 1
    yield from _differences(report, wanted, found)


def _load_sheet(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    slots = facts.slots_of(sheet.scope)
    yield from _stamp(facts, sheet, slots)
    wanted = Counter((slot, facts.pieces_of([slot])) for slot in slots)
    found: Counter[Row] = Counter()
    for line in sheet.lines:
        named = [word.text for word in line if word.text in slots]
        for before, word in pairwise(line):
            # Pieces stand before the kilograms, the one decimal fraction of a row.
            if named and KILOGRAMS.fullmatch(word.text) and WHOLE.fullmatch(before.text):
                found[named[0], int(before.text)] += 1
    yield from _differences(report, wanted, found)


def _route_sheet(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    slots = facts.slots_of(sheet.scope)
    yield from _stamp(facts, sheet, slots)
    wanted = Counter((slot,) for slot in slots)
    words = Counter(word.text.split()[-1] for line in sheet.lines for word in line)
    found = Counter({(slot,): 1 for slot in slots if words[slot]})
    yield from _differences(report, wanted, found)


def _master_list(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    yield from _stamp(facts, sheet, list(facts.lines_of_slot))
    totals = facts.totals()
    found = set(_rows_of(sheet, set(totals), 3))
    wanted = Counter((sku, *figures) for sku, figures in totals.items())
    yield from _differences(report, wanted, Counter(row for row in found if row in wanted))


def _sow_card(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    sown = facts.sown(sheet.scope)
    if sheet.pieces != sum(sown.values()):
        yield f"prints {sheet.pieces} pieces, the rows say {sum(sown.values())}"
    words = [word for line in sheet.lines for word in line]
    counts = [word for word in words if WHOLE.fullmatch(word.text)]
    found: Counter[Row] = Counter()
    for slot in (word for word in words if word.text in sown):
        nearest = min(counts, key=partial(_distance, slot), default=None)
        if nearest and _distance(slot, nearest) < SOWN_MM:
            found[slot.text, int(nearest.text)] += 1
    yield from _differences(report, Counter(sown.items()), found)


def _distance(slot: Word, count: Word) -> float:
    """How far a figure stands to the right of a slot; figures to its left are nowhere near."""
    if count.x < slot.right:
        return SOWN_MM
    return hypot(count.x - slot.right, 3 * (count.y - slot.y))


def _bought(facts: Facts, sheet: Sheet, report: Report) -> Iterator[str]:
    bought = facts.bought.get(sheet.scope, {})
    if sheet.pieces != sum(bought.values()):
        yield f"prints {sheet.pieces} pieces, the rows say {sum(bought.values())}"
    names = {word.text for line in sheet.lines for word in line}
    wanted = Counter((sku,) for sku in bought)
    yield from _differences(report, wanted, Counter((sku,) for sku in bought if sku in names))


def _rows_of(sheet: Sheet, skus: set[str], figures: int) -> Counter[Row]:
    """(SKU, its first figures) of every row of a sheet that names a SKU."""
    found: Counter[Row] = Counter()
    for line in sheet.lines:
        for word in line:
            if word.text in skus:
                numbers = numbers_after(line, word)
                if len(numbers) >= figures:
                    found[(word.text, *numbers[:figures])] += 1
    return found


def _differences(
    report: Report,
    wanted: Mapping[Any, int],
    found: Mapping[Any, int],
) -> Iterator[str]:
    report.lines += sum(wanted.values())
    for row in wanted.keys() | found.keys():
        if wanted.get(row, 0) != found.get(row, 0):
            yield f"{row} stands {found.get(row, 0)} times, not {wanted.get(row, 0)}"


_READERS: Mapping[str, Callable[[Facts, Sheet, Report], Iterator[str]]] = {
    "P": _bought,
    "G": _bought,
    "M": _master_list,
    "S": _sow_card,
    "C": _check_list,
    "L": _load_sheet,
    "R": _route_sheet,
    "D": _delivery_note,
    "H": _hand_out_list,
}
