"""Levels of leaders: the figures behind them, and what the next one needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from fulfillment.models.handover import Handover, HandoverCount
from leaders.domain.levels import WINDOW, Figures, Lacking, Rung, lacking, next_rung
from leaders.models.leaders import Leader
from leaders.models.level_reviews import LevelReview
from leaders.models.levels import LeaderLevel
from orders.models.claims import Claim, ClaimState
from orders.models.orders import OrderLine, OrderState

# Paid and not given back as a whole.
KEPT_STATES = (OrderState.PAID, OrderState.FROZEN, OrderState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStanding:
    """A leader's level, the next one and what it needs.

    `lacking_next` is None at the top and where nobody has set levels;
    `lacking_own` is what the present level lacks, None without a level.
    """

    level: LeaderLevel | None
    next_level: LeaderLevel | None
    figures: Figures
    lacking_own: Lacking | None
    lacking_next: Lacking | None
    levels: tuple[LeaderLevel, ...]


def rung_of(level: LeaderLevel) -> Rung:
    """A level as the rule takes it."""
    return Rung(
        rank=level.rank,
        min_orders=level.min_orders,
        min_buyers=level.min_buyers,
        max_claim_bp=level.max_claim_bp,
        min_on_time_bp=level.min_on_time_bp,
    )


def figures_of_leaders(leaders: Sequence[Leader], now: datetime) -> dict[int, Figures]:
    """Own sales and service over the 30 days until a moment, by leader, in two queries.

    Orders that another leader sold are that leader's customers and count for
    neither. Who neither sold nor received anything is left out.
    """
    ids = [leader.pk for leader in leaders]
    sold, taken = _sold_by(ids, now), _taken_by(ids, now)
    nothing = Figures()
    return {
        leader_id: replace(
            sold.get(leader_id, nothing),
            deliveries=taken.get(leader_id, nothing).deliveries,
            counted_in_time=taken.get(leader_id, nothing).counted_in_time,
        )
        for leader_id in sold.keys() | taken.keys()
    }


def level_standing(leader: Leader, now: datetime) -> LevelStanding:
    """Where a leader stands and what the next level needs, in three queries."""
    levels = tuple(LeaderLevel.objects.select_related("commission_plan"))
    figures = figures_of_leaders([leader], now).get(leader.pk, Figures())
    own = next((level for level in levels if level.pk == leader.level_id), None)
    above = next_rung([rung_of(level) for level in levels], own.rank if own else None)
    next_level = next((level for level in levels if above and level.rank == above.rank), None)
    return LevelStanding(
        level=own,
        next_level=next_level,
        figures=figures,
        lacking_own=lacking(rung_of(own), figures) if own else None,
        lacking_next=lacking(rung_of(next_level), figures) if next_level else None,
        levels=levels,
    )


def level_history(leader: Leader) -> QuerySet[LevelReview]:
    """Every change of a leader's level, the newest first."""
    return LevelReview.objects.select_related("from_level", "to_level").filter(leader=leader)


def _sold_by(ids: Sequence[int], now: datetime) -> dict[int, Figures]:
    claims = Claim.objects.filter(order_line=OuterRef("pk"), state=ClaimState.APPROVED)
    rows = (
        OrderLine.objects.filter(
            order__leader__in=ids,
            order__reseller__isnull=True,
            order__state__in=KEPT_STATES,
            order__paid_at__gt=now - WINDOW,
            order__paid_at__lte=now,
            is_void=False,
        )
        .order_by()
        .values(seller=F("order__leader"))
        .annotate(
            orders=Count("order", distinct=True),
            buyers=Count("order__resident", distinct=True),
            lines=Count("pk"),
            claimed_lines=Count("pk", filter=Exists(claims)),
        )
    )
    return {
        row["seller"]: Figures(
            orders=row["orders"],
            buyers=row["buyers"],
            lines=row["lines"],
            claimed_lines=row["claimed_lines"],
        )
        for row in rows
    }


def _taken_by(ids: Sequence[int], now: datetime) -> dict[int, Figures]:
    """Deliveries at the leaders' points; a count exists only where it came in time."""
    counts = HandoverCount.objects.filter(handover=OuterRef("pk"))
    rows = (
        Handover.objects.filter(
            stop__drop__pickup_point__leader__in=ids,
            claim_until__isnull=False,
            confirmed_at__gt=now - WINDOW,
            confirmed_at__lte=now,
        )
        .order_by()
        .values(taker=F("stop__drop__pickup_point__leader"))
        .annotate(deliveries=Count("pk"), counted_in_time=Count("pk", filter=Exists(counts)))
    )
    return {
        row["taker"]: Figures(deliveries=row["deliveries"], counted_in_time=row["counted_in_time"])
        for row in rows
    }
