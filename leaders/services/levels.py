"""The levels a new operator starts with."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from leaders.models.commission_plans import CommissionPlan
from leaders.models.levels import LeaderLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Default:
    code: str
    name: str
    rate_bp: int
    min_orders: int = 0
    min_buyers: int = 0
    max_claim_bp: int | None = None
    min_on_time_bp: int | None = None


@transaction.atomic
def default_levels_write() -> int:
    """Write trial, formal, gold and star with their plans; return how many levels were written.

    Where there are levels already, nothing is written: they are the operator's.
    """
    if LeaderLevel.objects.exists():
        return 0
    for rank, level in enumerate(_defaults(), start=1):
        plan, _is_new = CommissionPlan.objects.get_or_create(
            code=f"LEVEL-{level.code.upper()}",
            defaults={"name": level.name, "rate_bp": level.rate_bp},
        )
        LeaderLevel.objects.create(
            code=level.code,
            name=level.name,
            rank=rank,
            commission_plan=plan,
            min_orders=level.min_orders,
            min_buyers=level.min_buyers,
            max_claim_bp=level.max_claim_bp,
            min_on_time_bp=level.min_on_time_bp,
        )
    return len(_defaults())


def _defaults() -> tuple[_Default, ...]:
    """The ladder of docs/algorithms/levels.md."""
    return (
        _Default(code="trial", name=_("Trial leader"), rate_bp=800),
        _Default(
            code="formal", name=_("Formal leader"), rate_bp=1000, min_orders=30, max_claim_bp=500
        ),
        _Default(
            code="gold",
            name=_("Gold leader"),
            rate_bp=1100,
            min_orders=300,
            min_buyers=60,
            max_claim_bp=300,
            min_on_time_bp=9500,
        ),
        _Default(
            code="star",
            name=_("Star leader"),
            rate_bp=1200,
            min_orders=900,
            min_buyers=150,
            max_claim_bp=300,
            min_on_time_bp=9500,
        ),
    )
