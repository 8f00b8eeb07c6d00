"""A leader's home in a fixed number of queries, however much they sold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.delivery import first_stop
from fulfillment.selectors.leader_matters import Matters, matters_of_leader
from fulfillment.selectors.leader_money import CommissionHeld, commission_held_of_leader
from fulfillment.selectors.levels import LevelStanding, level_standing
from leaders.models.care import Substitution
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Campaign
from orders.models.catalogue import Storage
from orders.selectors.leader_sales import Glance, glance_of_leader
from orders.selectors.orders import (
    CampaignClock,
    CampaignSales,
    campaign_clocks,
    campaign_in_focus,
    recent_sales_of_leader,
)

RECENT_CAMPAIGNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What comes to one pickup point; `stop` and `window` are there once routes are planned."""

    point: PickupPoint
    pieces: int
    slot_code: str
    unserved_reason: str
    totes: tuple[tuple[str, int], ...]
    stop: Stop | None
    window: ArrivalWindow | None

    @property
    def is_coming(self) -> bool:
        """Whether the driver is still to come."""
        return self.stop is not None and self.stop.state in STOP_LIFECYCLE.open

    @property
    def expected_at(self) -> datetime | None:
        """When the driver will be there, by where they are now."""
        return self.stop.expected_at if self.stop and self.is_coming else None

    @property
    def is_late(self) -> bool:
        """Whether the driver is expected after the announced window."""
        return bool(self.expected_at and self.window and self.expected_at > self.window.arrive_to)

    @property
    def totes_count(self) -> int:
        """Totes of all storage classes."""
        return sum(count for _label, count in self.totes)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderHome:
    """All that the home page shows; `campaign` is the newest, `arriving` the newest with goods."""

    now: datetime
    campaign: Campaign | None
    clock: CampaignClock | None
    glance: Glance | None
    arriving: Campaign | None
    arrivals: tuple[Arrival, ...]
    matters: Matters
    commission: CommissionHeld
    standing: LevelStanding
    recent: tuple[CampaignSales, ...]


def leader_home(leader: Leader, now: datetime) -> LeaderHome:
    """The home page of a leader at a moment, in ten queries."""
    campaign = campaign_in_focus()
    drops = _newest_drops(leader)
    run = drops[0].wave.run if drops else None
    return LeaderHome(
        now=now,
        campaign=campaign,
        clock=_next_clock(campaign, now) if campaign else None,
        glance=glance_of_leader(leader, campaign, now) if campaign else None,
        arriving=run.campaign if run else None,
        arrivals=_arrivals(drops),
        matters=matters_of_leader(leader, run, now),
        commission=commission_held_of_leader(leader),
        standing=level_standing(leader, now),
        recent=tuple(recent_sales_of_leader(leader, RECENT_CAMPAIGNS)),
    )


def newest_run_of_leader(leader: Leader) -> CutoffRun | None:
    """The newest run that brings something to a point the leader minds that day."""
    drop = (
        _drops_minded_by(leader)
        .select_related("wave__run__campaign")
        .order_by("-wave__run__campaign__delivery_date", "-wave__run")
        .first()
    )
    return drop.wave.run if drop else None


def drops_of_leader(leader: Leader, run: CutoffRun) -> QuerySet[Drop]:
    """The drops of a run at the points the leader minds on the day of delivery."""
    return _drops_minded_by(leader).filter(wave__run=run).order_by("pickup_point__code")


def arrivals_of_leader(leader: Leader, run: CutoffRun) -> tuple[Arrival, ...]:
    """When and in how many totes a run's goods come, point by point."""
    return _arrivals(list(_with_stops(drops_of_leader(leader, run))))


def _newest_drops(leader: Leader) -> list[Drop]:
    """What the newest run brings to the leader, with its stops."""
    minded = _drops_minded_by(leader)
    newest = minded.order_by("-wave__run__campaign__delivery_date", "-wave__run")
    drops = minded.filter(wave__run=Subquery(newest.values("wave__run")[:1]))
    return list(
        _with_stops(drops.select_related("wave__run__campaign").order_by("pickup_point__code"))
    )


def _drops_minded_by(leader: Leader) -> QuerySet[Drop]:
    """Drops at the leader's points, and at those they minded for others on the day."""
    on_the_day = Substitution.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("wave__run__campaign__delivery_date")),
        pickup_point=OuterRef("pickup_point"),
        from_date__lte=OuterRef("wave__run__campaign__delivery_date"),
        until_date__gte=OuterRef("wave__run__campaign__delivery_date"),
    )
    ever = PickupPoint.objects.filter(
        Q(leader=leader) | Exists(leader.substitutions.filter(pickup_point=OuterRef("pk")))
    )
    own = Q(pickup_point__leader=leader) & ~Exists(on_the_day.exclude(substitute=leader))
    return Drop.objects.filter(
        own | Exists(on_the_day.filter(substitute=leader)), pickup_point__in=ever.values("pk")
    )


def _with_stops(drops: QuerySet[Drop]) -> QuerySet[Drop]:
    stops = Stop.objects.select_related("trip__vehicle", "handover")
    return drops.select_related("pickup_point").prefetch_related(Prefetch("stops", stops))


def _next_clock(campaign: Campaign, now: datetime) -> CampaignClock | None:
    return next((clock for clock in campaign_clocks(campaign, now) if clock.is_next), None)


def _arrivals(drops: Sequence[Drop]) -> tuple[Arrival, ...]:
    totes = _totes_by_drop(drops) if drops else {}
    return tuple(_arrival(drop, totes.get(drop.pk, Counter())) for drop in drops)


def _arrival(drop: Drop, totes: Mapping[str, int]) -> Arrival:
    stop = first_stop(drop)
    return Arrival(
        point=drop.pickup_point,
        pieces=drop.pieces,
        slot_code=drop.slot_code,
        unserved_reason=drop.unserved_reason,
        totes=tuple(
            (str(storage.label), totes[storage]) for storage in Storage if totes.get(storage)
        ),
        stop=stop,
        window=arrival_window(stop.start_at) if stop else None,
    )


def _totes_by_drop(drops: Sequence[Drop]) -> dict[int, Counter[str]]:
    counted: dict[int, Counter[str]] = {}
    rows = (
        Tote.objects.filter(drop__in=[drop.pk for drop in drops])
        .values_list("drop_id", "storage")
        .annotate(count=Count("pk"))
        .order_by("drop_id", "storage")
    )
    for drop_id, storage, count in rows:
        counted.setdefault(drop_id, Counter())[storage] = count
    return counted
