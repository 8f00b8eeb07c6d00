"""D8: the driver's way in stop order."""

from fulfillment.papers.route_sheet import render_route_sheet
from tests.fulfillment.papers.contents import route_sheet, route_stop
from tests.fulfillment.papers.reading import codes, page_texts, rows, words


def test_stops_stand_in_stop_order_between_start_and_end() -> None:
    sheet = route_sheet(*(route_stop(number) for number in (3, 1, 2)))

    found = rows(render_route_sheet(sheet).pdf)

    marks = [
        row
        for row in found
        if row.startswith(("Start of route", "End of route"))
        or row.endswith((" 3-01", " 3-02", " 3-03"))
    ]
    assert marks[0] == "Start of route · 郑州中心仓 · departs 05:30"
    assert [row[-4:] for row in marks[1:4]] == ["3-01", "3-02", "3-03"]
    assert marks[4] == "End of route · 3 stops · back at 郑州中心仓 09:12"


def test_map_and_call_codes_of_every_stop_are_read_from_the_page() -> None:
    sheet = route_sheet(route_stop(1), route_stop(2))

    found = codes(render_route_sheet(sheet).pdf)

    assert found == {
        ("QRCode", "https://tuanpei.example/c/R*0310A*R03*1"),
        ("QRCode", route_stop(1).map_link),
        ("QRCode", route_stop(2).map_link),
        ("QRCode", "tel:19900020001"),
        ("QRCode", "tel:19900020002"),
    }


def test_phone_numbers_are_masked_in_print() -> None:
    text = page_texts(render_route_sheet(route_sheet(route_stop(1))).pdf)[0]

    assert "199****0001" in text
    assert "19900020001" not in text


def test_the_summary_counts_stops_totes_pieces_and_kilometres() -> None:
    paper = render_route_sheet(route_sheet(route_stop(1), route_stop(2, pieces=32)))

    assert "2 10 6 / 2 / 2 42 61.2 09:12" in rows(paper.pdf)
    assert (paper.lines, paper.pieces) == (2, 42)


def test_a_long_route_goes_on_over_pages_without_splitting_a_stop() -> None:
    paper = render_route_sheet(route_sheet(*(route_stop(number) for number in range(1, 21))))

    texts = page_texts(paper.pdf)
    assert paper.pages == len(texts) == 4
    for number in range(1, 21):
        pages = {
            word.page
            for word in words(paper.pdf)
            if word.text.split() in ([f"自提点{number}"], [f"3-{number:02d}"])
        }
        assert len(pages) == 1
    assert all("confidential" in text for text in texts)


def test_an_address_of_ten_thousand_characters_stays_inside_its_stop() -> None:
    stop = route_stop(1, address="路" * 10_000, point_name="点" * 10_000, specials="急" * 10_000)

    assert render_route_sheet(route_sheet(stop)).pages == 1


def test_empties_to_fetch_and_estimated_totes_are_told_at_the_stop() -> None:
    sheet = route_sheet(route_stop(1, empties_due=4), route_stop(2, is_sealed=True))

    text = page_texts(render_route_sheet(sheet).pdf)[0]

    assert text.count("Empties of 4") == 1
    assert text.count("Totes about 3 / 1 / 1 = 5") == 1
    assert text.count("Totes 3 / 1 / 1 = 5") == 1
    assert "No cash is taken at the door." in text
