"""Registers the model modules with Django; import models from their own module."""

from orders.models import campaigns, catalogue, demand, ledger, orders, payments, residents

__all__ = ["campaigns", "catalogue", "demand", "ledger", "orders", "payments", "residents"]
