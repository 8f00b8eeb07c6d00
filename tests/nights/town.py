"""Two cities with a hub each, and what they sell on one evening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.bundle import BundleReceipt, DayBundle
from fulfillment.models.warehouse import Warehouse
from fulfillment.services.day_import_masters import masters_import
from leaders.domain.coordinates import Place
from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import Sku
from orders.models.residents import Resident
from orders.services.campaign_opening import campaign_open
from tests.builders import WAREHOUSE, leader, receipt, sku, supplier, tiny_day
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory

FIRST_DAY = date(2026, 3, 10)
ZONE = ZoneInfo("Asia/Shanghai")
PRICES = (400, 290, 1000)
HOUSEHOLDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city with its hub, its leaders and their residents."""

    name: str
    leaders: Sequence[Leader]
    residents: Sequence[Resident]
    skus: Sequence[Sku]


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of a day on the clocks of the town."""
    return datetime.combine(day, time(hour, minute, second), ZONE)


def cities_make(count: int) -> list[City]:
    """Make this many cities; none shares a leader, a supplier, an article or a vehicle."""
    return [_city_make(number) for number in range(count)]


def campaign_of(city: City, day: date) -> Campaign:
    """The campaign that a city cuts off on the evening of a day."""
    return Campaign.objects.get(city=city.name, delivery_date=day + timedelta(days=1))


def evening_open(city: City, day: date) -> Campaign:
    """Open what a city sells on a day; its last article is capped."""
    campaign: Campaign = CampaignFactory.create(
        code=f"{city.name}{day:%m%d}",
        city=city.name,
        state=CampaignState.DRAFT,
        opens_at=at(day, 19),
        orders_close_at=at(day, 22, 58),
        payments_close_at=at(day, 23, 1),
        freeze_at=at(day, 23, 3),
        delivery_date=day + timedelta(days=1),
    )
    for article, price_fen in zip(city.skus, PRICES, strict=True):
        is_last = article == city.skus[-1]
        OfferFactory.create(
            campaign=campaign, sku=article, price_fen=price_fen, stock_cap=9 if is_last else None
        )
    campaign_open(campaign_id=campaign.pk, now=at(day, 20))
    return campaign


def receipts_of(wanted: Mapping[str, int]) -> tuple[BundleReceipt, ...]:
    """What the dock counts of articles by code that so many pieces were sold of.

    Of the first article there is one piece too few, of the others none is missing.
    """
    return tuple(
        receipt(code, supplier_code="", arrived=qty - (place == 0), rejected=0)
        for place, (code, qty) in enumerate(sorted(wanted.items()))
    )


def offers_of(campaign: Campaign) -> list[Offer]:
    """What a campaign sells, in the order of its articles."""
    return list(Offer.objects.filter(campaign=campaign).order_by("sku__code"))


def _city_make(number: int) -> City:
    name = f"城{number + 1}"
    masters = masters_import(bundle=_masters(number), now=at(FIRST_DAY, 8))
    Warehouse.objects.filter(pk=masters.warehouse.pk).update(city=name)
    leaders = [masters.leaders[code] for code in sorted(masters.leaders)]
    return City(
        name=name,
        leaders=leaders,
        residents=[
            resident
            for each in leaders
            for resident in ResidentFactory.create_batch(HOUSEHOLDS, leader=each)
        ],
        skus=[masters.skus[code] for code in sorted(masters.skus)],
    )


def _masters(number: int) -> DayBundle:
    """The masters of a city, forty kilometres from those of the one before."""
    first = 10 * number + 1
    suppliers = (supplier(first), supplier(first + 1))
    of_each = (suppliers[0], suppliers[0], suppliers[1])
    places = [Place(113.70 + 0.03 * place, 34.70 + 0.36 * number) for place in range(3)]
    (vehicle,) = tiny_day().vehicles
    return replace(
        tiny_day(),
        warehouses=(replace(WAREHOUSE, code=f"W{first}", place=places[2]),),
        leaders=tuple(
            replace(
                leader(first + place), place=places[place], phone=f"199000001{first + place:02}"
            )
            for place in range(2)
        ),
        suppliers=suppliers,
        skus=tuple(
            sku(first + place, price_fen=PRICES[place], pack_factor=4, supplier=of.code)
            for place, of in enumerate(of_each)
        ),
        vehicles=(replace(vehicle, code=f"V{first}", plate=f"青A·T{first:04}"),),
        orders=(),
        receipts=(),
    )
