"""Registers the model modules with Django; import models from their own module."""

from fulfillment.models import (
    allocation,
    cutoff_run,
    delivery,
    exceptions,
    handover,
    leftovers,
    papers,
    purchasing,
    receiving,
    settlement,
    sorting,
    supplier_accounts,
    supplier_papers,
    totes,
    warehouse,
    weighing,
)

__all__ = [
    "allocation",
    "cutoff_run",
    "delivery",
    "exceptions",
    "handover",
    "leftovers",
    "papers",
    "purchasing",
    "receiving",
    "settlement",
    "sorting",
    "supplier_accounts",
    "supplier_papers",
    "totes",
    "warehouse",
    "weighing",
]
