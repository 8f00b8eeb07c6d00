"""Which commission plan a leader works under."""

from leaders.errors import NoCommissionPlan
from leaders.models.commission_plans import CommissionPlan
from leaders.models.leaders import Leader


def plan_of_leader(leader: Leader) -> CommissionPlan:
    """The leader's own plan, else that of their level, else the default.

    Raises `NoCommissionPlan` where nobody has set a default either.
    """
    if leader.commission_plan is not None:
        return leader.commission_plan
    if leader.level is not None:
        return leader.level.commission_plan
    default = CommissionPlan.objects.filter(is_default=True).first()
    if default is None:
        raise NoCommissionPlan("This leader has no commission plan, and no plan is the default.")
    return default
