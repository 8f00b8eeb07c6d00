"""What the charts of reports are drawn from; each stands beside a table of the same figures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.domain.kpi_table import KPI_BY_KEY, Unit
from fulfillment.selectors.kpi_board import DAY_KEYS, KpiBoard
from fulfillment.selectors.kpi_words import NAMES

# What an axis shows of fen, basis points and the rest.
_DIVISORS = {Unit.FEN: 100, Unit.SHARE: 100}
_SIGNS = {Unit.FEN: "¥", Unit.SHARE: "%"}
# Sales stand alone; rates that are read together stand together.
_CHARTS = (
    ("bar", ("gmv", "net_sales")),
    ("line", ("fill",)),
    ("line", ("claim", "refund")),
    ("line", ("punctual", "pickup")),
    ("line", ("cost_per_piece",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart: its shape, its labels and one row of figures per series, None for a gap."""

    element_id: str
    title: str
    shape: str
    sign: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]

    @property
    def data(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return asdict(self)


def day_charts(board: KpiBoard) -> list[Chart]:
    """The charts over the table by day; one nothing is known of is left out."""
    labels = tuple(f"{row.on:%m-%d}" for row in board.rows)
    charts = []
    for shape, keys in _CHARTS:
        unit = KPI_BY_KEY[keys[0]].unit
        series = tuple((str(NAMES[key]), _values(board, key)) for key in keys)
        if any(value is not None for _name, values in series for value in values):
            charts.append(
                Chart(
                    element_id=f"chart-{keys[0]}",
                    title=_(" and ").join(name for name, _values_of in series),
                    shape=shape,
                    sign=_SIGNS[unit],
                    labels=labels,
                    series=series,
                )
            )
    return charts


def parts_chart(rows: Sequence[tuple[str, float]]) -> Chart:
    """Amounts of money, one bar each, the largest first."""
    return Chart(
        element_id="chart-reasons",
        title=_("Refunded by reason"),
        shape="rows",
        sign="¥",
        labels=tuple(name for name, _amount in rows),
        series=((_("Refunded"), tuple(amount for _name, amount in rows)),),
    )


def _values(board: KpiBoard, key: str) -> tuple[float | None, ...]:
    at = DAY_KEYS.index(key)
    divisor = _DIVISORS[KPI_BY_KEY[key].unit]
    cells = (row.values[at] for row in board.rows)
    return tuple(None if value is None else value / divisor for value in cells)
