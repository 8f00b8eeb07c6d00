"""Leaders who have gone quiet: since when, what they sold before, and who talked to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leaders.domain.phones import mask_phone
from leaders.models.care import FollowUp
from leaders.models.leaders import Leader
from leaders.selectors.leaders import WORKING_STATES
from orders.models.orders import Order
from orders.selectors.period_sales import SOLD_STATES, PeriodSales, sales_by_leader

QUIET_DAYS = (7, 14, 30)
WINDOW = timedelta(days=30)
SHOWN_MOST = 200
NO_SALES = PeriodSales()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietLeader:
    """A leader without an order for some days; `last_order_at` is None for one who never sold."""

    leader: Leader
    phone: str
    quiet_days: int
    last_order_at: datetime | None
    sales: PeriodSales
    sales_before: PeriodSales
    last_talk: FollowUp | None


def quiet_leaders(days: int, now: datetime) -> Sequence[QuietLeader]:
    """Working leaders without an order for so many days, in four queries.

    Whose next talk is due comes first, then the longest quiet. Who has just
    joined counts from that day.
    """
    rows = list(_quiet_since(now - timedelta(days=days))[:SHOWN_MOST])
    leader_ids = [row.pk for row in rows]
    sales = sales_by_leader(leader_ids, since=now - WINDOW, until=now)
    before = sales_by_leader(leader_ids, since=now - 2 * WINDOW, until=now - WINDOW)
    talks = {
        talk.leader_id: talk
        for talk in FollowUp.objects.filter(leader__in=leader_ids)
        .order_by("leader_id", "-pk")
        .distinct("leader_id")
    }
    found = [
        QuietLeader(
            leader=row,
            phone=mask_phone(row.phone),
            quiet_days=(now - row.quiet_since).days,
            last_order_at=row.last_order_at,
            sales=sales.get(row.pk, NO_SALES),
            sales_before=before.get(row.pk, NO_SALES),
            last_talk=talks.get(row.pk),
        )
        for row in rows
    ]
    return sorted(found, key=_urgency)


def _quiet_since(moment: datetime) -> QuerySet[Leader, Any]:
    """Working leaders with no order after a moment, with the payment of their newest order."""
    # Campaigns are numbered as they come, and orders are indexed by leader and campaign.
    newest = Order.objects.filter(leader=OuterRef("pk"), state__in=SOLD_STATES).order_by(
        "-campaign", "-pk"
    )
    return (
        Leader.objects.filter(state__in=WORKING_STATES)
        .annotate(last_order_at=Subquery(newest.values("paid_at")[:1]))
        .annotate(quiet_since=Coalesce("last_order_at", "joined_at"))
        .filter(quiet_since__lte=moment)
        .order_by("quiet_since", "pk")
    )


def _urgency(row: QuietLeader) -> tuple[str, int, str]:
    next_on = row.last_talk.next_on if row.last_talk else None
    return (next_on.isoformat() if next_on else "9999", -row.quiet_days, row.leader.code)
