"""A leader's home in a fixed number of queries, however much they sold."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.selectors.leader_arrivals import (
    Arrival,
    arrivals_of_drops,
    newest_drops_of_leader,
)
from fulfillment.selectors.leader_matters import Matters, matters_of_leader
from fulfillment.selectors.leader_money import CommissionHeld, commission_held_of_leader
from fulfillment.selectors.levels import LevelStanding, level_standing
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign
from orders.selectors.leader_sales import (
    CampaignSales,
    Glance,
    glance_of_leader,
    recent_sales_of_leader,
)
from orders.selectors.orders import (
    CampaignClock,
    campaign_clocks,
    campaign_in_focus,
)

RECENT_CAMPAIGNS = 5


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
    """The home page of a leader at a moment, in eleven queries."""
    campaign = campaign_in_focus(leader)
    drops = newest_drops_of_leader(leader)
    run = drops[0].wave.run if drops else None
    return LeaderHome(
        now=now,
        campaign=campaign,
        clock=_next_clock(campaign, now) if campaign else None,
        glance=glance_of_leader(leader, campaign, now) if campaign else None,
        arriving=run.campaign if run else None,
        arrivals=arrivals_of_drops(drops),
        matters=matters_of_leader(leader, run, now),
        commission=commission_held_of_leader(leader),
        standing=level_standing(leader, now),
        recent=tuple(recent_sales_of_leader(leader, RECENT_CAMPAIGNS)),
    )


def _next_clock(campaign: Campaign, now: datetime) -> CampaignClock | None:
    return next((clock for clock in campaign_clocks(campaign, now) if clock.is_next), None)
