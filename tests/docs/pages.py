"""Reads the tables of a documentation page, so that its numbers can be tests."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"

Row = dict[str, str]


def tables(page: str) -> list[list[Row]]:
    """Every table of a page, as rows keyed by their headings, in page order."""
    found: list[list[Row]] = []
    headings: list[str] = []
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            headings = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not headings:
            headings = cells
            found.append([])
        elif set("".join(cells)) != {"-"}:
            found[-1].append(dict(zip(headings, cells, strict=True)))
    return found


def text(page: str) -> str:
    """A page as one line, so that sentences can be looked for across line ends."""
    return " ".join((DOCS / page).read_text(encoding="utf-8").split())
