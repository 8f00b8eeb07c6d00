"""The security page names proofs that there are."""

import re

import pytest

from config.embedded.places import PROJECT_DIR
from tests.docs.pages import tables, text

PAGE = "security.md"
PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize(("file", "name"), sorted(set(PROOF.findall(text(PAGE)))))
def test_each_proof_it_names_is_a_test(file: str, name: str) -> None:
    assert f"\ndef {name}(" in (PROJECT_DIR / file).read_text(encoding="utf-8")


def test_every_border_and_every_item_has_a_proof() -> None:
    _assets, borders, items = tables(PAGE)

    assert [row["border"] for row in borders if not PROOF.search(row["proof"])] == []
    assert [row["item"] for row in items if not PROOF.search(row["proof"])] == []
