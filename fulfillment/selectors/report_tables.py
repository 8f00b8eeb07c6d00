"""League tables, refunds, delivery costs, cohorts and areas: each report in one or two queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, F, FloatField, QuerySet, Sum, Value
from django.db.models.functions import Cast, NullIf, Round
from django.utils import timezone

from fulfillment.domain.kpi_parts import parts_from_json, parts_sum
from fulfillment.domain.kpis import WHOLE_BP, ratio, share_bp
from fulfillment.domain.report_period import Days
from fulfillment.models.figures import CohortFigures, LeaderFigures, PointFigures, SkuFigures
from fulfillment.selectors.kpi_board import figures_of
from fulfillment.selectors.trip_costs import TRIP_TABLES

# So many points are drawn; the table beside the map has every community.
POINTS_DRAWN = 1_000


class SkuSort(StrEnum):
    """What the SKU league table can be sorted by."""

    PAID = "paid"
    MARGIN = "margin"
    PIECES = "pieces"
    SHORT = "short"
    REFUND = "refund"
    CLAIM = "claim"


class LeaderSort(StrEnum):
    """What the leader league table can be sorted by."""

    PAID = "paid"
    ORDERS = "orders"
    RESIDENTS = "residents"
    VALUE = "value"
    SHORT = "short"
    REFUND = "refund"
    CLAIM = "claim"


class Dimension(StrEnum):
    """What delivery costs are broken down by."""

    ROUTE = "route"
    DRIVER = "driver"
    VEHICLE = "vehicle"


def sku_league(days: Days, city: str, sort: SkuSort) -> QuerySet[Any, Any]:
    """SKUs with their sums, the largest first; shares are of the SKU's own sales."""
    rows = SkuFigures.objects.filter(delivery_date__range=(days.from_on, days.until_on))
    if city:
        rows = rows.filter(campaign__city=city)
    summed = (
        rows.order_by()
        .values(code=F("sku__code"), name=F("sku__name"))
        .annotate(
            sold_lines=_sum("lines"),
            sold_pieces=_sum("pieces"),
            sales_fen=_sum("paid_fen"),
            goods_fen=_sum("cost_fen"),
            back_fen=_sum("refunded_fen"),
            missing_pieces=_sum("short_pieces"),
            complaints=_sum("claims"),
        )
        .annotate(margin_fen=F("sales_fen") - F("back_fen") - F("goods_fen"))
        .annotate(
            short_share=_share("missing_pieces", "sold_pieces"),
            refund_share=_share("back_fen", "sales_fen"),
            claim_share=_share("complaints", "sold_lines"),
        )
    )
    columns = {
        SkuSort.PAID: "sales_fen",
        SkuSort.MARGIN: "margin_fen",
        SkuSort.PIECES: "sold_pieces",
        SkuSort.SHORT: "short_share",
        SkuSort.REFUND: "refund_share",
        SkuSort.CLAIM: "claim_share",
    }
    return summed.order_by(F(columns[sort]).desc(nulls_last=True), "code")


