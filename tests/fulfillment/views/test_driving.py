"""The driver's pages: whose trips they show, and what a phone without scripts can do."""

import io
import re
from typing import Any, cast
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from fulfillment.models.delivery import DeliveryRun, Driver, Stop
from fulfillment.models.driving import DeliveryProof, DriverEvent
from fulfillment.services.handover_codes import handover_code
from leaders.models.accounts import Role
from tests.factories.docks import Dock
from tests.factories.driving import DriverFactory, loaded_dock
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def road() -> Dock:
    """Two trips of two stops, published, loaded, each with its driver."""
    return loaded_dock(trips=2, stops=2)


def log_in(client: Client, driver: Driver | None) -> Client:
    assert driver is not None
    assert driver.user is not None
    client.force_login(driver.user)
    return client


def test_a_driver_is_sent_home_to_their_own_trips(client: Client, road: Dock) -> None:
    log_in(client, road.trips[0].driver)

    page = client.get("/", follow=True)

    assert page.redirect_chain == [("/drive/", 302)]
    text = page.content.decode()
    assert f"/drive/trips/{road.trips[0].pk}/" in text
    assert f"/drive/trips/{road.trips[1].pk}/" not in text


def test_a_driver_never_opens_the_trip_of_another(client: Client, road: Dock) -> None:
    log_in(client, road.trips[0].driver)

    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 200
    assert client.get(f"/drive/trips/{road.trips[1].pk}/").status_code == 404


def test_an_unpublished_plan_is_nobodys_trip(client: Client, road: Dock) -> None:
    DeliveryRun.objects.update(published_at=None)
    log_in(client, road.trips[0].driver)

    assert "No trip for you yet" in client.get("/drive/").content.decode()
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 404


def test_who_drives_for_us_no_more_sees_nothing(client: Client, road: Dock) -> None:
    Driver.objects.update(is_active=False)
    log_in(client, road.trips[0].driver)

    assert client.get("/drive/").status_code == 403
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 403


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.WAREHOUSE])
def test_staff_open_any_trip_to_help(client: Client, road: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/drive/").status_code == 200
    for trip in road.trips:
        assert client.get(f"/drive/trips/{trip.pk}/").status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER, Role.BUYER])
