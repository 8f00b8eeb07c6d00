"""The key figures as a table: what each is counted in, its target, and which way is better."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from fulfillment.domain import kpis
from fulfillment.domain.kpi_parts import Parts
from leaders.domain.concentration import Concentration


class Unit(StrEnum):
    """What a figure is counted in."""

    FEN = "fen"
    SHARE = "share"
    MINUTES = "minutes"
    HOURS = "hours"
    METRES = "metres"
    PER_HOUR = "per_hour"
    HUNDREDTHS = "hundredths"


class Group(StrEnum):
    """Under which heading a figure stands."""

    SALES = "sales"
    GOODS = "goods"
    WAREHOUSE = "warehouse"
    DELIVERY = "delivery"
    RESIDENTS = "residents"
    LEADERS = "leaders"
    BOOKS = "books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What is known of a period.

    Parameters
    ----------
    parts
        The sums of its campaigns.
    concentration
        How much few leaders sold of it; None where nobody sold.
    gap_fen
        By how much our books and the provider's bills of these days differ: every open
        difference counted in full; None where no bill was checked.
    """

    parts: Parts = field(default_factory=Parts)
    concentration: Concentration | None = None
    gap_fen: int | None = None


class Verdict(StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a figure should at least and at most be; None is no bound."""

    least: int | None = None
    most: int | None = None

    def verdict(self, value: int | None) -> Verdict | None:
        """Whether a figure keeps both bounds; None where there is no figure, or no bound."""
        if value is None or (self.least is None and self.most is None):
            return None
        is_low = self.least is not None and value < self.least
        is_high = self.most is not None and value > self.most
        return Verdict.MISSED if is_low or is_high else Verdict.MET


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One key figure.

    `rises` says whether more is better (True), less (False), or neither (None).
    """

    key: str
    group: Group
    unit: Unit
    value: Callable[[Period], int | None]
    target: Target = Target()
    rises: bool | None = None


def _of_parts(rule: Callable[[Parts], int | None]) -> Callable[[Period], int | None]:
    return lambda period: rule(period.parts)


def _top_tenth_bp(period: Period) -> int | None:
    return period.concentration.top_tenth_bp if period.concentration else None


def _top_leader_bp(period: Period) -> int | None:
    return period.concentration.top_leader_bp if period.concentration else None


def _least(key: str, group: Group, rule: Callable[[Parts], int | None], bp: int) -> Kpi:
    """A share that should be at least so much."""
    return Kpi(
        key=key,
        group=group,
        unit=Unit.SHARE,
        value=_of_parts(rule),
        target=Target(least=bp),
        rises=True,
    )


def _most(key: str, group: Group, rule: Callable[[Parts], int | None], bp: int) -> Kpi:
    """A share that should be at most so much."""
    return Kpi(
        key=key,
        group=group,
        unit=Unit.SHARE,
        value=_of_parts(rule),
        target=Target(most=bp),
        rises=False,
    )


def _other(
    key: str,
    group: Group,
    unit: Unit,
    rule: Callable[[Parts], int | None],
    target: Target = Target(),
    *,
    rises: bool | None = None,
) -> Kpi:
    return Kpi(key=key, group=group, unit=unit, value=_of_parts(rule), target=target, rises=rises)


_G, _U = Group, Unit
KPIS: tuple[Kpi, ...] = (
    _other("gmv", _G.SALES, _U.FEN, kpis.gmv_fen, rises=True),
    _other("net_sales", _G.SALES, _U.FEN, kpis.net_sales_fen, rises=True),
    _other("contribution", _G.SALES, _U.FEN, kpis.contribution_fen, Target(least=1), rises=True),
    _other("order_value", _G.SALES, _U.FEN, kpis.order_value_fen, Target(least=1_500, most=4_000)),
    _other(
        "pieces_per_order",
        _G.SALES,
        _U.HUNDREDTHS,
        kpis.pieces_per_order,
        Target(least=200, most=500),
    ),
    _least("jielong", _G.SALES, kpis.jielong_bp, 9_000),
    _least("fill", _G.GOODS, kpis.fill_bp, 9_850),
    _least("supplier_fill", _G.GOODS, kpis.supplier_fill_bp, 9_800),
    _least("supplier_punctual", _G.GOODS, kpis.supplier_punctual_bp, 9_500),
    _most("shrink", _G.GOODS, kpis.shrink_bp, 200),
    _other("po_minutes", _G.GOODS, _U.MINUTES, kpis.po_minutes, Target(most=5), rises=False),
    _least("sort_accuracy", _G.WAREHOUSE, kpis.sort_accuracy_bp, 9_970),
    _other(
        "sort_productivity",
        _G.WAREHOUSE,
        _U.PER_HOUR,
        kpis.sort_productivity,
        Target(least=250),
        rises=True,
    ),
    _other(
        "label_minutes", _G.WAREHOUSE, _U.MINUTES, kpis.label_minutes, Target(most=45), rises=False
    ),
    _other(
        "cost_per_piece",
        _G.WAREHOUSE,
        _U.FEN,
        kpis.cost_per_piece_fen,
        Target(most=100),
        rises=False,
    ),
    _least("punctual", _G.DELIVERY, kpis.punctual_bp, 9_700),
    _other("load", _G.DELIVERY, _U.SHARE, kpis.load_bp, Target(least=7_000, most=8_500)),
    _other("metres_per_stop", _G.DELIVERY, _U.METRES, kpis.metres_per_stop, rises=False),
    _other("stops_per_trip", _G.DELIVERY, _U.HUNDREDTHS, kpis.stops_per_trip, rises=True),
    _least("pickup", _G.RESIDENTS, kpis.pickup_bp, 9_200),
    _least("repeat", _G.RESIDENTS, kpis.repeat_bp, 4_500),
    _most("claim", _G.RESIDENTS, kpis.claim_bp, 300),
    _most("refund", _G.RESIDENTS, kpis.refund_bp, 200),
    _other(
        "first_answer",
        _G.RESIDENTS,
        _U.MINUTES,
        kpis.first_answer_minutes,
        Target(most=30),
        rises=False,
    ),
    _other(
        "resolution", _G.RESIDENTS, _U.HOURS, kpis.resolution_hours, Target(most=12), rises=False
    ),
    _least("active_leaders", _G.LEADERS, kpis.active_leaders_bp, 7_000),
    _least("kept_leaders", _G.LEADERS, kpis.kept_leaders_bp, 8_500),
    _other(
        "orders_per_leader",
        _G.LEADERS,
        _U.HUNDREDTHS,
        kpis.orders_per_leader,
        Target(least=2_000, most=5_000),
    ),
    _other(
        "commission",
        _G.LEADERS,
        _U.SHARE,
        kpis.commission_bp,
        Target(least=800, most=1_200),
    ),
    Kpi(
        key="top_tenth",
        group=_G.LEADERS,
        unit=_U.SHARE,
        value=_top_tenth_bp,
        target=Target(most=5_000),
        rises=False,
    ),
    Kpi(
        key="top_leader",
        group=_G.LEADERS,
        unit=_U.SHARE,
        value=_top_leader_bp,
        target=Target(most=1_000),
        rises=False,
    ),
    Kpi(
        key="gap",
        group=_G.BOOKS,
        unit=_U.FEN,
        value=lambda period: period.gap_fen,
        target=Target(most=0),
        rises=False,
    ),
)
KPI_BY_KEY = {kpi.key: kpi for kpi in KPIS}
