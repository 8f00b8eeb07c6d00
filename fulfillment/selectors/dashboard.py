"""A leader's home in a fixed number of queries, however much they sold."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from fulfillment.domain.arrival_window import ArrivalWindow, arrival_window
from fulfillment.domain.lifecycle import STOP_LIFECYCLE
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.delivery import first_stop
from fulfillment.selectors.leader_money import (
    CommissionHeld,
    ShortLine,
    commission_held_of_leader,
    short_lines_of_leader,
)
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from orders.models.campaigns import Campaign
from orders.models.catalogue import Storage
from orders.selectors.orders import (
    CampaignClock,
    CampaignSales,
    Sales,
    campaign_clocks,
    campaign_in_focus,
    recent_sales_of_leader,
    sales_of_leader,
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

    campaign: Campaign | None
    clocks: tuple[CampaignClock, ...]
    sales: Sales | None
    arriving: Campaign | None
    arrivals: tuple[Arrival, ...]
    short_lines: tuple[ShortLine, ...]
    commission: CommissionHeld
    recent: tuple[CampaignSales, ...]

    @property
    def short_pieces(self) -> int:
        """Pieces that were short in the arriving campaign."""
        return sum(line.qty for line in self.short_lines)

    @property
    def short_refund_fen(self) -> int:
        """What went back to residents for them."""
        return sum(line.refund_fen for line in self.short_lines)


def leader_home(leader: Leader, now: datetime) -> LeaderHome:
    """The home page of a leader at a moment."""
    campaign = campaign_in_focus()
    run = newest_run_of_leader(leader)
    return LeaderHome(
        campaign=campaign,
        clocks=campaign_clocks(campaign, now) if campaign else (),
        sales=sales_of_leader(leader, campaign) if campaign else None,
        arriving=run.campaign if run else None,
        arrivals=arrivals_of_leader(leader, run) if run else (),
        short_lines=short_lines_of_leader(leader, run.campaign) if run else (),
        commission=commission_held_of_leader(leader),
        recent=tuple(recent_sales_of_leader(leader, RECENT_CAMPAIGNS)),
    )


def newest_run_of_leader(leader: Leader) -> CutoffRun | None:
    """The newest run that brings something to one of the leader's points."""
    return (
        CutoffRun.objects.select_related("campaign")
        .filter(waves__drops__in=Drop.objects.filter(pickup_point__leader=leader))
        .order_by("-campaign__delivery_date", "-pk")
        .first()
    )


def drops_of_leader(leader: Leader, run: CutoffRun) -> QuerySet[Drop]:
    """The drops of a run at the leader's own points."""
    return Drop.objects.filter(pickup_point__leader=leader, wave__run=run).order_by(
        "pickup_point__code"
    )


def arrivals_of_leader(leader: Leader, run: CutoffRun) -> tuple[Arrival, ...]:
    """When and in how many totes a run's goods come, point by point."""
    drops = list(
        drops_of_leader(leader, run)
        .select_related("pickup_point")
        .prefetch_related(
            Prefetch("stops", Stop.objects.select_related("trip__vehicle", "handover"))
        )
    )
    totes = _totes_by_drop(leader, run)
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


def _totes_by_drop(leader: Leader, run: CutoffRun) -> dict[int, Counter[str]]:
    counted: dict[int, Counter[str]] = {}
    rows = (
        Tote.objects.filter(drop__in=drops_of_leader(leader, run))
        .values_list("drop_id", "storage")
        .annotate(count=Count("pk"))
        .order_by("drop_id", "storage")
    )
    for drop_id, storage, count in rows:
        counted.setdefault(drop_id, Counter())[storage] = count
    return counted
