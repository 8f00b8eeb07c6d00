"""docs/papers.md shows every picture that is taken, and no other."""

import re
from pathlib import Path

from docs.paper_pages import MEDIUM_OF
from fulfillment.papers.numbering import Document

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_paper_and_label_is_shown() -> None:
    shown = set(re.findall(r"\(img/papers/(\w+)\.png\)", (DOCS / "papers.md").read_text()))

    papers = set(Document) - {Document.SHOPPING_LIST, Document.LABELS}
    labels = {f"label_{kind.name.lower()}" for kind in MEDIUM_OF}
    assert shown == {str(document) for document in papers} | labels
    assert {path.stem for path in (DOCS / "img" / "papers").glob("*.png")} >= shown
