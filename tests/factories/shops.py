"""A small shop: one open campaign, one leader, offers with their counters, a clock to set."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import count

from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.models.campaigns import Campaign, Offer
from orders.models.orders import OrderLine, OrderState
from orders.models.residents import Resident
from orders.models.stock import OfferStock, ResidentQuota
from orders.services.placement import order_place
from orders.services.stock import stock_rows_create
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory

_keys = count(1)


def counters() -> tuple[Counter[int], Counter[tuple[int, int]]]:
    """Pieces reserved per capped offer, and counted per limited offer and resident."""
    stock: Counter[int] = Counter()
    for offer_id, qty in OfferStock.objects.values_list("offer_id", "reserved_qty"):
        stock[offer_id] += qty
    quotas = ResidentQuota.objects.values_list("offer_id", "resident_id", "qty")
    return stock, Counter({(offer, resident): qty for offer, resident, qty in quotas})


def lines_held() -> tuple[Counter[int], Counter[tuple[int, int]]]:
    """The same figures, counted from the lines of orders that hold goods."""
    stock: Counter[int] = Counter()
    quotas: Counter[tuple[int, int]] = Counter()
    lines = OrderLine.objects.filter(is_void=False).exclude(
        order__state__in=[OrderState.CANCELLED, OrderState.LATE_PAID]
    )
    for line in lines.select_related("order", "offer"):
        if line.offer.stock_cap is not None:
            stock[line.offer_id] += line.qty
        if line.offer.per_resident_limit is not None:
            quotas[line.offer_id, line.order.resident_id] += line.qty
    return stock, quotas


class Shop:
    """Everything an order needs; `now` is three hours after the opening until it is set."""

    def __init__(self, campaign: Campaign | None = None) -> None:
        self.campaign = campaign or CampaignFactory.create()
        self.point = PickupPointFactory.create()
        self.now: datetime = self.campaign.opens_at + timedelta(hours=3)

    def clock(self) -> datetime:
        """The time of this shop."""
        return self.now

    def offer(self, **terms: object) -> Offer:
        """An offer of the campaign with its counters, if it is capped."""
        offer: Offer = OfferFactory.create(campaign=self.campaign, **terms)
        stock_rows_create(campaign_id=self.campaign.pk)
        return offer

    def request(self, *lines: tuple[Offer, int], resident: Resident | None = None) -> OrderRequest:
        """A request of a resident (a new one unless named) with a key of its own."""
        resident = resident or ResidentFactory.create(leader=self.point.leader)
        return OrderRequest(
            campaign_id=self.campaign.pk,
            leader_id=self.point.leader_id,
            resident_id=resident.pk,
            lines=tuple(BasketLine(offer.pk, qty) for offer, qty in lines),
            receiver=Receiver(resident.name, resident.phone, resident.building, resident.room),
            request_key=f"key-{next(_keys)}",
            source="storefront",
        )

    def placed(self, *lines: tuple[Offer, int], resident: Resident | None = None) -> int:
        """The key of an order that was placed for these lines."""
        request = self.request(*lines, resident=resident)
        return order_place(request=request, clock=self.clock).order.pk
