"""What a leader received, and what is still open of it."""

from datetime import timedelta

from django.conf import settings

from fulfillment.domain.handover import ClaimHours


def claim_hours() -> ClaimHours:
    """How long a leader may report differences."""
    return ClaimHours(
        cold=timedelta(hours=settings.HANDOVER_CLAIM_HOURS_COLD),
        other=timedelta(hours=settings.HANDOVER_CLAIM_HOURS),
    )
