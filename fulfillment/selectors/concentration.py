"""Who sells how much of it all, for the operator."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, Sum

from fulfillment.selectors.levels import KEPT_STATES
from leaders.domain.concentration import Concentration, concentration, share_bp
from leaders.domain.levels import WINDOW
from orders.models.orders import OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderShare:
    """One leader's part of all sales; `so_far_bp` is that of this and all larger ones."""

    code: str
    name: str
    level: str | None
    orders: int
    sales_fen: int
    share_bp: int
    so_far_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesConcentration:
    """The shares of 30 days beside the operator's limits."""

    figures: Concentration
    top_tenth_limit_bp: int
    top_leader_limit_bp: int
    sales_fen: int
    rows: tuple[LeaderShare, ...]

    @property
    def is_tenth_alarming(self) -> bool:
        """Whether the largest tenth sells more than its limit."""
        return self.figures.top_tenth_bp > self.top_tenth_limit_bp

    @property
    def is_leader_alarming(self) -> bool:
        """Whether the largest leader sells more than the limit."""
        return self.figures.top_leader_bp > self.top_leader_limit_bp


def sales_concentration(now: datetime) -> SalesConcentration:
    """The sales of every leader over the 30 days until a moment, the largest first."""
    found = list(
        OrderLine.objects.filter(
            order__state__in=KEPT_STATES,
            order__paid_at__gt=now - WINDOW,
            order__paid_at__lte=now,
            is_void=False,
        )
        .order_by()
        .values(
            code=F("order__leader__code"),
            name=F("order__leader__name"),
            level=F("order__leader__level__name"),
        )
        .annotate(orders=Count("order", distinct=True), sales_fen=Sum("amount_fen"))
        .order_by("-sales_fen", "code")
    )
    whole = sum(row["sales_fen"] for row in found)
    rows, so_far = [], 0
    for row in found:
        so_far += row["sales_fen"]
        rows.append(
            LeaderShare(
                **row,
                share_bp=share_bp(row["sales_fen"], whole),
                so_far_bp=share_bp(so_far, whole),
            )
        )
    return SalesConcentration(
        figures=concentration([row.sales_fen for row in rows]),
        top_tenth_limit_bp=settings.CONCENTRATION_TOP_TENTH_BP,
        top_leader_limit_bp=settings.CONCENTRATION_TOP_LEADER_BP,
        sales_fen=whole,
        rows=tuple(rows),
    )
