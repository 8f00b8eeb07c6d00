"""The key figures of a period beside their targets and the period before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from fulfillment.domain.kpi_parts import Parts, parts_from_json, parts_sum
from fulfillment.domain.kpi_table import KPI_BY_KEY, KPIS, Kpi, Period, Verdict
from fulfillment.domain.report_period import Days
from fulfillment.models.figures import CampaignFigures, LeaderFigures
from fulfillment.selectors.kpi_words import (
    FORMULAS,
    GROUPS,
    NAMES,
    change_text,
    figure_text,
    target_text,
)
from leaders.domain.concentration import concentration
from orders.models.reconciliation import BillCheck

# What the table by day and the charts over it show.
DAY_KEYS = (
    "gmv",
    "net_sales",
    "fill",
    "claim",
    "refund",
    "punctual",
    "cost_per_piece",
    "pickup",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure in words; `is_better` is None where it did not change or nobody can say."""

    kpi: Kpi
    name: str
    formula: str
    value: int | None
    before: int | None

    @property
    def text(self) -> str:
        """The figure, or a dash."""
        return figure_text(self.kpi.unit, self.value)

    @property
    def target(self) -> str:
        """What it should be, or nothing."""
        return target_text(self.kpi)

    @property
    def change(self) -> str:
        """How it changed, or nothing."""
        return change_text(self.kpi.unit, self.value, self.before)

    @property
    def verdict(self) -> Verdict | None:
        """Whether the target is met."""
        return self.kpi.target.verdict(self.value)

    @property
    def is_better(self) -> bool | None:
        """Whether the change was for the better."""
        if self.value is None or self.before is None or self.kpi.rises is None:
            return None
        return None if self.value == self.before else (self.value > self.before) == self.kpi.rises


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Figures under one heading."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """Some figures of one day, in the order of `DAY_KEYS`."""

    on: date
    values: tuple[int | None, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The figures as people read them."""
        kpis = (KPI_BY_KEY[key] for key in DAY_KEYS)
        return tuple(
            figure_text(kpi.unit, value) for kpi, value in zip(kpis, self.values, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiBoard:
    """A period, what it is compared with, and its days, the earliest first."""

    days: Days
    parts: Parts
    groups: tuple[TileGroup, ...]
    rows: tuple[DayRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no campaign of the period has been added up."""
        return not self.rows


def figures_of(days: Days, city: str) -> QuerySet[CampaignFigures]:
    """Figures of the campaigns delivered on these days, of one city or of all."""
    figures = CampaignFigures.objects.filter(delivery_date__range=(days.from_on, days.until_on))
    return figures.filter(city=city) if city else figures


def cities_with_figures() -> list[str]:
    """Every city that has figures."""
    return list(CampaignFigures.objects.order_by("city").values_list("city", flat=True).distinct())


def newest_day(until_on: date) -> date:
    """The last day with figures up to a day; that day where there are none."""
    figures = CampaignFigures.objects.filter(delivery_date__lte=until_on)
    newest = figures.order_by("-delivery_date").values_list("delivery_date", flat=True).first()
    return newest or until_on


def kpi_board(days: Days, city: str) -> KpiBoard:
    """The board of a period in four queries."""
    both = Days(days.before.from_on, days.until_on)
    parts_by_day: dict[date, list[Parts]] = defaultdict(list)
    for on, stored in figures_of(both, city).values_list("delivery_date", "parts"):
        parts_by_day[on].append(parts_from_json(stored))
    gap_fen, gap_before_fen = _gaps(days)
    now = _period(days, city, _within(parts_by_day, days), gap_fen)
    before = _period(days.before, city, _within(parts_by_day, days.before), gap_before_fen)
    tiles = [
        Tile(
            kpi=kpi,
            name=str(NAMES[kpi.key]),
            formula=str(FORMULAS[kpi.key]),
            value=kpi.value(now),
            before=kpi.value(before),
        )
        for kpi in KPIS
    ]
    return KpiBoard(
        days=days,
        parts=now.parts,
        groups=tuple(
            TileGroup(str(name), tuple(tile for tile in tiles if tile.kpi.group is group))
            for group, name in GROUPS.items()
        ),
        rows=tuple(
            _day_row(on, parts_by_day[on]) for on in sorted(parts_by_day) if on >= days.from_on
        ),
    )


def _within(parts_by_day: dict[date, list[Parts]], days: Days) -> list[Parts]:
    return [
        parts
        for on, of_day in parts_by_day.items()
        if days.from_on <= on <= days.until_on
        for parts in of_day
    ]


def _period(days: Days, city: str, parts: Sequence[Parts], gap_fen: int | None) -> Period:
    sales = LeaderFigures.objects.filter(delivery_date__range=(days.from_on, days.until_on))
    if city:
        sales = sales.filter(campaign__city=city)
    by_leader = sales.order_by().values("leader").annotate(fen=Sum("paid_fen"))
    shares = concentration(list(by_leader.values_list("fen", flat=True)))
    return Period(
        parts=parts_sum(parts),
        concentration=shares if shares.leaders else None,
        gap_fen=gap_fen,
    )


def _day_row(on: date, parts: Iterable[Parts]) -> DayRow:
    period = Period(parts=parts_sum(parts))
    return DayRow(on, tuple(KPI_BY_KEY[key].value(period) for key in DAY_KEYS))


def _gaps(days: Days) -> tuple[int | None, int | None]:
    """How far our books are from the bills of a period and of the one before, in one query."""
    difference = Abs(Coalesce("differences__ours_fen", 0) - Coalesce("differences__theirs_fen", 0))
    is_now = Q(bill_date__gte=days.from_on)
    is_open = Q(differences__resolved_at__isnull=True)
    found = BillCheck.objects.filter(
        bill_date__range=(days.before.from_on, days.until_on)
    ).aggregate(
        checks=Count("pk", filter=is_now),
        checks_before=Count("pk", filter=~is_now),
        now=Coalesce(Sum(difference, filter=is_now & is_open), 0),
        before=Coalesce(Sum(difference, filter=~is_now & is_open), 0),
    )
    return (
        found["now"] if found["checks"] else None,
        found["before"] if found["checks_before"] else None,
    )
