"""Lines an operator leaves off the labels."""

import pytest

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.papers.numbering import Document
from fulfillment.papers.template import OPTIONAL_LINES, read_template
from tests.fulfillment.papers.labels.contents import KINDS
from tests.fulfillment.papers.labels.reading import page_words

# The label of a portion is the weigh label.
KIND_OF = {"portion": "weigh"}


@pytest.mark.parametrize("line", OPTIONAL_LINES)
def test_every_optional_line_can_be_left_out(line: str) -> None:
    name = line.partition(".")[0]
    kind = KINDS[KIND_OF.get(name, name)]

    shipped = page_words(kind.drawn(kind.plain, "100x100").pdf)
    hidden = page_words(kind.drawn(kind.plain, "100x100", hidden_lines=(line,)).pdf)

    assert len("".join(hidden)) < len("".join(shipped))


def test_a_file_names_the_lines() -> None:
    text = 'hidden_lines = ["tote.stop", "item.leader"]'

    template = read_template("labels.toml", Document.LABELS, text)

    assert template.hidden_lines == ("item.leader", "tote.stop")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('hidden_lines = ["tote.slot"]', "tote.slot cannot be hidden; these can: tote.leader"),
        ('title = "标签"', "there is no such key; there are hidden_lines"),
    ],
)
def test_what_a_label_needs_stays(text: str, why: str) -> None:
    with pytest.raises(PaperTemplateUnreadable, match=why):
        read_template("labels.toml", Document.LABELS, text)


def test_papers_have_no_lines_to_leave_out() -> None:
    with pytest.raises(PaperTemplateUnreadable, match="no such key"):
        read_template("load_sheet.toml", Document.LOAD_SHEET, "hidden_lines = []")
