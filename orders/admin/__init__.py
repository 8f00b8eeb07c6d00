"""Registers the admin pages with Django; import them from their own module."""

from orders.admin import (
    catalogue,
    claims,
    jielong,
    ledger,
    legal,
    messages,
    orders,
    payments,
    reconciliation,
    refunds,
    residents,
)

__all__ = [
    "catalogue",
    "claims",
    "jielong",
    "ledger",
    "legal",
    "messages",
    "orders",
    "payments",
    "reconciliation",
    "refunds",
    "residents",
]
