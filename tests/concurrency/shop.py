"""Committed rows for races: a campaign that is open, buyers, and what they ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.models.campaigns import CampaignState
from orders.models.orders import OrderSource
from orders.services.campaign_opening import campaign_open
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory

OPENS_AT = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
ORDERING_AT = OPENS_AT + timedelta(hours=1)
FREEZE_AT = datetime(2026, 3, 10, 15, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shop:
    """An open campaign with a leader, buyers and offers, as keys."""

    campaign_id: int
    leader_id: int
    resident_ids: tuple[int, ...]
    offer_ids: tuple[int, ...]

    def request(
        self, buyer: int, offer_ids: Iterable[int], *, key: str, qty: int = 1
    ) -> OrderRequest:
        """What buyer 0 … asks for when they put offers into their basket."""
        return OrderRequest(
            campaign_id=self.campaign_id,
            leader_id=self.leader_id,
            resident_id=self.resident_ids[buyer],
            lines=tuple(BasketLine(offer_id, qty) for offer_id in offer_ids),
            receiver=Receiver("陈海燕", "19906910001", "3栋", "501"),
            request_key=key,
            source=OrderSource.STOREFRONT,
        )


def shop_open(*, buyers: int, caps: Iterable[int | None], buckets: int = 1) -> Shop:
    """Open a campaign with one offer per cap (None: without)."""
    point = PickupPointFactory.create()
    campaign = CampaignFactory.create(state=CampaignState.DRAFT, freeze_at=FREEZE_AT)
    offers = [
        OfferFactory.create(
            campaign=campaign,
            stock_cap=cap,
            stock_buckets=buckets if cap is not None else 1,
        )
        for cap in caps
    ]
    campaign_open(campaign_id=campaign.pk, now=OPENS_AT)
    residents = ResidentFactory.create_batch(buyers, leader=point.leader)
    return Shop(
        campaign_id=campaign.pk,
        leader_id=point.leader_id,
        resident_ids=tuple(resident.pk for resident in residents),
        offer_ids=tuple(offer.pk for offer in offers),
    )


def ordering_clock() -> datetime:
    """A clock that stands still while ordering is open."""
    return ORDERING_AT
