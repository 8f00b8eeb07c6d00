"""Registers the model modules with Django; import models from their own module."""

from fulfillment.models import (
    allocation,
    cutoff_run,
    delivery,
    handover,
    papers,
    purchasing,
    receiving,
    settlement,
    warehouse,
)

__all__ = [
    "allocation",
    "cutoff_run",
    "delivery",
    "handover",
    "papers",
    "purchasing",
    "receiving",
    "settlement",
    "warehouse",
]
