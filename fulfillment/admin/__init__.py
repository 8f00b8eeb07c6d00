"""Registers the admin pages with Django; import them from their own module."""

from fulfillment.admin import (
    cutoff_runs,
    delivery,
    exceptions,
    fleet,
    leftovers,
    papers,
    plans,
    purchasing,
    receiving,
    settlement,
    skus,
    supplier_claims,
    supplier_papers,
    supplier_statements,
    suppliers,
    weighing,
)

__all__ = [
    "cutoff_runs",
    "delivery",
    "exceptions",
    "fleet",
    "leftovers",
    "papers",
    "plans",
    "purchasing",
    "receiving",
    "settlement",
    "skus",
    "supplier_claims",
    "supplier_papers",
    "supplier_statements",
    "suppliers",
    "weighing",
]
