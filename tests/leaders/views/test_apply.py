"""The public application form."""

import json
from collections.abc import Iterator
from datetime import time
from unittest.mock import ANY

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from leaders.models.applications import LeaderApplication
from leaders.views import apply
from tests.factories.applicants import InviteCodeFactory
from tests.factories.leaders import (
    CommunityFactory,
    LeaderApplicationFactory,
    PickupPointFactory,
)
from tests.fake_geocoders import ADDRESS, KEY, PLACE, FakeGeocoders, fake_geocoders

pytestmark = pytest.mark.django_db

ANSWERS = {
    "applicant_name": "陈晓梅",
    "phone": "199 1111 0001",
    "community_name": "桃园里",
    "district": "金水",
    "address": "花园路 8 号",
    "point_kind": "shop",
    "coord_system": "WGS-84",
    "lng": "113.68",
    "lat": "34.79",
    "has_agreed_to_privacy": "on",
}


@pytest.fixture(autouse=True)
def _counted_from_nothing() -> None:
    cache.clear()


@pytest.fixture
def geocoders(settings: Settings) -> Iterator[FakeGeocoders]:
    with fake_geocoders() as server:
        settings.GEOCODER, settings.GEOCODER_KEY = "amap", KEY
        settings.GEOCODER_URL = server.url
        yield server


def test_the_form_is_open_to_everybody(client: Client) -> None:
    response = client.get("/apply/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_good_answers_become_an_application_with_a_link_to_keep(client: Client) -> None:
    response = client.post("/apply/", ANSWERS)

    assert response["Location"] == "/apply/done/"
    assert LeaderApplication.objects.get().applicant_name == "陈晓梅"
    done = client.get("/apply/done/")
    assert client.get(f"/apply/{done.context['token']}/").status_code == 200
    assert done.context["address"].startswith("http://127.0.0.1:8000/apply/")


def test_who_comes_to_the_end_from_elsewhere_sees_no_link(client: Client) -> None:
    response = client.get("/apply/done/")

    assert (response.status_code, response.context["token"]) == (200, None)


def test_everything_that_was_said_is_kept(client: Client) -> None:
    invite = InviteCodeFactory.create(expires_at="2099-01-01T00:00:00Z")
    more = {
        "opens_at": "07:00",
        "closes_at": "21:30",
        "has_fridge": "on",
        "is_ground_floor": "on",
        "is_experienced": "on",
        "group_size": "260",
        "introduction": "开店六年",
        "invite_code": invite.code,
    }

    client.post("/apply/", ANSWERS | more)

    stored = LeaderApplication.objects.get()
    assert (stored.opens_at, stored.closes_at) == (time(7), time(21, 30))
    assert stored.has_fridge
    assert stored.is_ground_floor
    assert stored.is_experienced
    assert (stored.group_size, stored.introduction) == (260, "开店六年")
    assert stored.invite == invite
    assert stored.privacy_agreed_at is not None


def test_a_leaders_link_brings_the_code_along(client: Client) -> None:
    response = client.get("/apply/?invite=TUAN0001")

    assert response.context["form"]["invite_code"].value() == "TUAN0001"


def test_a_position_from_a_chinese_map_is_stored_as_wgs84(client: Client) -> None:
    client.post("/apply/", ANSWERS | {"coord_system": "GCJ-02"})

    stored = LeaderApplication.objects.get()
    assert stored.lng is not None
    assert stored.lat is not None
    assert 0.004 < 113.68 - stored.lng < 0.008
    assert 0.0005 < abs(34.79 - stored.lat) < 0.004


def test_a_place_that_was_found_counts_before_one_that_was_typed(client: Client) -> None:
    client.post("/apply/", ANSWERS | {"found": "113.7,34.8", "coord_system": "BD-09"})

    stored = LeaderApplication.objects.get()
    assert (stored.lng, stored.lat) == (113.7, 34.8)


@pytest.mark.parametrize(
    ("field", "changes", "_case"),
    [
        ("phone", {"phone": "12345"}, "not a mobile number"),
        ("__all__", {"lng": "34.79", "lat": "113.68"}, "longitude and latitude swapped"),
        ("__all__", {"lng": "2.35", "lat": "48.86"}, "Paris"),
        ("__all__", {"lng": "1e300", "lat": "48.86"}, "not on Earth"),
        ("__all__", {"lng": ""}, "no position"),
        ("__all__", {"found": "here"}, "no pair"),
        ("__all__", {"found": "nan,nan"}, "no numbers"),
        ("lng", {"lng": "far"}, "no number"),
        ("coord_system", {"coord_system": "Mars"}, "unknown system"),
        ("address", {"address": "路" * 201}, "too long"),
        ("point_kind", {"point_kind": "castle"}, "unknown kind"),
        ("closes_at", {"opens_at": "07:00"}, "half the hours"),
        ("closes_at", {"opens_at": "21:00", "closes_at": "07:00"}, "closed before it opens"),
        ("group_size", {"group_size": "-1"}, "fewer than nobody"),
        ("has_agreed_to_privacy", {"has_agreed_to_privacy": ""}, "no yes"),
        ("invite_code", {"invite_code": "NOSUCH"}, "unknown code"),
    ],
)
def test_bad_answers_come_back_with_a_reason(
    client: Client, field: str, changes: dict[str, str], _case: str
) -> None:
    response = client.post("/apply/", ANSWERS | changes)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not LeaderApplication.objects.exists()


def test_a_second_open_application_is_explained_at_the_phone(client: Client) -> None:
    LeaderApplicationFactory.create(phone="19911110001")

    response = client.post("/apply/", ANSWERS)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["phone"]


def test_a_double_tap_is_one_application(client: Client) -> None:
    for _tap in range(2):
        assert client.post("/apply/", ANSWERS)["Location"] == "/apply/done/"

    assert LeaderApplication.objects.count() == 1


def test_too_many_applications_from_one_address_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "APPLICATIONS_PER_HOUR", 0)

    assert client.post("/apply/", ANSWERS).status_code == 429
    assert not LeaderApplication.objects.exists()


