"""The hub of a campaign's city."""

import pytest

from fulfillment.errors import WarehouseUnclear
from fulfillment.selectors.hubs import hub_of
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.orders import CampaignFactory

pytestmark = pytest.mark.django_db


def test_the_hub_of_the_city_serves_it() -> None:
    WarehouseFactory.create(code="ZZ", city="郑州")
    WarehouseFactory.create(code="KF", city="开封")

    assert hub_of(CampaignFactory.create(city="开封")).code == "KF"


def test_a_hub_without_a_city_serves_every_city_without_its_own() -> None:
    WarehouseFactory.create(code="ALL")
    WarehouseFactory.create(code="KF", city="开封")

    assert hub_of(CampaignFactory.create(city="开封")).code == "KF"
    assert hub_of(CampaignFactory.create(city="洛阳")).code == "ALL"


def test_a_grid_is_nobodys_hub() -> None:
    hub = WarehouseFactory.create(code="KF", city="开封")
    WarehouseFactory.create(code="KF-2", city="开封", hub=hub)

    assert hub_of(CampaignFactory.create(city="开封")) == hub


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("cities", "told"),
    [
        (["郑州"], "No warehouse serves 开封: name the city at one that goods arrive at."),
        (["", ""], "Several warehouses serve 开封: name the city at one of them only."),
        (["开封", "开封"], "Several warehouses serve 开封: name the city at one of them only."),
    ],
)
def test_who_serves_a_city_is_never_guessed(cities: list[str], told: str) -> None:
    for number, city in enumerate(cities):
        WarehouseFactory.create(code=f"W{number}", city=city)

    with pytest.raises(WarehouseUnclear, match=told):
        hub_of(CampaignFactory.create(city="开封"))
