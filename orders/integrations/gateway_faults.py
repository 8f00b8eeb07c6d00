"""Counts the faults of payment providers."""

import logging

from django.db import DatabaseError
from django.db.models import F

from orders.models.gateway_faults import GatewayFault, GatewayFaultKind

logger = logging.getLogger(__name__)


def gateway_fault_count(*, provider: str, kind: GatewayFaultKind) -> None:
    """Add one; the caller's own error is what matters, so a full or absent database is not."""
    try:
        GatewayFault.objects.update_or_create(
            provider=provider,
            kind=kind,
            defaults={"faults": F("faults") + 1},
            create_defaults={"faults": 1},
        )
    except DatabaseError:
        logger.warning("a fault of %s could not be counted", provider)
