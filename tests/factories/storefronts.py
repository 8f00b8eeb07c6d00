"""A shop that is open at this very moment, because the database's clock decides in it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from leaders.models.leaders import Leader
from orders.http import RESIDENT_KEY
from orders.models.campaigns import Campaign, Offer
from orders.models.residents import Resident
from orders.services.stock import stock_rows_create
from tests.factories.leaders import LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory, SkuFactory

PHONE = "19906912483"


class OpenShop:
    """A leader with a point and a campaign that takes orders for three more hours."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.leader: Leader = LeaderFactory.create(code="L0001", user__username="lin")
        self.point = PickupPointFactory.create(leader=self.leader)
        self.campaign = self.campaign_of(days=1)

    def campaign_of(self, days: int) -> Campaign:
        """A campaign that arrives in so many days and closes a day before that."""
        close = self.now + timedelta(days=days - 1, hours=3)
        campaign: Campaign = CampaignFactory.create(
            opens_at=self.now - timedelta(hours=8),
            orders_close_at=close,
            payments_close_at=close + timedelta(minutes=3),
            freeze_at=close + timedelta(minutes=5),
            delivery_date=timezone.localdate(self.now) + timedelta(days=days),
        )
        return campaign

    def offer(self, name: str = "农家鲜鸡蛋 30枚", **terms: object) -> Offer:
        """An offer with its counters, if it is capped."""
        terms.setdefault("campaign", self.campaign)
        category = terms.pop("category", "禽蛋")
        sku = SkuFactory.create(name=name, product__category__name=category)
        offer: Offer = OfferFactory.create(sku=sku, **terms)
        stock_rows_create(campaign_id=offer.campaign_id)
        return offer

    def resident(self, **known: object) -> Resident:
        """A resident of this leader whose phone was proved."""
        resident: Resident = ResidentFactory.create(
            leader=self.leader, phone_verified_at=self.now, **({"phone": PHONE} | known)
        )
        return resident

    def over(self, campaign: Campaign) -> None:
        """Let the ordering of a campaign be closed since a minute."""
        close = self.now - timedelta(minutes=1)
        Campaign.objects.filter(pk=campaign.pk).update(
            orders_close_at=close,
            payments_close_at=close + timedelta(minutes=3),
            freeze_at=close + timedelta(minutes=5),
        )


def shopping(client: Client, resident: Resident) -> Client:
    """The client, logged in as a resident."""
    session = client.session
    session[RESIDENT_KEY] = resident.pk
    session.save()
    return client


def put(client: Client, leader: Leader, offer: Offer, qty: int) -> None:
    """Put so many pieces into the basket."""
    client.post(
        f"/g/{leader.code}/cart/put/",
        {"campaign": offer.campaign_id, "offer": offer.pk, "qty": qty},
    )
