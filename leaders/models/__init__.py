"""Registers the model modules with Django; import models from their own module."""

from leaders.models import (
    accounts,
    applications,
    commission_plans,
    communities,
    leaders,
    pickup_points,
)

__all__ = [
    "accounts",
    "applications",
    "commission_plans",
    "communities",
    "leaders",
    "pickup_points",
]
