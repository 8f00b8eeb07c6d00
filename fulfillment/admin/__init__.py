"""Registers the admin pages with Django; import them from their own module."""

from fulfillment.admin import (
    cutoff_runs,
    delivery,
    leftovers,
    papers,
    purchasing,
    receiving,
    settlement,
    skus,
    supplier_papers,
    suppliers,
    weighing,
)

__all__ = [
    "cutoff_runs",
    "delivery",
    "leftovers",
    "papers",
    "purchasing",
    "receiving",
    "settlement",
    "skus",
    "supplier_papers",
    "suppliers",
    "weighing",
]
