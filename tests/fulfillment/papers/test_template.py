"""What an operator may change on a paper, and what a template is refused for."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.papers.check_list import render_check_lists
from fulfillment.papers.delivery_note import render_delivery_notes
from fulfillment.papers.hand_out_list import render_hand_out_lists
from fulfillment.papers.load_sheet import render_load_sheet
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import RenderedPaper
from fulfillment.papers.purchase_order import render_purchase_order
from fulfillment.papers.receiving_sheet import render_receiving_sheet
from fulfillment.papers.template import OPTIONAL_COLUMNS, SHIPPED, PaperTemplate, read_template
from tests.fulfillment.papers.contents import (
    STAMP,
    check_line,
    check_list,
    delivery_note,
    hand_out_line,
    hand_out_list,
    load_sheet,
    load_stop,
    note_line,
    purchase_order,
    receiving_sheet,
)
from tests.fulfillment.papers.reading import page_texts

HEADINGS = {
    ("purchase_order", "number"): "No.",
    ("purchase_order", "code"): "Item",
    ("purchase_order", "surplus"): "Surpl\n",
    ("receiving_sheet", "unit"): "Unit",
    ("receiving_sheet", "weights"): "Gross / tare",
    ("receiving_sheet", "temperature"): "°C",
    ("receiving_sheet", "batch"): "Batch or",
    ("receiving_sheet", "photo"): "Photo",
    ("check_list", "number"): "No.",
    ("check_list", "place"): "Bin or",
    ("check_list", "sku"): "SKU",
    ("check_list", "unit"): "Unit",
    ("load_sheet", "bulky"): "Bulk\n",
    ("load_sheet", "pieces"): "Pieces",
    ("load_sheet", "seal"): "Seal no.",
    ("delivery_note", "number"): "No.",
    ("delivery_note", "sku"): "SKU",
    ("delivery_note", "unit"): "Unit",
    ("delivery_note", "ordered"): "Ordered",
    ("hand_out_list", "pickup_no"): "Pickup",
    ("hand_out_list", "short"): "Short",
}
EVERYTHING = """
title = "签收单"
head_notes = ["请当面清点", "少了找司机"]
foot_notes = ["十二点前报差异"]
hidden_columns = ["unit", "sku"]
signatures = ["团长", "司机"]
row_height_mm = 9.5
service_phone = "400-820 8820"
"""


def drawn(document: str, template: PaperTemplate) -> RenderedPaper:
    """A paper of that kind with one line, drawn with a template."""
    stamp = replace(STAMP, template=template)
    note = delivery_note(note_line("K1", 3, 2), stamp=stamp)
    listed = hand_out_list(hand_out_line("1", "101"), stamp=stamp)
    papers: dict[str, Any] = {
        "purchase_order": lambda: render_purchase_order(purchase_order(stamp=stamp)),
        "receiving_sheet": lambda: render_receiving_sheet(receiving_sheet(stamp=stamp)),
        "check_list": lambda: render_check_lists("t", (check_list(check_line("K1"), stamp=stamp),)),
        "load_sheet": lambda: render_load_sheet(load_sheet(load_stop(1), stamp=stamp)),
        "delivery_note": lambda: render_delivery_notes("t", (note,)),
        "hand_out_list": lambda: render_hand_out_lists("t", (listed,)),
    }
    paper: RenderedPaper = papers[document]()
    return paper


def times(paper: RenderedPaper, heading: str) -> int:
    """How often a heading stands in a paper."""
    return "".join(page_texts(paper.pdf)).count(heading)


def test_a_file_says_everything_a_template_can_change() -> None:
    template = read_template("delivery_note.toml", Document.DELIVERY_NOTE, EVERYTHING)

    assert template == PaperTemplate(
        title="签收单",
        head_notes=("请当面清点", "少了找司机"),
        foot_notes=("十二点前报差异",),
        hidden_columns=("sku", "unit"),
        signatures=("团长", "司机"),
        row_height_mm=9.5,
        service_phone="400-820 8820",
    )


def test_an_empty_file_changes_nothing() -> None:
    assert read_template("load_sheet.toml", Document.LOAD_SHEET, "") == SHIPPED


def test_the_paper_says_it_in_the_operators_words() -> None:
    template = read_template("delivery_note.toml", Document.DELIVERY_NOTE, EVERYTHING)

    shipped = "".join(page_texts(drawn("delivery_note", SHIPPED).pdf))
    changed = "".join(page_texts(drawn("delivery_note", template).pdf))

    words = ("签收单", "请当面清点", "少了找司机", "十二点前报差异", "团长", "司机")
    assert [word in shipped for word in words] == [False] * 6
    assert [word in changed for word in words] == [True] * 6
    assert ("Delivery note" in shipped, "Delivery note" in changed) == (True, False)
    assert ("Leader signs" in shipped, "Leader signs" in changed) == (True, False)


@pytest.mark.parametrize(
    ("document", "column"),
    [(str(d), c) for d, columns in OPTIONAL_COLUMNS.items() for c in columns],
)
def test_every_optional_column_can_be_hidden(document: str, column: str) -> None:
    heading = HEADINGS[document, column]

    shipped = drawn(document, SHIPPED)
    hidden = drawn(document, PaperTemplate(hidden_columns=(column,)))

    assert times(hidden, heading) < times(shipped, heading)
    assert (hidden.lines, hidden.pieces) == (shipped.lines, shipped.pieces)


@pytest.mark.parametrize("document", OPTIONAL_COLUMNS)
def test_higher_rows_take_more_room_and_lose_no_figure(document: Document) -> None:
    high = drawn(document, PaperTemplate(row_height_mm=20))

    shipped = drawn(document, SHIPPED)
    assert (high.lines, high.pieces) == (shipped.lines, shipped.pieces)
    assert high.pages >= shipped.pages


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "is not TOML"),
        ('titel = "单"', "key titel: there is no such key; there are title, head_notes"),
        ('title = ""', "key title: write a text in quotes"),
        ("title = 3", "key title: write a text in quotes"),
        (f'title = "{"单" * 17}"', "key title: at most 16 characters fit, these are 17"),
        ('head_notes = "one"', "key head_notes: write a list"),
        ('foot_notes = ["1", "2", "3", "4"]', "key foot_notes: at most 3 fit, these are 4"),
        (
            'hidden_columns = ["shipped"]',
            "key hidden_columns: shipped cannot be hidden; these can: number, sku, unit, ordered",
        ),
        ("row_height_mm = 6.9", "key row_height_mm: write millimetres from 7 to 20"),
        ("row_height_mm = true", "key row_height_mm: write millimetres from 7 to 20"),
        ('service_phone = "call us"', "key service_phone: write digits"),
        ('signatures = ["1", "2", "3", "4", "5", "6"]', "key signatures: at most 5 fit"),
    ],
)
def test_a_template_that_cannot_be_printed_is_refused_with_file_and_key(
    text: str, why: str
) -> None:
    with pytest.raises(PaperTemplateUnreadable) as refused:
        read_template("delivery_note.toml", Document.DELIVERY_NOTE, text)

    assert refused.value.message.startswith("delivery_note.toml")
    assert why in refused.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('hidden_columns = ["sku"]', "no column of this paper can be hidden"),
        ("row_height_mm = 9", "the rows of this paper have the height of what is in them"),
    ],
)
def test_papers_of_fixed_grids_keep_them(text: str, why: str) -> None:
    with pytest.raises(PaperTemplateUnreadable, match=why):
        read_template("master_list.toml", Document.MASTER_LIST, text)
