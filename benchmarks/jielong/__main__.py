"""`python -m benchmarks.jielong`: how much of the annotated chains is understood.

An entry counts as right when name, door, operation and its being clear or not
are right; an item when its SKU and quantity stand in a right place. For the
real samples figures alone are known, so their items are counted per SKU.
"""

from collections import Counter
from dataclasses import dataclass, field

from orders.domain.jielong.parsing import parse
from tests.orders.domain.jielong.corpus import (
    MARKET,
    SAMPLES,
    Expected,
    Sample,
    cases,
    said,
    samples,
)


@dataclass(slots=True)
class Score:
    """Things found, things meant, and how many of them are the same."""

    found: Counter[object] = field(default_factory=Counter)
    meant: Counter[object] = field(default_factory=Counter)

    def row(self, name: str) -> str:
        """Precision and recall in per cent with the counts behind them."""
        right = (self.found & self.meant).total()
        precision = 100 * right / max(self.found.total(), 1)
        recall = 100 * right / max(self.meant.total(), 1)
        counts = f"{right} right, {self.found.total()} found, {self.meant.total()} meant"
        return f"{name:<24} precision {precision:6.2f} %  recall {recall:6.2f} %  ({counts})"


def main() -> None:
    """Print the figures of the corpus and, where they are at hand, of the real samples."""
    entries, items = Score(), Score()
    wrongly_clear = 0
    for case in cases():
        found = [said(entry) for entry in parse(case.text, MARKET).entries]
        _count(entries, items, case.name, found, case.entries)
        meant = Counter((each, not each.doubts) for each in case.entries)
        wrongly_clear += sum(not each.doubts and (each, True) not in meant for each in found)
    print(f"corpus: {len(cases())} texts")
    print(entries.row("entries"))
    print(items.row("items"))
    print(f"rows taken for clear that are not: {wrongly_clear}")
    if not SAMPLES.is_dir():
        print(f"real samples: missing ({SAMPLES})")
        return
    real_entries, real_items = Score(), Score()
    for sample in samples():
        _count_sample(real_entries, real_items, sample)
    print(f"real samples: {len(samples())} texts")
    print(real_entries.row("entries"))
    print(real_items.row("items"))


def _count(
    entries: Score, items: Score, text: str, found: list[Expected], meant: tuple[Expected, ...]
) -> None:
    for score, rows in ((entries.found, found), (entries.meant, meant)):
        score.update((text, *_who(row), row.operation, not row.doubts) for row in rows)
    for score, rows in ((items.found, found), (items.meant, meant)):
        score.update((text, *_who(row), item) for row in rows for item in row.items)


def _who(row: Expected) -> tuple[str, str, str]:
    return (row.nickname, row.building, row.room)


def _count_sample(entries: Score, items: Score, sample: Sample) -> None:
    text = "\n".join((SAMPLES / name).read_text(encoding="utf-8") for name in sample.files)
    chain = parse(text, sample.goods)
    entries.found[sample.files] += len(chain.entries)
    entries.meant[sample.files] += sample.entries
    for entry in chain.entries:
        for item in entry.items:
            items.found[(sample.files, item.sku_code)] += item.qty
    for code, qty in sample.items:
        items.meant[(sample.files, code)] += qty


if __name__ == "__main__":
    main()
