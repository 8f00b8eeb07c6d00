"""docs/howto/change-a-paper.md names the files, keys and limits that the code knows."""

import re
import tomllib
from pathlib import Path

import pytest

from fulfillment.papers import template
from fulfillment.papers.numbering import Document
from fulfillment.papers.template import OPTIONAL_COLUMNS, OPTIONAL_LINES, read_template

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "change-a-paper.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_paper_has_its_file_in_the_table(page: str) -> None:
    named = set(re.findall(r"^\| (?:D\d+|shopping)[^|]* \| `(\w+)\.toml` \|$", page, re.M))

    assert named == set(Document)


def test_the_example_can_be_read(page: str) -> None:
    example = page.split("```toml\n")[1].split("```")[0]

    read = read_template("delivery_note.toml", Document.DELIVERY_NOTE, example)

    assert read.title == "签收单"
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.M)) == set(tomllib.loads(example))


def test_the_columns_are_those_that_can_be_hidden(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)\.toml` \| (`.*`) \|$", page, re.M)

    assert {name: tuple(re.findall(r"`(\w+)`", columns)) for name, columns in rows} == {
        str(document): columns for document, columns in OPTIONAL_COLUMNS.items()
    }


def test_the_lines_are_those_that_can_be_hidden(page: str) -> None:
    section = page.split("Lines that can be hidden:")[1].split("##")[0]

    assert tuple(re.findall(r"`([\w.]+)`", section)) == OPTIONAL_LINES


def test_the_limits_are_those_of_the_code(page: str) -> None:
    least, most = template.ROW_HEIGHTS_MM

    assert f"{template.TITLE_LONGEST} characters |" in page
    assert page.count(f"{template.NOTES_MOST} lines of {template.NOTE_LONGEST} characters") == 2
    assert f"{template.SIGNATURES_MOST} of {template.SIGNATURE_LONGEST} characters" in page
    assert f"{least:g} to {most:g} mm" in page
