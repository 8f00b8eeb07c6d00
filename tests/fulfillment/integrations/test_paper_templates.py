"""The operator's folder of templates."""

from pathlib import Path

import pytest

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.integrations.paper_templates import templates_read
from fulfillment.papers.numbering import Document
from fulfillment.papers.template import PaperTemplate


def test_without_a_folder_papers_are_as_shipped() -> None:
    assert templates_read(None) == {}


def test_each_file_is_the_template_of_its_paper(tmp_path: Path) -> None:
    (tmp_path / "load_sheet.toml").write_text('title = "装车"', encoding="utf-8")
    (tmp_path / "README.txt").write_text("not a template", encoding="utf-8")

    assert templates_read(tmp_path) == {Document.LOAD_SHEET: PaperTemplate(title="装车")}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("loadsheet.toml", b"", "loadsheet.toml is named after no paper"),
        ("load_sheet.toml", "title = '装车'".encode("gbk"), "load_sheet.toml cannot be read"),
        ("load_sheet.toml", b"title = 1", "load_sheet.toml, key title"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(PaperTemplateUnreadable, match=why):
        templates_read(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PaperTemplateUnreadable, match="PAPER_TEMPLATES_DIR"):
        templates_read(tmp_path / "missing")
