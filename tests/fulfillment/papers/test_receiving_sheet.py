"""D2: what should arrive, and what was counted."""

from fulfillment.papers.receiving_sheet import ReceivingCount, render_receiving_sheet
from orders.domain.storage import StorageClass
from tests.fulfillment.papers.contents import receiving_line, receiving_sheet
from tests.fulfillment.papers.reading import codes, page_texts, rows


def test_counted_lines_show_what_was_found_and_add_up() -> None:
    line = receiving_line(
        counted=ReceivingCount(
            packs=89,
            loose_qty=6,
            arrived_qty=540,
            rejected_qty=85,
            damaged_qty=5,
            weight_g=405_000,
            temperature_dc=45,
            batches=("B77 03-15",),
            has_photo=True,
        )
    )

    found = rows(render_receiving_sheet(receiving_sheet(line)).pdf)

    assert "K023 奶白菜 750g 份 6 90 89 6 net 405.0 5 80 455 -80 4.5 B77 03-15 ✓" in found
    assert "Check: accepted 455 + damaged 5 + rejected 80 = counted 540 ✓" in found


def test_an_uncounted_line_stays_blank_and_is_not_a_zero() -> None:
    found = rows(render_receiving_sheet(receiving_sheet(receiving_line())).pdf)

    assert "K023 奶白菜 750g 份 6 90" in found
    assert not [row for row in found if row.startswith("Check")]


def test_a_line_counted_as_zero_is_printed_as_zero() -> None:
    line = receiving_line(counted=ReceivingCount(packs=0, loose_qty=0, arrived_qty=0))

    assert "K023 奶白菜 750g 份 6 90 0 0 0 0 0 -535" in rows(
        render_receiving_sheet(receiving_sheet(line)).pdf
    )


def test_pieces_that_fill_no_pack_are_expected_beside_the_packs() -> None:
    found = rows(render_receiving_sheet(receiving_sheet(receiving_line(expected_qty=20))).pdf)

    assert "K023 奶白菜 750g 份 6 3+2" in found


def test_more_than_needed_has_a_plus() -> None:
    line = receiving_line(counted=ReceivingCount(packs=90, loose_qty=0, arrived_qty=540))

    assert "K023 奶白菜 750g 份 6 90 90 0 0 0 540 +5" in rows(
        render_receiving_sheet(receiving_sheet(line)).pdf
    )


def test_the_blind_sheet_hides_what_is_expected_until_it_is_counted() -> None:
    counted = receiving_line("K024", counted=ReceivingCount(packs=90, loose_qty=0, arrived_qty=540))

    blank = rows(render_receiving_sheet(receiving_sheet(receiving_line(), blind=True)).pdf)
    found = rows(render_receiving_sheet(receiving_sheet(receiving_line(), counted, blind=True)).pdf)

    assert "K023 奶白菜 750g 份 6" in blank
    assert not [row for row in blank if "535" in row or "540" in row]
    assert "K023 奶白菜 750g 份 6" in found
    assert "K024 奶白菜 750g 份 6 90 0 0 0 540 +5" in found


def test_cold_goods_come_first_and_then_what_is_needed_most() -> None:
    sheet = receiving_sheet(
        receiving_line("K1", need_qty=5),
        receiving_line("K2", need_qty=50),
        receiving_line("K3", need_qty=1, storage=StorageClass.CHILL),
        receiving_line("K4", need_qty=2, storage=StorageClass.FROZEN),
    )

    found = rows(render_receiving_sheet(sheet).pdf)

    order = [row.split()[0] for row in found if row[0] == "K" or row in {"Chilled", "Frozen"}]
    assert order[:6] == ["Frozen", "K4", "Chilled", "K3", "K2", "K1"]


def test_a_large_supplier_fills_pages_with_all_lines() -> None:
    sheet = receiving_sheet(*(receiving_line(f"K{number:03d}") for number in range(80)))

    paper = render_receiving_sheet(sheet)

    text = "".join(page_texts(paper.pdf))
    assert all(f"K{number:03d}" in text for number in range(80))
    assert (paper.lines, paper.pieces) == (80, 80 * 540)


def test_both_codes_on_the_sheet_open_the_counting_page() -> None:
    pdf = render_receiving_sheet(receiving_sheet()).pdf

    assert codes(pdf) == {("QRCode", "S*0310A*R03*1"), ("Code128", "S*0310A*R03*1")}
