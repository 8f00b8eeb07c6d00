"""docs/algorithms/catch_weight.md against the code."""

from decimal import Decimal

import pytest

from fulfillment.domain.catch_weight import Portion, settle, settle_line, weight_band
from fulfillment.domain.scale_readings import read_scale
from fulfillment.errors import ScaleReadingUnreadable
from tests.docs.pages import Row, tables, text

PAGE = "algorithms/catch_weight.md"
MINIMUM = 10


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def portions_of(row: Row) -> list[Portion]:
    nets = row["portions (g)"].split(" + ") if "not" not in row["portions (g)"] else []
    return [
        Portion(number=number, nominal_g=int(row["sold (g)"]), net_g=int(net))
        for number, net in enumerate(nets, start=1)
    ]


def test_every_settlement_of_the_page_is_the_codes() -> None:
    rows = tables(PAGE)[0]

    assert len(rows) == 7
    for row in rows:
        found = settle(
            paid_fen=fen(row["paid (yuan)"]),
            nominal_g=int(row["sold (g)"]),
            actual_g=int(row["came (g)"]),
            refund_min_fen=MINIMUM,
        )
        assert (found.charge_fen, found.refund_fen, found.over_g) == (
            fen(row["charge"]),
            fen(row["refund"]),
            int(row["on top (g)"]),
        ), row


def test_every_band_of_the_page_is_the_codes() -> None:
    for row in tables(PAGE)[1]:
        band = weight_band(int(row["sold (g)"]), int(row["tolerance (bp)"]))
        assert (str(band.lo_g), str(band.hi_g)) == (row["lightest"], row["heaviest"])


def test_the_order_of_the_page_gets_one_refund() -> None:
    total = 0
    for row in tables(PAGE)[2]:
        found = settle_line(
            portions_of(row),
            pieces=int(row["pieces"]),
            unit_price_fen=fen(row["price (yuan)"]),
            refund_min_fen=MINIMUM,
        )
        refund_fen = found.refund_fen if found else 0
        assert refund_fen == fen(row["refund"]), row
        assert int(row["pieces"]) * fen(row["price (yuan)"]) == fen(row["paid"])
        total += refund_fen

    assert f"one refund of {total / 100:.2f} yuan" in text(PAGE)


def test_every_reading_of_the_page_is_the_codes() -> None:
    for row in tables(PAGE)[3]:
        if row["grams"] == "refused":
            with pytest.raises(ScaleReadingUnreadable):
                read_scale(row["typed"])
        else:
            assert str(read_scale(row["typed"]).weight_g) == row["grams"]
