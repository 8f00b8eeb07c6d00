import re

import pytest
from django.utils import translation

from fulfillment.domain.bundle import DayBundle, Finding, ImportWarning
from fulfillment.services.bundle_wording import WORDING, import_message
from tests.bundles import BundleText

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_every_finding_has_its_wording() -> None:
    assert set(WORDING) == set(Finding)


def spoiled_day() -> DayBundle:
    """A day on which nearly everything that can be met is met."""
    text = BundleText()
    text.add("leaders.csv", text.tables["leaders.csv"][0])
    text.add("leaders.csv", "L3,,x,,,,9,9,MARS,,,,")
    text.cell("leaders.csv", 2, "lng", "34.71").cell("leaders.csv", 2, "lat", "113.72")
    text.cell("leaders.csv", 3, "lng", "108.9").cell("leaders.csv", 3, "name", "何\x00立" * 99)
    text.add("leaders.csv", "L4,何,19900000002,点,址,区,2.3,48.9,WGS-84,06:00,09:00,1,1")
    text.add("leaders.csv", "L5,何,19900000002,点,址,区,东,48.9,WGS-84,06:00,09:00,1,1")
    text.cell("skus.csv", 2, "supplier_code", "S9").cell("skus.csv", 3, "cost_fen", "1400")
    text.cell("vehicles.csv", 2, "shift_end", "04:00")
    text.cell("orders.csv", 2, "unit_price_fen", "1").cell("orders.csv", 3, "qty", "4")
    text.cell("orders.csv", 4, "paid_at", "2026-05-01 07:30:00+08:00")
    text.cell("orders.csv", 5, "paid_at", "2026-05-01 23:30:00+08:00")
    text.cell("orders.csv", 5, "placed_at", "2026-05-01 06:30:00+08:00")
    text.cell("orders.csv", 5, "room", "9")
    text.add("orders.csv", text.tables["orders.csv"][0])
    text.add("orders.csv", text.tables["orders.csv"][0].replace("L1", "L9"))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("O1", "O9").replace("K1", "K9"))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("L1", "L2"))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("101", "102").replace("K1", "K3"))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("08:01", "8h"))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("R1", ""))
    text.add("orders.csv", text.tables["orders.csv"][0].replace("O1", "O" * 99))
    text.cell("receipts.csv", 3, "arrived_qty", "9").add("receipts.csv", "S1,K2,1,0,1")
    text.tables["receipts.csv"].pop(2)
    return text.understood()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_message_names_every_value_and_leaves_no_gap(language: str) -> None:
    met = spoiled_day().warnings

    with translation.override(language):
        messages = [import_message(warning) for warning in met]

    assert len({warning.finding for warning in met}) >= 30
    for warning, message in zip(met, messages, strict=True):
        assert "%(" not in message
        assert all(str(value) in message for value in warning.params.values()), message


def test_the_wording_asks_for_nothing_the_finding_does_not_say() -> None:
    for warning in spoiled_day().warnings:
        assert set(PLACEHOLDER.findall(WORDING[warning.finding])) == set(warning.params)


def test_a_percent_sign_in_a_cell_is_only_a_percent_sign() -> None:
    warning = ImportWarning(
        file="orders.csv",
        row=2,
        finding=Finding.MOMENT_UNUSABLE,
        params={"column": "paid_at", "value": "100%(x)s"},
    )

    with translation.override("en"):
        assert "“100%(x)s”" in import_message(warning)
