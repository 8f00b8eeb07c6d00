"""The public application form."""

import pytest
from django.test import Client

from leaders.models.applications import LeaderApplication
from tests.factories.leaders import LeaderApplicationFactory

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
}


def test_the_form_is_open_to_everybody(client: Client) -> None:
    response = client.get("/apply/")

    assert response.status_code == 200


def test_good_answers_become_an_application(client: Client) -> None:
    response = client.post("/apply/", ANSWERS)

    assert response["Location"] == "/apply/done/"
    assert client.get("/apply/done/").status_code == 200
    assert LeaderApplication.objects.get().applicant_name == "陈晓梅"


def test_a_position_from_a_chinese_map_is_stored_as_wgs84(client: Client) -> None:
    client.post("/apply/", ANSWERS | {"coord_system": "GCJ-02"})

    stored = LeaderApplication.objects.get()
    assert 0.004 < 113.68 - stored.lng < 0.008
    assert 0.0005 < abs(34.79 - stored.lat) < 0.004


@pytest.mark.parametrize(
    ("field", "changes", "_case"),
    [
        ("phone", {"phone": "12345"}, "not a mobile number"),
        ("__all__", {"lng": "34.79", "lat": "113.68"}, "longitude and latitude swapped"),
        ("__all__", {"lng": "2.35", "lat": "48.86"}, "Paris"),
        ("__all__", {"lng": "1e300", "lat": "48.86"}, "not on Earth"),
        ("lng", {"lng": ""}, "no position"),
        ("address", {"address": "路" * 201}, "too long"),
        ("point_kind", {"point_kind": "castle"}, "unknown kind"),
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
