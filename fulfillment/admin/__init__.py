"""Registers the admin pages with Django; import them from their own module."""

from fulfillment.admin import (
    cutoff_runs,
    delivery,
    purchasing,
    receiving,
    settlement,
    skus,
    suppliers,
)

__all__ = [
    "cutoff_runs",
    "delivery",
    "purchasing",
    "receiving",
    "settlement",
    "skus",
    "suppliers",
]
