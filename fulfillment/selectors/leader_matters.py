"""What waits for a leader to do something about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from fulfillment.domain.pickups import OPEN_DAYS
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.selectors.pickups import still_waiting
from leaders.models.leaders import Leader
from leaders.models.level_reviews import LevelReview, LevelReviewState
from leaders.selectors.pickup_points import points_minded_by
from orders.models.campaigns import SELLING_STATES
from orders.models.claims import Claim, ClaimState
from orders.models.jielong import JielongEntry, JielongEntryState
from orders.models.orders import Order, OrderState
from orders.models.payments import RefundLine, RefundReason
from orders.selectors.unpaid import unpaid_of_leader


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """Counts of what waits, what was short, and a fall of level that is announced."""

    unpaid: int
    claims: int
    unpicked: int
    chain_entries: int
    short_pieces: int
    short_refund_fen: int
    falls_to: str | None
    falls_on: date | None

    @property
    def is_nothing_to_do(self) -> bool:
        """Whether nothing waits for the leader."""
        return not (self.unpaid or self.claims or self.unpicked or self.chain_entries)


def matters_of_leader(leader: Leader, run: CutoffRun | None, now: datetime) -> Matters:
    """What waits for a leader, in one query; shortages are those of the run that comes."""
    short = RefundLine.objects.filter(
        refund__reason=RefundReason.SHORTAGE,
        order_line__order__leader=leader,
        order_line__order__campaign=run.campaign_id if run else None,
    )
    notice = LevelReview.objects.filter(leader=OuterRef("pk"), state=LevelReviewState.NOTICED)
    figures = (
        Leader.objects.filter(pk=leader.pk)
        .values(
            unpaid=_count(unpaid_of_leader(leader)),
            claims=_count(claims_waiting(leader, now)),
            unpicked=_count(orders_unpicked(leader, now)),
            chain_entries=_count(chain_entries_unclear(leader)),
            short_pieces=_sum(short, "qty"),
            short_refund_fen=_sum(short, "amount_fen"),
            falls_to=Subquery(notice.values("to_level__name")),
            falls_on=Subquery(notice.values("effective_on")),
        )
        .get()
    )
    return Matters(**figures)


def claims_waiting(leader: Leader, now: datetime) -> QuerySet[Claim]:
    """Claims of the leader's residents that the leader may still say something to."""
    return Claim.objects.filter(
        order_line__order__leader=leader,
        state=ClaimState.FILED,
        leader_stance="",
        leader_until__gt=now,
    )


def orders_unpicked(leader: Leader, now: datetime) -> QuerySet[Order]:
    """Orders that arrived at the points the leader minds today and that nobody has fetched."""
    today = timezone.localdate(now)
    arrived = Handover.objects.exclude(
        state__in=[HandoverState.PENDING, HandoverState.COUNTED]
    ).filter(
        stop__drop__pickup_point=OuterRef("pickup_point"),
        stop__drop__wave__run__campaign=OuterRef("campaign"),
    )
    shared_out = Allocation.objects.filter(order_line__order=OuterRef("pk"), allocated_qty__gt=0)
    return still_waiting(
        Order.objects.filter(
            Exists(arrived),
            Exists(shared_out),
            pickup_point__in=points_minded_by(leader, today).values("pk"),
            campaign__delivery_date__range=(today - timedelta(days=OPEN_DAYS), today),
            state=OrderState.FROZEN,
        )
    )


def chain_entries_unclear(leader: Leader) -> QuerySet[JielongEntry]:
    """Rows of the leader's chains that somebody has to make out while the campaign sells."""
    return JielongEntry.objects.filter(
        jielong_import__leader=leader,
        jielong_import__campaign__state__in=SELLING_STATES,
        state=JielongEntryState.UNCLEAR,
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a column of another query."""
    return _over_all(rows, Count("pk", distinct=True))


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    """The sum of a column of rows, as a column of another query."""
    return _over_all(rows, Sum(column))


def _over_all(rows: QuerySet[Any], figure: Count | Sum) -> Coalesce:
    everything = rows.order_by().annotate(everything=Value(1)).values("everything")
    figures = everything.annotate(figure=figure).values("figure")
    return Coalesce(Subquery(figures), 0, output_field=BigIntegerField())
