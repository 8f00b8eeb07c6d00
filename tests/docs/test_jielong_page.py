"""docs/algorithms/jielong.md against the code."""

from orders.domain.jielong.chain import Entry
from orders.domain.jielong.merging import merge
from orders.domain.jielong.parsing import parse
from tests.docs.pages import tables, text
from tests.orders.domain.jielong.corpus import MARKET, cases

PAGE = "algorithms/jielong.md"
LETTERS = "A鸡蛋 B豆腐"


def entry(row: str, header: str) -> Entry:
    """The one row of a chain under this header."""
    (found,) = parse(f"#接龙\n{header}\n1. {row}", MARKET).entries
    return found


def doubts(found: Entry) -> str:
    """The doubts of a row as the page writes them."""
    return ", ".join(problem.doubt for problem in found.problems)


def test_rows_of_a_chain_of_one_sku_are_read_as_the_page_says() -> None:
    rows = tables(PAGE)[0]

    assert len(rows) == 11
    for row in rows:
        found = entry(row["row"], "沙糖桔")
        assert (found.nickname, found.building, found.room, doubts(found)) == (
            row["nickname"],
            row["building"],
            row["room"],
            row["doubt"],
        )
        assert sum(item.qty for item in found.items) == int(row["pieces"])


def test_rows_with_letters_are_read_as_the_page_says() -> None:
    rows = tables(PAGE)[1]

    assert len(rows) == 13
    for row in rows:
        found = entry(row["row"], LETTERS)
        items = ", ".join(f"{item.sku_code} {item.qty}" for item in found.items)
        assert (items, str(found.operation or ""), doubts(found)) == (
            row["items"],
            row["operation"],
            row["doubt"],
        )


def test_snapshots_have_the_fates_of_the_page() -> None:
    for row in tables(PAGE)[2]:
        old, new = entry(row["old"], LETTERS), entry(row["new"], LETTERS)
        result = merge([old], [new])
        fates = {
            "kept": result.kept,
            "changed": result.changed,
            "conflict": result.conflicts,
        }
        assert len(fates[row["fate"]]) == 1


def test_the_page_counts_the_corpus_right() -> None:
    assert f"({len(cases())} annotated texts" in text(PAGE)
