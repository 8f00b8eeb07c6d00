"""Registers the admin pages with Django; import them from their own module."""

from orders.admin import campaigns, catalogue, ledger, messages, orders, refunds

__all__ = ["campaigns", "catalogue", "ledger", "messages", "orders", "refunds"]
