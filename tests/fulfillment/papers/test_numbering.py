"""Numbers and addresses of papers."""

from datetime import date

import pytest

from fulfillment.papers.numbering import (
    LETTERS,
    CodeParts,
    Document,
    batch_code,
    document_code,
    document_number,
    read_code,
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


def test_a_code_reads_back_as_what_it_was_made_from() -> None:
    code = document_code(Document.DELIVERY_NOTE, batch_code(date(2026, 3, 10), "A"), "3-07", 2)

    assert read_code(f" {code}\n") == CodeParts(
        document=Document.DELIVERY_NOTE, month=3, day=10, wave="A", scope="3-07", revision=2
    )


@pytest.mark.parametrize("code", ["", "hello", "Q*0310A*R03*1", "S*0310A*R03", "S*0310A**1"])
def test_other_text_is_no_papers_code(code: str) -> None:
    assert read_code(code) is None
