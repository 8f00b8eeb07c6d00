"""Reports as sheets: the figures of the pages as real numbers and dates."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.domain.kpi_table import KPI_BY_KEY, Unit
from fulfillment.domain.report_period import Days
from fulfillment.integrations.workbooks import Share, Table
from fulfillment.models.reports import ReportKind, ReportRun
from fulfillment.selectors.kpi_board import DAY_KEYS, kpi_board
from fulfillment.selectors.kpi_words import NAMES
from fulfillment.selectors.report_tables import (
    Dimension,
    LeaderSort,
    SkuSort,
    cohorts,
    delivery_table,
    leader_league,
    refund_table,
    sku_league,
)
from fulfillment.selectors.report_words import (
    DIMENSIONS,
    claim_kind_words,
    refund_reason_words,
)

Tables = tuple[Table, ...]


def report_tables(run: ReportRun) -> Tables:
    """The sheets of a report."""
    return _MAKERS[ReportKind(run.kind)](Days(run.from_on, run.until_on), run.city)


def _kpis(days: Days, city: str) -> Tables:
    board = kpi_board(days, city)
    figures = [
        (
            group.name,
            tile.name,
            _cell(tile.kpi.unit, tile.value),
            tile.target,
            _cell(tile.kpi.unit, tile.before),
            tile.formula,
        )
        for group in board.groups
        for tile in group.tiles
    ]
    units = [KPI_BY_KEY[key].unit for key in DAY_KEYS]
    by_day = [
        (row.on, *(_cell(unit, value) for unit, value in zip(units, row.values, strict=True)))
        for row in board.rows
    ]
    return (
        Table(
            title=_("Key figures"),
            facts=_facts(days, city),
            headings=[
                (_("Group"), 12),
                (_("Figure"), 28),
                (_("Value"), 14),
                (_("Target"), 18),
                (_("Period before"), 14),
                (_("Formula"), 60),
            ],
            rows=figures,
        ),
        Table(
            title=_("Day by day"),
            headings=[(_("Delivered on"), 14), *((str(NAMES[key]), 18) for key in DAY_KEYS)],
            rows=by_day,
        ),
    )


def _skus(days: Days, city: str) -> Tables:
    rows = [
        (
            row["code"],
            row["name"],
            row["sold_lines"],
            row["sold_pieces"],
            row["sales_fen"] / 100,
            row["back_fen"] / 100,
            row["goods_fen"] / 100,
            row["margin_fen"] / 100,
            row["missing_pieces"],
            _share(row["short_share"]),
            row["complaints"],
            _share(row["claim_share"]),
        )
        for row in sku_league(days, city, SkuSort.PAID)
    ]
    headings = [
        (_("Code"), 12),
        (_("SKU"), 30),
        (_("Lines"), 10),
        (_("Pieces"), 10),
        (_("Sales (yuan)"), 14),
        (_("Refunded (yuan)"), 14),
        (_("Goods accepted (yuan)"), 18),
        (_("Margin (yuan)"), 14),
        (_("Short pieces"), 12),
        (_("Short rate"), 12),
        (_("Claims"), 10),
        (_("Claim rate"), 12),
    ]
    title = _("SKU league table")
    return (Table(title=title, facts=_facts(days, city), headings=headings, rows=rows),)


def _leaders(days: Days, city: str) -> Tables:
    rows = [
        (
            row["code"],
            row["name"],
            row["sold_orders"],
            row["buyers"],
            row["sold_pieces"],
            row["sales_fen"] / 100,
            row["back_fen"] / 100,
            row["missing_pieces"],
            _share(row["short_share"]),
            row["complaints"],
            _share(row["claim_share"]),
        )
        for row in leader_league(days, city, LeaderSort.PAID)
    ]
    headings = [
        (_("Code"), 12),
        (_("Leader"), 20),
        (_("Orders"), 10),
        (_("Resident days"), 14),
        (_("Pieces"), 10),
        (_("Sales (yuan)"), 14),
        (_("Refunded (yuan)"), 14),
        (_("Short pieces"), 12),
        (_("Short rate"), 12),
        (_("Claims"), 10),
        (_("Claim rate"), 12),
    ]
    title = _("Leader league table")
    return (Table(title=title, facts=_facts(days, city), headings=headings, rows=rows),)


def _refunds(days: Days, city: str) -> Tables:
    found = refund_table(days, city)
    return (
        Table(
            title=_("Refunds by reason"),
            facts=_facts(days, city),
            headings=[(_("Reason"), 24), (_("Refunded (yuan)"), 14), (_("Of what was paid"), 16)],
            rows=[
                (refund_reason_words(name), fen / 100, _share(share))
                for name, fen, share in found.reasons
            ],
            sums=(_("Together"), found.refunded_fen / 100),
        ),
        Table(
            title=_("Claims"),
            headings=[(_("Kind"), 24), (_("Claims"), 10), (_("Of all lines"), 16)],
            rows=[
                (claim_kind_words(name), count, _share(share)) for name, count, share in found.kinds
            ],
            sums=(_("Together"), found.claims),
        ),
    )


def _delivery(days: Days, city: str) -> Tables:
    return tuple(_delivery_by(days, city, dimension) for dimension in Dimension)


def _delivery_by(days: Days, city: str, dimension: Dimension) -> Table:
    found = delivery_table(days, city, dimension)
    label = str(DIMENSIONS[dimension])
    return Table(
        title=label,
        facts=_facts(days, city),
        headings=[
            (label, 24),
            (_("Trips"), 8),
            (_("Stops"), 8),
            (_("Pieces"), 10),
            (_("Distance (km)"), 12),
            (_("Cost (yuan)"), 14),
            (_("Per stop (yuan)"), 14),
            (_("Per piece (yuan)"), 14),
        ],
        rows=[
            (
                row.name or "—",
                row.trips,
                row.stops,
                row.pieces,
                row.distance_m / 1_000,
                row.cost_fen / 100,
                _yuan(row.per_stop_fen),
                _yuan(row.per_piece_fen),
            )
            for row in found.rows
        ],
    )


def _cohorts(days: Days, city: str) -> Tables:
    found = cohorts(city, days.until_on)
    weeks = max((len(cohort.shares_bp) for cohort in found), default=0)
    return (
        Table(
            title=_("Cohorts of residents"),
            facts=_facts(days, city),
            headings=[
                (_("First order in the week of"), 24),
                (_("Residents"), 12),
                *((f"+{week}", 8) for week in range(1, weeks + 1)),
            ],
            rows=[
                (cohort.first_week, cohort.residents, *(_share(bp) for bp in cohort.shares_bp))
                for cohort in found
            ],
        ),
    )


_MAKERS: Mapping[ReportKind, Callable[[Days, str], Tables]] = {
    ReportKind.KPIS: _kpis,
    ReportKind.SKUS: _skus,
    ReportKind.LEADERS: _leaders,
    ReportKind.REFUNDS: _refunds,
    ReportKind.DELIVERY: _delivery,
    ReportKind.COHORTS: _cohorts,
}


def _facts(days: Days, city: str) -> list[tuple[str, str]]:
    return [
        (_("Delivery days"), f"{days.from_on} – {days.until_on}"),
        (_("City"), city or _("All cities")),
    ]


def _cell(unit: Unit, value: int | None) -> Any:
    """A figure as a number: yuan, per cent, kilometres or as it is counted."""
    if value is None:
        return None
    if unit is Unit.SHARE:
        return Share(value)
    if unit is Unit.METRES:
        return value / 1_000
    return value / 100 if unit in (Unit.FEN, Unit.HUNDREDTHS) else value


def _share(basis_points: int | None) -> Share | None:
    return None if basis_points is None else Share(basis_points)


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100
