"""Numbers and addresses of papers."""

from datetime import date

import pytest

from fulfillment.papers.numbering import (
    LETTERS,
    Document,
    batch_code,
    document_code,
    document_number,
    replaced_revision,
)


def test_a_number_names_paper_day_wave_scope_and_revision() -> None:
    batch = batch_code(date(2026, 3, 10), "A")

    assert document_number(Document.SOW_CARDS, batch, "R03", 2) == "S-0310A-R03-r2"
    assert document_code(Document.SOW_CARDS, batch, "R03", 2) == "S*0310A*R03*2"


def test_every_document_has_a_letter_of_its_own() -> None:
    assert set(LETTERS) == set(Document)
    assert len(set(LETTERS.values())) == len(LETTERS)


@pytest.mark.parametrize(("revision", "replaced"), [(1, ""), (2, "r1"), (12, "r11")])
def test_only_later_revisions_replace_one(revision: int, replaced: str) -> None:
    assert replaced_revision(revision) == replaced
