"""D11: every event once, with room for what is found later."""

from fulfillment.domain.exceptions import Bearer, Cause, Stage
from fulfillment.papers.exception_sheet import render_exception_sheet
from tests.fulfillment.papers.closing_contents import exception_row, exception_sheet
from tests.fulfillment.papers.reading import codes, page_texts, rows


def test_an_event_shows_slot_pieces_weight_letter_and_who_is_proposed() -> None:
    found = rows(render_exception_sheet(exception_sheet()).pdf)

    assert "17 02:41 3-07 K023 奶白菜 750g 2 1.5 Q yes Warehouse" in found


def test_a_decision_stands_beside_the_proposal() -> None:
    row = exception_row(bearer=Bearer.SUPPLIER, decision="photo shows it")

    text = " ".join(rows(render_exception_sheet(exception_sheet(row)).pdf))

    assert "Warehouse Supplier" in text
    assert "photo shows it" in text


def test_goods_that_nobody_ordered_are_described() -> None:
    row = exception_row(sku_code="", name="", note="a box of durians", cause=Cause.WRONG)

    text = "".join(page_texts(render_exception_sheet(exception_sheet(row)).pdf))

    assert "a box of durians" in text


def test_events_stand_in_the_order_of_the_night_and_of_the_slots() -> None:
    sheet = exception_sheet(
        exception_row(1, stage=Stage.HANDOVER, slot="1-01"),
        exception_row(2, slot="10-01"),
        exception_row(3, slot="9-02"),
        exception_row(4, stage=Stage.RECEIVE, slot=""),
    )

    found = rows(render_exception_sheet(sheet).pdf)

    order = [row.split()[0] for row in found if " 02:41 " in row]
    assert order == ["4", "3", "2", "1"]
    assert {"Receiving 2", "Sorting 4", "Handover 2"} <= set(found)


def test_totes_and_goods_back_are_counted_by_route() -> None:
    found = rows(render_exception_sheet(exception_sheet()).pdf)

    assert "R01 V01 豫A·T0001 41 40 36 3" in found


def test_a_route_that_is_not_back_is_a_dash_and_leaves_the_sum_open() -> None:
    found = rows(render_exception_sheet(exception_sheet()).pdf)

    assert "R02 V02 豫A·T0002 38 — —" in found
    assert "Total 79 — — 3" in found


def test_a_day_of_many_events_prints_each_once() -> None:
    sheet = exception_sheet(*(exception_row(1000 + number) for number in range(90)))

    paper = render_exception_sheet(sheet)

    text = "".join(page_texts(paper.pdf))
    assert all(text.count(str(1000 + number)) == 1 for number in range(90))
    assert (paper.lines, paper.pieces) == (90, 180)
    assert paper.pages > 1


def test_its_code_can_be_scanned() -> None:
    pdf = render_exception_sheet(exception_sheet()).pdf

    assert codes(pdf) == {("QRCode", "S*0310A*R03*1")}