def test_without_a_script_an_address_is_found_by_sending_the_form(
    client: Client, geocoders: FakeGeocoders
) -> None:
    typed = ANSWERS | {"address": ADDRESS, "lng": "", "lat": "", "find": "1"}

    response = client.post("/apply/", typed)

    assert response.status_code == 200
    (found,) = response.context["places"]
    form = response.context["form"]
    assert not form.errors
    assert (form["applicant_name"].value(), form["point_kind"].value()) == ("陈晓梅", "shop")
    chosen = f"{found.place.lng:.6f},{found.place.lat:.6f}"
    assert f'value="{chosen}"' in response.content.decode()
    assert not LeaderApplication.objects.exists()
    del typed["find"]
    client.post("/apply/", typed | {"found": chosen})
    assert LeaderApplication.objects.get().lng == pytest.approx(PLACE.lng, abs=1e-5)


def test_a_script_gets_the_places_as_data(client: Client, geocoders: FakeGeocoders) -> None:
    response = client.post("/apply/places/", {"district": "金水", "address": ADDRESS})

    assert json.loads(response.content) == {
        "places": [
            {
                "label": f"河南省{ADDRESS}",
                "lng": pytest.approx(PLACE.lng, abs=1e-5),
                "lat": pytest.approx(PLACE.lat, abs=1e-5),
            }
        ],
        "message": "",
    }


def test_the_district_is_put_before_an_address_that_lacks_it(
    client: Client, geocoders: FakeGeocoders
) -> None:
    client.post("/apply/places/", {"district": "郑州市金水区", "address": "花园路8号"})

    assert geocoders.asked == [{"key": KEY, "output": "JSON", "address": ADDRESS}]


@pytest.mark.parametrize("address", ["", "天上人间 1 号"])
def test_nothing_found_is_said_in_words(
    client: Client, geocoders: FakeGeocoders, address: str
) -> None:
    response = client.post("/apply/places/", {"address": address})

    assert json.loads(response.content) == {"places": [], "message": ANY}
    assert json.loads(response.content)["message"]


def test_a_search_that_fails_leaves_the_form_as_it_was(
    client: Client, geocoders: FakeGeocoders
) -> None:
    geocoders.instead = (500, b"")

    response = client.post("/apply/", ANSWERS | {"find": "1"})

    assert response.status_code == 200
    assert response.context["message"]
    assert response.context["form"]["phone"].value() == ANSWERS["phone"]


def test_searches_from_one_address_are_counted(
    client: Client, geocoders: FakeGeocoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "SEARCHES_PER_HOUR", 1)
    for _search in range(2):
        response = client.post("/apply/places/", {"address": ADDRESS})

    assert len(geocoders.asked) == 1
    assert json.loads(response.content)["places"] == []


def test_without_a_service_the_page_offers_no_search(client: Client) -> None:
    assert 'name="find"' not in client.get("/apply/").content.decode()


def test_the_map_names_communities_and_no_door(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = CommunityFactory.create(name="桃园里")
    for lng, lat in ((113.60011, 34.75011), (113.60055, 34.75077)):
        PickupPointFactory.create(community=served, lng=lng, lat=lat)
    PickupPointFactory.create(is_open=False)
    PickupPointFactory.create(leader__state="suspended")

    response = client.get("/apply/landmarks/")

    assert json.loads(response.content) == {
        "landmarks": [{"name": "桃园里", "lng": 113.6, "lat": 34.75}]
    }
    monkeypatch.setattr(apply, "SEARCHES_PER_HOUR", 1)
    assert client.get("/apply/landmarks/").status_code == 429
