"""Registers the admin pages with Django; import them from their own module."""

from orders.admin import (
    campaigns,
    catalogue,
    ledger,
    legal,
    messages,
    orders,
    refunds,
    residents,
)

__all__ = [
    "campaigns",
    "catalogue",
    "ledger",
    "legal",
    "messages",
    "orders",
    "refunds",
    "residents",
]
