"""Registers the admin pages with Django; import them from their own module."""

from orders.admin import (
    campaigns,
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
    "campaigns",
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
