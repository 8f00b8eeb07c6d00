"""Registers the model modules with Django; import models from their own module."""

from orders.models import (
    campaigns,
    catalogue,
    claims,
    demand,
    jielong,
    kit,
    ledger,
    legal,
    orders,
    outbox,
    payments,
    reconciliation,
    residents,
    stock,
)

__all__ = [
    "campaigns",
    "catalogue",
    "claims",
    "demand",
    "jielong",
    "kit",
    "ledger",
    "legal",
    "orders",
    "outbox",
    "payments",
    "reconciliation",
    "residents",
    "stock",
]
