"""D7: last stop first into the vehicle."""

from dataclasses import replace

from fulfillment.papers.load_sheet import render_load_sheet
from fulfillment.papers.paper import Totes
from tests.fulfillment.papers.contents import STAMP, load_sheet, load_stop
from tests.fulfillment.papers.reading import codes, page_texts, rows, words


def test_stops_are_loaded_in_reverse_and_keep_their_stop_number_at_the_edge() -> None:
    sheet = load_sheet(*(load_stop(number) for number in (2, 11, 1)))

    found = [row for row in rows(render_load_sheet(sheet).pdf) if " 3-" in row and "团长" in row]

    assert [(row.split()[0], row.split()[1], row.split()[-1]) for row in found] == [
        ("1", "3-11", "11"),
        ("2", "3-02", "2"),
        ("3", "3-01", "1"),
    ]


def test_totals_by_temperature_and_the_load_against_the_vehicle_are_printed() -> None:
    sheet = load_sheet(load_stop(1), load_stop(2, totes=Totes(ambient=5), pieces=7))

    paper = render_load_sheet(sheet)

    found = rows(paper.pdf)
    assert "2 8 / 1 / 1 10 0 17 50.0" in found
    assert "Load: 50.0 of 1000.0 kg, 10 of 90 totes" in found
    assert (paper.lines, paper.pieces) == (2, 17)


def test_a_load_over_the_capacity_is_called_out() -> None:
    text = page_texts(render_load_sheet(load_sheet(load_stop(1), capacity_totes=4)).pdf)[0]

    assert "Over the vehicle's capacity" in text


def test_slots_are_set_at_24_points_and_the_route_at_48() -> None:
    sizes = {w.text.strip(): w.size for w in words(render_load_sheet(load_sheet(load_stop(1))).pdf)}

    assert (sizes["3-01"], sizes["R03"]) == (24, 48)


def test_the_codes_confirm_this_trip() -> None:
    sheet = load_sheet(load_stop(1), stamp=replace(STAMP, code="L*0310A*R03*1"))

    assert codes(render_load_sheet(sheet).pdf) == {
        ("QRCode", "L*0310A*R03*1"),
        ("Code128", "L*0310A*R03*1"),
    }


def test_until_every_slot_is_sealed_the_sheet_says_that_totes_are_estimated() -> None:
    sheet = load_sheet(load_stop(1, is_sealed=True), load_stop(2))

    found = rows(render_load_sheet(sheet).pdf)

    assert "Totes are estimated: not every slot is sealed. Print again after." in found
    assert sum("estimated" in row for row in found) == 2


def test_sealed_totes_are_held_against_the_totes_of_the_sheet() -> None:
    sealed = load_sheet(
        *(load_stop(number, is_sealed=True) for number in (1, 2)), sealed_totes=10, totes_before=7
    )
    differing = replace(sealed, sealed_totes=11)

    found = rows(render_load_sheet(sealed).pdf)
    assert "Check: totes out 10 = sealed 10 ✓" in found
    assert not any("estimated" in row for row in found)
    assert "7" in found[found.index(next(row for row in found if "account" in row)) + 1]
    assert "Check: totes out 10 (10) ≠ sealed 11" in rows(render_load_sheet(differing).pdf)


def test_every_stop_says_where_it_stands_on_the_floor() -> None:
    found = rows(render_load_sheet(load_sheet(load_stop(4, lane="3", weight_g=12_300))).pdf)

    assert any(row.endswith(" 12.3 3 4") for row in found)
