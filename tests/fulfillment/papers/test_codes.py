"""Codes small enough for paper and readable from it."""

import pytest

from fulfillment.papers.codes import qr_runs
from fulfillment.papers.layout import Sheet
from tests.fulfillment.papers.reading import codes

SHORT = "C*0310A*12-07*1"
LINK = "https://uri.amap.com/marker?position=113.589182,34.764086&coordinate=wgs84"


def test_twenty_characters_fit_the_smallest_symbol() -> None:
    modules, _runs = qr_runs("S*0310A*SKU-01043*12")

    assert modules == 21


@pytest.mark.parametrize("dpi", [150, 203, 300])
@pytest.mark.parametrize("payload", [SHORT, LINK], ids=["short_case", "link_case"])
def test_a_qr_code_is_read_from_the_printed_page(payload: str, dpi: int) -> None:
    sheet = Sheet("codes")
    sheet.new_page()
    sheet.qr(20, 20, 24, payload)
    sheet.end_document(lambda _page, _pages: None)

    assert codes(sheet.finish(), dpi=dpi) == {("QRCode", payload)}


@pytest.mark.parametrize("dpi", [150, 203])
def test_a_code128_is_read_from_the_printed_page(dpi: int) -> None:
    sheet = Sheet("codes")
    sheet.new_page()
    width = sheet.bars(20, 20, 9, SHORT)
    sheet.end_document(lambda _page, _pages: None)

    assert codes(sheet.finish(), dpi=dpi) == {("Code128", SHORT)}
    assert width == pytest.approx(0.33 * (11 * (len(SHORT) + 2) + 13 + 20), abs=0.33 * 44)