def leader_league(days: Days, city: str, sort: LeaderSort) -> QuerySet[Any, Any]:
    """Leaders with their sums, the largest first.

    `buyers` adds up the residents of each day: who came twice counts twice.
    """
    rows = LeaderFigures.objects.filter(delivery_date__range=(days.from_on, days.until_on))
    if city:
        rows = rows.filter(campaign__city=city)
    summed = (
        rows.order_by()
        .values(code=F("leader__code"), name=F("leader__name"))
        .annotate(
            sold_orders=_sum("orders"),
            buyers=_sum("residents"),
            sold_pieces=_sum("pieces"),
            sales_fen=_sum("paid_fen"),
            back_fen=_sum("refunded_fen"),
            missing_pieces=_sum("short_pieces"),
            complaints=_sum("claims"),
        )
        .annotate(
            order_value=_share("sales_fen", "sold_orders", 1),
            short_share=_share("missing_pieces", "sold_pieces"),
            refund_share=_share("back_fen", "sales_fen"),
            claim_share=_share("complaints", "sold_orders"),
        )
    )
    columns = {
        LeaderSort.PAID: "sales_fen",
        LeaderSort.ORDERS: "sold_orders",
        LeaderSort.RESIDENTS: "buyers",
        LeaderSort.VALUE: "order_value",
        LeaderSort.SHORT: "short_share",
        LeaderSort.REFUND: "refund_share",
        LeaderSort.CLAIM: "claim_share",
    }
    return summed.order_by(F(columns[sort]).desc(nulls_last=True), "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTable:
    """What went back by reason, and claims by kind, the largest first."""

    paid_fen: int
    refunded_fen: int
    lines: int
    claims: int
    reasons: tuple[tuple[str, int, int | None], ...]
    kinds: tuple[tuple[str, int, int | None], ...]


def refund_table(days: Days, city: str) -> RefundTable:
    """Refunds by reason with their share of what was paid, claims by kind with that of lines."""
    stored = figures_of(days, city).values_list("parts", flat=True)
    parts = parts_sum(parts_from_json(one) for one in stored)
    return RefundTable(
        paid_fen=parts.paid_fen,
        refunded_fen=parts.refunded_fen,
        lines=parts.lines,
        claims=parts.claims,
        reasons=_shares(parts.refunds_fen, parts.paid_fen),
        kinds=_shares(parts.claims_by_kind, parts.lines),
    )


class DeliveryRow(NamedTuple):
    """Trips of one route, driver or vehicle, or of all: what they carried and cost as planned."""

    name: str
    trips: int
    stops: int
    pieces: int
    distance_m: int
    cost_fen: int

    @property
    def per_stop_fen(self) -> int | None:
        """Cost per stop."""
        return ratio(self.cost_fen, self.stops)

    @property
    def per_piece_fen(self) -> int | None:
        """Cost per piece on board."""
        return ratio(self.cost_fen, self.pieces)


@dataclass(frozen=True, slots=True)
class DeliveryTable:
    """The dearest first; line hauls belong to no route."""

    rows: tuple[DeliveryRow, ...]
    linehaul_fen: int

    @property
    def total(self) -> DeliveryRow:
        """All trips together, line hauls included."""
        return DeliveryRow(
            name="",
            trips=sum(row.trips for row in self.rows),
            stops=sum(row.stops for row in self.rows),
            pieces=sum(row.pieces for row in self.rows),
            distance_m=sum(row.distance_m for row in self.rows),
            cost_fen=sum(row.cost_fen for row in self.rows) + self.linehaul_fen,
        )


_RUNS = """
WITH run AS (
    SELECT r.id, c.delivery_date
      FROM orders_campaign c JOIN fulfillment_cutoffrun r ON r.campaign_id = c.id
     WHERE c.delivery_date BETWEEN %(from_on)s AND %(until_on)s
       AND (%(city)s = '' OR c.city = %(city)s)
)"""
# A drop that was split over trips counts its pieces in equal parts.
_BY_TRIP = """, carried AS (
    SELECT s.trip_id, round(sum(d.pieces::numeric / d.parts))::bigint AS pieces
      FROM trip
      JOIN fulfillment_stop s ON s.trip_id = trip.trip_id
      JOIN (SELECT o.id, o.pieces, (SELECT count(*) FROM fulfillment_stop p WHERE p.drop_id = o.id)
                   AS parts FROM fulfillment_drop o) d ON d.id = s.drop_id
     GROUP BY s.trip_id
)
SELECT CASE %(dimension)s WHEN 'vehicle' THEN v.code || ' ' || v.plate
            WHEN 'driver' THEN coalesce(h.code || ' ' || h.name, '')
            ELSE 'R' || lpad(trip.route_no::text, 2, '0') END AS name,
       count(*), sum(trip.stops)::bigint, coalesce(sum(carried.pieces), 0)::bigint,
       sum(trip.distance_m)::bigint, sum(trip.cost_fen)::bigint
  FROM trip
  JOIN fulfillment_vehicle v ON v.id = trip.vehicle_id
  LEFT JOIN fulfillment_driver h ON h.id = trip.driver_id
  LEFT JOIN carried ON carried.trip_id = trip.trip_id
 GROUP BY 1
UNION ALL
SELECT NULL, 0, 0, 0, 0, coalesce(sum(cost_fen), 0)::bigint FROM haul
 ORDER BY 6 DESC, 1
"""
DELIVERY_SQL = "".join((_RUNS, TRIP_TABLES, _BY_TRIP))


def delivery_table(days: Days, city: str, dimension: Dimension) -> DeliveryTable:
    """Planned costs of the trips of these days, broken down."""
    with connection.cursor() as cursor:
        cursor.execute(
            DELIVERY_SQL,
            {
                "from_on": days.from_on,
                "until_on": days.until_on,
                "city": city,
                "dimension": dimension.value,
                "zone": timezone.get_default_timezone_name(),
                "tote_ml": settings.TOTE_FILL_ML,
            },
        )
        found = [DeliveryRow._make(row) for row in cursor.fetchall()]
    rows = tuple(row for row in found if row.name is not None)
    return DeliveryTable(rows, sum(row.cost_fen for row in found if row.name is None))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Residents of one first week, and the share that came again in each week since."""

    first_week: date
    residents: int
    shares_bp: tuple[int | None, ...]


def cohorts(city: str, until_on: date) -> tuple[Cohort, ...]:
    """Cohorts up to a day, the newest first; of all cities together without a city."""
    figures = CohortFigures.objects.filter(first_week__lte=until_on)
    if city:
        figures = figures.filter(city=city)
    weeks: dict[date, dict[int, int]] = defaultdict(dict)
    rows = (
        figures.order_by()
        .values_list("first_week", "weeks_after")
        .annotate(count=Sum("residents"))
        .order_by("-first_week", "weeks_after")
    )
    for first_week, weeks_after, count in rows:
        weeks[first_week][weeks_after] = count
    return tuple(
        Cohort(
            first_week,
            counts.get(0, 0),
            tuple(share_bp(count, counts.get(0, 0)) for at, count in counts.items() if at),
        )
        for first_week, counts in weeks.items()
        if counts.get(0)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One community with its points."""

    district: str
    name: str
    points: int
    orders: int
    pieces: int
    paid_fen: int
    share_bp: int | None


@dataclass(frozen=True, slots=True)
class Areas:
    """Communities, the largest first, and the largest points for the map."""

    rows: tuple[Area, ...]
    marks: tuple[dict[str, Any], ...]


def areas(days: Days, city: str) -> Areas:
    """Sales by pickup point and by community, in one query."""
    figures = PointFigures.objects.filter(delivery_date__range=(days.from_on, days.until_on))
    if city:
        figures = figures.filter(campaign__city=city)
    points = list(
        figures.order_by()
        .values(
            code=F("pickup_point__code"),
            name=F("pickup_point__name"),
            lng=F("pickup_point__lng"),
            lat=F("pickup_point__lat"),
            district=F("pickup_point__community__district"),
            community=F("pickup_point__community__name"),
        )
        .annotate(sold_orders=Sum("orders"), sold_pieces=Sum("pieces"), fen=Sum("paid_fen"))
        .order_by("-fen", "code")
    )
    whole_fen = sum(point["fen"] for point in points)
    by_area: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for point in points:
        by_area[point["district"] or "", point["community"] or ""].append(point)
    rows = [
        Area(
            district=district,
            name=name,
            points=len(own),
            orders=sum(point["sold_orders"] for point in own),
            pieces=sum(point["sold_pieces"] for point in own),
            paid_fen=sum(point["fen"] for point in own),
            share_bp=share_bp(sum(point["fen"] for point in own), whole_fen),
        )
        for (district, name), own in by_area.items()
    ]
    rows.sort(key=lambda row: (-row.paid_fen, row.district, row.name))
    marks = [
        {key: point[key] for key in ("name", "lng", "lat", "fen")}
        | {"orders": point["sold_orders"]}
        for point in points[:POINTS_DRAWN]
    ]
    return Areas(tuple(rows), tuple(marks))


def _sum(name: str) -> Cast:
    return Cast(Sum(name), BigIntegerField())


def _share(part: str, whole: str, scale: int = WHOLE_BP) -> Cast:
    """A share in basis points, or an amount each; NULL of nothing."""
    exact = Cast(F(part), FloatField()) * scale / NullIf(F(whole), Value(0))
    return Cast(Round(exact), BigIntegerField())


def _shares(counts: Mapping[str, int], whole: int) -> tuple[tuple[str, int, int | None], ...]:
    largest_first = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return tuple((name, count, share_bp(count, whole)) for name, count in largest_first)
