"""All that staff look at about one leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fulfillment.selectors.leader_exits import MatterKind, OpenMatter, exit_of, open_matters
from leaders.domain.lifecycle import LEADER_LIFECYCLE
from leaders.models.care import FollowUp, LeaderExit, Substitution
from leaders.models.invites import Referral
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.history import Deed, history_of
from leaders.selectors.pickup_points import (
    pickup_points_of_leader,
    substitutions_by_leader,
    substitutions_of_points,
)
from orders.selectors.period_sales import PeriodSales, sales_by_leader

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

WINDOW = timedelta(days=30)
MATTER_WORDS: "dict[MatterKind, _StrOrPromise]" = {
    MatterKind.HELD: _("Commission held"),
    MatterKind.RELEASED: _("Commission due"),
    MatterKind.STATEMENT: _("Statements not paid out"),
    MatterKind.PAYOUT: _("Payouts on their way"),
    MatterKind.DEBT: _("Owed to us"),
    MatterKind.ORDERS: _("Orders not completed"),
    MatterKind.CLAIMS: _("Claims not decided"),
    MatterKind.TOTES: _("Totes at the leader’s"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderPage:
    """A leader with points, substitutes, sales, referral, notice and history."""

    leader: Leader
    points: Sequence[PickupPoint]
    minded_by_others: Sequence[Substitution]
    minds_for_others: Sequence[Substitution]
    referral: Referral | None
    sales: PeriodSales
    sales_before: PeriodSales
    leaving: LeaderExit | None
    matters: Sequence[OpenMatter]
    follow_ups: Sequence[FollowUp]
    history: Sequence[Deed]

    @property
    def moves(self) -> frozenset[str]:
        """The states the leader may be moved to."""
        return LEADER_LIFECYCLE.moves[self.leader.state]

    @property
    def is_gone(self) -> bool:
        """Whether the leader has left for good."""
        return self.leader.state == LeaderState.QUIT

    @property
    def matter_words(self) -> "list[tuple[_StrOrPromise, OpenMatter]]":
        """What is open, in words."""
        return matters_in_words(self.matters)


def matters_in_words(
    matters: Sequence[OpenMatter],
) -> "list[tuple[_StrOrPromise, OpenMatter]]":
    """Open matters as people read them."""
    return [(MATTER_WORDS[matter.kind], matter) for matter in matters]


def leader_page(code: str, now: datetime) -> LeaderPage | None:
    """Return the page of one leader, or nothing where there is none, in 16 queries."""
    leader = (
        Leader.objects.select_related("user", "commission_plan", "level__commission_plan")
        .filter(code=code)
        .first()
    )
    if leader is None:
        return None
    mine = [leader.pk]
    return LeaderPage(
        leader=leader,
        points=list(pickup_points_of_leader(leader)),
        minded_by_others=list(substitutions_of_points(leader)),
        minds_for_others=list(substitutions_by_leader(leader)),
        referral=Referral.objects.select_related("referrer").filter(referee=leader).first(),
        sales=_of(sales_by_leader(mine, since=now - WINDOW, until=now), leader),
        sales_before=_of(sales_by_leader(mine, since=now - 2 * WINDOW, until=now - WINDOW), leader),
        leaving=exit_of(leader),
        matters=open_matters(leader),
        follow_ups=list(leader.follow_ups.select_related("made_by")),
        history=history_of(leader),
    )


def _of(sales: Mapping[int, PeriodSales], leader: Leader) -> PeriodSales:
    return sales.get(leader.pk, PeriodSales())
