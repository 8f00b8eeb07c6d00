"""Looking for an address with the operator's service."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from leaders.services.place_search import has_place_search, places_find
from tests.fake_geocoders import ADDRESS, KEY, FakeGeocoders, fake_geocoders


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeGeocoders]:
    with fake_geocoders() as server:
        settings.GEOCODER, settings.GEOCODER_KEY = "amap", KEY
        settings.GEOCODER_URL = server.url
        yield server


def test_it_comes_without_a_service(settings: Settings) -> None:
    assert not has_place_search()
    settings.GEOCODER = "amap"
    assert has_place_search()


def test_the_chosen_service_is_asked(fake: FakeGeocoders) -> None:
    (found,) = places_find(address=f" {ADDRESS} ")

    assert ADDRESS in found.label


def test_the_city_is_put_before_an_address_without_it(
    settings: Settings, fake: FakeGeocoders
) -> None:
    settings.GEOCODER_CITY = "郑州市"

    assert places_find(address="金水区花园路8号")
    assert places_find(address=ADDRESS)

    assert [query["address"] for query in fake.asked] == [ADDRESS, ADDRESS]


def test_a_novel_is_cut_short(fake: FakeGeocoders) -> None:
    places_find(address="路" * 999)

    assert len(fake.asked[0]["address"]) == 120
