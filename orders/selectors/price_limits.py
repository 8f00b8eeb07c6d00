"""What prices are measured by, as the operator set it."""

from django.conf import settings

from orders.domain.landed_cost import CostRates
from orders.domain.price_rules import STRIKE_DAYS_MIN, PriceLimits


def price_limits() -> PriceLimits:
    """The limits of today's settings; the law's own days are kept whatever is set."""
    return PriceLimits(
        rates=CostRates(
            inbound_fen_per_kg=settings.INBOUND_FEN_PER_KG,
            refund_reserve_bp=settings.REFUND_RESERVE_BP,
            payment_fee_bp=settings.PAYMENT_FEE_BP,
        ),
        strike_days=max(settings.STRIKE_DAYS, STRIKE_DAYS_MIN),
        jump_percent=settings.SALE_PRICE_JUMP_PERCENT,
        margin_min_bp=settings.MARGIN_MIN_BP,
        loss_leader_limit=settings.LOSS_LEADER_LIMIT_QTY,
        resident_limit=settings.RESIDENT_LIMIT_QTY,
        skus_max=settings.CAMPAIGN_SKUS_MAX,
    )
