"""docs/algorithms/kpis.md against the code."""

from typing import Any

import pytest

from fulfillment.domain.kpi_parts import Parts
from fulfillment.domain.kpi_table import KPIS, Period
from fulfillment.selectors.kpi_words import figure_text, target_text
from leaders.domain.concentration import concentration
from tests.docs.pages import tables

PAGE = "algorithms/kpis.md"


@pytest.mark.usefixtures("english")
def test_the_example_comes_to_what_the_page_says() -> None:
    formulas, example = tables(PAGE)
    values: dict[str, Any] = {
        name: int(value)
        for names, cells in (row.values() for row in example)
        for name, value in zip(names.split(", "), cells.split(", "), strict=True)
    }
    period = Period(
        parts=Parts(
            **values,
            first_answers={10: 1, 20: 2, 90: 1},
            resolutions={2: 3, 30: 2},
        ),
        concentration=concentration([50_000, 30_000, 20_000]),
        gap_fen=120,
    )

    told = [(row["key"], row["example"], row["target"]) for row in formulas]

    assert told == [
        (kpi.key, figure_text(kpi.unit, kpi.value(period)), target_text(kpi)) for kpi in KPIS
    ]