def test_other_roles_are_kept_out(client: Client, road: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/drive/").status_code == 403
    assert client.get(f"/drive/trips/{road.trips[0].pk}/").status_code == 403


def test_strangers_are_asked_to_log_in(client: Client, road: Dock) -> None:
    answer = client.get("/drive/")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/drive/")


def test_a_driver_row_makes_no_driver_of_a_leader(client: Client, road: Dock) -> None:
    leader = UserFactory.create(role=Role.LEADER)
    DriverFactory.create(user=leader)
    client.force_login(leader)

    assert client.get("/drive/").status_code == 403


def stop_of(road: Dock, nth: int = 0) -> Stop:
    return road.stop_of(road.drops[nth])


def post(client: Client, road: Dock, kind: str, **fields: object) -> HttpResponse:
    stop = stop_of(road)
    address = f"/drive/trips/{stop.trip_id}/stops/{stop.pk}/{kind}/"
    return cast(HttpResponse, client.post(address, {"event_id": str(uuid4()), **fields}))


def photo() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(written, "JPEG")
    return SimpleUploadedFile("x.jpg", written.getvalue(), "image/jpeg")


@pytest.fixture
def phone(client: Client, road: Dock) -> Client:
    """The first trip's driver, on a phone without scripts."""
    return log_in(client, road.trips[0].driver)


def test_leaving_arriving_and_handing_over_take_three_forms(phone: Client, road: Dock) -> None:
    trip = road.trips[0]
    left = {"event_id": str(uuid4()), "kind": "depart"}

    assert phone.post(f"/drive/trips/{trip.pk}/", left).status_code == 302
    assert post(phone, road, "arrive").status_code == 302
    code = handover_code(stop_of(road), timezone.now())
    done = post(phone, road, "hand_over", method="code", code=code, totes=3, empties=1)

    assert (done.status_code, done["Location"]) == (302, f"/drive/trips/{trip.pk}/")
    assert stop_of(road).state == "delivered"
    assert "1/2" in re.sub(r"<[^>]+>", "", phone.get(f"/drive/trips/{trip.pk}/").content.decode())


def test_a_wrong_code_is_said_on_the_page_and_what_was_typed_stays(
    phone: Client, road: Dock
) -> None:
    answer = post(phone, road, "hand_over", method="code", code="000000", totes=3, empties=7)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This is not the code on the leader" in text
    assert 'name="empties" value="7"' in text


def test_missing_goods_are_named_tote_by_tote(phone: Client, road: Dock) -> None:
    cold = road.totes(road.drops[0])[-1]
    code = handover_code(stop_of(road), timezone.now())
    fields = {
        f"fate_{cold.pk}": "back",
        f"qty_{road.skus['milk'].pk}": 2,
        f"cause_{road.skus['milk'].pk}": "damaged",
    }

    post(phone, road, "hand_over", method="code", code=code, totes=2, empties=0, **fields)

    assert stop_of(road).state == "partly"
    body = DriverEvent.objects.get().body
    assert body["back"] == [cold.pk]
    assert body["differences"] == [
        {"sku": road.skus["milk"].pk, "qty": 2, "cause": "damaged"},
    ]


def test_a_failure_needs_its_photo(phone: Client, road: Dock) -> None:
    bare = post(phone, road, "fail", reason="absent", proof=str(uuid4()))
    shown = post(phone, road, "fail", reason="absent", proof=str(uuid4()), photo=photo())

    assert (bare.status_code, shown.status_code) == (422, 302)
    assert "Take a photo of the place first." in bare.content.decode()
    assert stop_of(road).state == "failed"
    assert DeliveryProof.objects.get().stop == stop_of(road)


def test_an_ending_is_taken_back_on_its_page(phone: Client, road: Dock) -> None:
    post(phone, road, "arrive")
    code = handover_code(stop_of(road), timezone.now())
    post(phone, road, "hand_over", method="code", code=code, totes=3, empties=0)
    ending = DriverEvent.objects.get(kind="hand_over")
    page = phone.get(f"/drive/trips/{road.trips[0].pk}/stops/{stop_of(road).pk}/").content.decode()
    assert f'value="{ending.event_id}"' in page

    post(phone, road, "undo", event=str(ending.event_id))

    assert stop_of(road).state == "arrived"


def test_a_note_with_a_photo_is_kept_at_any_time(phone: Client, road: Dock) -> None:
    answer = post(phone, road, "note", note="dog", proof=str(uuid4()), photo=photo())

    assert answer.status_code == 302
    assert DriverEvent.objects.get().body["note"] == "dog"
    assert DeliveryProof.objects.count() == 1


def test_the_same_form_sent_twice_counts_once(phone: Client, road: Dock) -> None:
    event_id = str(uuid4())

    for _time in range(2):
        post(phone, road, "arrive", event_id=event_id)

    assert DriverEvent.objects.count() == 1


def test_a_stop_of_another_trip_is_not_there(phone: Client, road: Dock) -> None:
    mine, other = road.trips[0].pk, stop_of(road, 2).pk

    assert phone.get(f"/drive/trips/{mine}/stops/{other}/").status_code == 404
    assert phone.post(f"/drive/trips/{mine}/stops/{other}/arrive/").status_code == 404
    assert phone.get(f"/drive/trips/{mine}/stops/{stop_of(road).pk}/").status_code == 200


def test_nothing_else_is_done_at_a_door(phone: Client, road: Dock) -> None:
    assert post(phone, road, "dance").status_code == 404
    assert post(phone, road, "position").status_code == 404


def test_the_worker_is_served_where_its_pages_are(phone: Client) -> None:
    answer = phone.get("/drive/sw.js")

    assert answer["Content-Type"] == "text/javascript"
    assert b'addEventListener("fetch"' in answer.content


def test_a_trip_costs_few_queries_however_long_it_is(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    long = loaded_dock(trips=1, stops=6, campaign_code="C2")
    log_in(client, long.trips[0].driver)

    with django_assert_max_num_queries(12):
        client.get(f"/drive/trips/{long.trips[0].pk}/")
