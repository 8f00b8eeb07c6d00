"""A campaign in its last minutes, with every kind of offer it can have."""

from dataclasses import dataclass
from datetime import UTC, datetime

from orders.models.campaigns import CampaignState
from orders.services.campaign_opening import campaign_open
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory

OPENS_AT = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
STARTS_AT = datetime(2026, 3, 10, 14, 45, tzinfo=UTC)
ORDERS_CLOSE_AT = datetime(2026, 3, 10, 14, 58, tzinfo=UTC)
PAYMENTS_CLOSE_AT = datetime(2026, 3, 10, 15, 1, tzinfo=UTC)
FREEZE_AT = datetime(2026, 3, 10, 15, 3, tzinfo=UTC)

# (price in fen, cap, buckets, limit per resident, minimum group quantity)
OFFERS: tuple[tuple[int, int | None, int, int | None, int | None], ...] = (
    (500, None, 1, None, None),
    (880, 5, 1, None, None),
    (1290, 9, 3, None, None),
    (300, None, 1, 3, None),
    (660, 6, 1, 2, None),
    (990, None, 1, None, 4),
)


@dataclass(frozen=True, slots=True)
class Town:
    """The keys of what a run needs."""

    campaign_id: int
    leader_id: int
    resident_ids: tuple[int, ...]
    offer_ids: tuple[int, ...]


def town_create(*, residents: int = 4) -> Town:
    """Make the rows, and open the campaign as a buyer would."""
    WarehouseFactory.create()
    point = PickupPointFactory.create()
    campaign = CampaignFactory.create(
        state=CampaignState.DRAFT,
        opens_at=OPENS_AT,
        orders_close_at=ORDERS_CLOSE_AT,
        payments_close_at=PAYMENTS_CLOSE_AT,
        freeze_at=FREEZE_AT,
    )
    offers = [
        OfferFactory.create(
            campaign=campaign,
            price_fen=price_fen,
            stock_cap=cap,
            stock_buckets=buckets,
            per_resident_limit=limit,
            min_group_qty=group,
        )
        for price_fen, cap, buckets, limit, group in OFFERS
    ]
    campaign_open(campaign_id=campaign.pk, now=OPENS_AT)
    people = ResidentFactory.create_batch(residents, leader=point.leader)
    return Town(
        campaign_id=campaign.pk,
        leader_id=point.leader_id,
        resident_ids=tuple(resident.pk for resident in people),
        offer_ids=tuple(offer.pk for offer in offers),
    )
