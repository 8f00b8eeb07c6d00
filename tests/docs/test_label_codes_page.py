"""docs/algorithms/label_codes.md against the code."""

from fulfillment.domain.label_codes import LabelCode, Labelled, read_label_code
from fulfillment.papers.codes import QR_QUIET_MODULES, qr_runs
from tests.docs.pages import tables

PAGE = "algorithms/label_codes.md"


def test_every_code_of_the_page_is_made_and_read() -> None:
    rows = tables(PAGE)[0]

    assert {row["on"] for row in rows} == {kind.name.lower() for kind in Labelled}
    for row in rows:
        code = LabelCode(Labelled(row["letter"]), int(row["row"]))
        assert str(code) == row["code"]
        assert read_label_code(row["code"]) == code


def test_every_mistake_of_the_page_is_refused() -> None:
    for row in tables(PAGE)[1]:
        assert (read_label_code(row["typed"]) is None) == row["is"].startswith("refused")


def test_a_module_of_the_smallest_label_is_four_dots_wide() -> None:
    modules, _runs = qr_runs("U-000572-4")

    module_mm = 15 / (modules + 2 * QR_QUIET_MODULES)

    assert modules == 21
    assert round(module_mm * 203 / 25.4) == 4
