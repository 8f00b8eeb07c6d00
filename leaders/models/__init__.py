"""Registers the model modules with Django; import models from their own module."""

from leaders.models import (
    access,
    accounts,
    agreements,
    applications,
    audit,
    care,
    commission_plans,
    communities,
    countersignatures,
    invites,
    leaders,
    level_reviews,
    levels,
    payees,
    pickup_points,
    resales,
)

__all__ = [
    "access",
    "accounts",
    "agreements",
    "applications",
    "audit",
    "care",
    "commission_plans",
    "communities",
    "countersignatures",
    "invites",
    "leaders",
    "level_reviews",
    "levels",
    "payees",
    "pickup_points",
    "resales",
]
