"""A trip loaded and signed for at the vehicle, and its papers typed back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.papers import Paper
from fulfillment.models.totes import LoadCheck
from leaders.models.accounts import Role
from tests.factories.docks import Dock, dock, label_of
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def night() -> Dock:
    made = dock(trips=2)
    made.seal_all()
    return made


@pytest.fixture
def desk(client: Client) -> Client:
    """The warehouse at its phone."""
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def url(name: str, night: Dock, *keys: object) -> str:
    return reverse(name, args=[night.run.campaign.code, *keys])


def post(client: Client, address: str, **typed: object) -> HttpResponse:
    answer = client.post(address, {"event_id": uuid4(), **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def load_slot(client: Client, night: Dock, nth: int, count: int = 3) -> HttpResponse:
    stop = night.stop_of(night.drops[nth])
    return post(client, url("load-stop", night, stop.trip_id, stop.pk), count=count)


def test_the_list_of_trips_says_how_far_each_is(desk: Client, night: Dock) -> None:
    night.load_all()
    html = desk.get(url("loading", night)).content.decode()

    assert html.count("6/6") == 2
    assert "Loading" in html


def test_slots_stand_in_load_order(desk: Client, night: Dock) -> None:
    html = desk.get(url("load-trip", night, night.trips[0].pk)).content.decode()

    assert html.index("1-02") < html.index("1-01")


def test_a_scan_is_answered_big_and_in_words(desk: Client, night: Dock) -> None:
    address = url("load-trip", night, night.trips[0].pk)
    mine, other = night.totes(night.drops[0])[0], night.totes(night.drops[2])[0]

    good = post(desk, address, code=label_of(mine))
    again = post(desk, address, code=label_of(mine))
    wrong = post(desk, address, code=label_of(other))
    blank = post(desk, address, code="")

    assert good.status_code == again.status_code == 200
    assert "1-01 Ambient" in good.content.decode()
    assert "1 of 3 on board" in good.content.decode()
    assert "Already loaded: 1-01 Ambient" in again.content.decode()
    assert wrong.status_code == blank.status_code == 409
    assert "Wrong trip: this tote belongs to R02, slot 2-01." in wrong.content.decode()
    assert 'role="alert"' in wrong.content.decode()


def test_a_tote_is_taken_off_again(desk: Client, night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]
    post(desk, url("load-trip", night, night.trips[0].pk), code=label_of(tote))

    answer = post(desk, url("load-unload", night, night.trips[0].pk), code=label_of(tote))

    assert "Off again: 1-01 Ambient" in answer.content.decode()
    assert night.totes(night.drops[0])[0].state == "sealed"


def test_a_counted_slot_is_loaded_with_one_press(desk: Client, night: Dock) -> None:
    assert "1-01 complete: 3 on board" in load_slot(desk, night, 0).content.decode()
    assert "You counted 2; 3 are sealed" in load_slot(desk, night, 1, 2).content.decode()


def test_missing_totes_block_the_signature_until_they_are_explained(
    desk: Client, night: Dock
) -> None:
    load_slot(desk, night, 0)
    first, second, milk = night.totes(night.drops[1])
    post(desk, url("load-trip", night, night.trips[0].pk), code=label_of(first))
    address = url("load-sign", night, night.trips[0].pk)
    form = desk.get(address).content.decode()
    potato = night.skus["potato"].pk

    refused = post(desk, address, driver_name="李师傅")
    unnamed = post(desk, address, driver_name="李师傅", reason="not on the floor")
    signed = post(
        desk,
        address,
        driver_name="李师傅",
        reason="not on the floor",
        **{f"pieces_{second.pk}_{potato}": 2},
    )

    assert "Totes missing: 2" in form
    assert f"pieces_{second.pk}_{potato}" in form
    assert f"pieces_{milk.pk}_" not in form
    assert (refused.status_code, unnamed.status_code, signed.status_code) == (422, 422, 302)
    assert "Say what is in the missing tote." in unnamed.content.decode()
    assert sorted(ExceptionCase.objects.values_list("qty", flat=True)) == [2, 2]
    page = desk.get(signed["location"]).content.decode()
    assert "2 missing: not on the floor" in page
    found = post(desk, url("load-found", night, night.trips[0].pk), code=label_of(milk))
    assert "Found, loaded and signed for." in found.content.decode()
    assert LoadCheck.objects.get().missing_totes == 1


def test_the_load_sheet_is_printed_as_things_stand(
    desk: Client, night: Dock, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.PAPERS_ROOT = tmp_path_factory.mktemp("papers")

    answer = desk.post(url("load-papers", night, night.trips[0].pk))

    paper = Paper.objects.get(document="load_sheet")
    assert (answer["location"], paper.scope) == (f"/papers/{paper.pk}.pdf", "R01")
    assert set(Paper.objects.values_list("document", flat=True)) == {"load_sheet", "route_sheet"}


def test_a_whole_trip_comes_back_with_one_press(desk: Client, night: Dock) -> None:
    night.load_all()
    night.sign_all()
    address = url("trip-return", night, night.trips[0].pk)
    stops = [night.stop_of(drop).pk for drop in night.drops[:2]]
    typed = {f"empties_{stops[0]}": 2, f"empties_{stops[1]}": 0}

    unknown = post(desk, address, **typed)
    entered = post(desk, address, empties_in=2, **typed)

    assert (unknown.status_code, entered.status_code) == (422, 302)
    assert sorted(Handover.objects.values_list("empties_returned", flat=True)) == [0, 2]
    page = desk.get(address).content.decode()
    assert "2/2 entered" in page
    assert "No other differences" not in page


def test_a_stop_with_a_difference_is_typed_on_its_own_page(desk: Client, night: Dock) -> None:
    night.load_all()
    night.sign_all()
    stop = night.stop_of(night.drops[0])
    address = url("trip-return-stop", night, stop.trip_id, stop.pk)
    totes = night.totes(night.drops[0])
    milk = night.skus["milk"].pk
    typed: dict[str, object] = {
        "empties": 1,
        **{f"cause_{sku.pk}": "short" for sku in night.skus.values()},
        **{f"fate_{tote.pk}": "handed" for tote in totes},
    }

    contradiction = post(desk, address, **typed, state="delivered", **{f"qty_{milk}": 1})
    entered = post(
        desk,
        address,
        **{**typed, f"fate_{totes[2].pk}": "back", f"cause_{milk}": "damaged"},
        state="partly",
        **{f"qty_{milk}": 2},
    )

    assert contradiction.status_code == 422
    assert "Differences belong to a stop" in contradiction.content.decode()
    assert entered["location"] == url("trip-return", night, stop.trip_id)
    case = ExceptionCase.objects.get()
    assert (case.sku_id, case.cause, case.qty, case.stage) == (milk, "damaged", 2, "handover")
    assert Handover.objects.get().totes_delivered == 2
    assert desk.get(address).status_code == 200


def test_nothing_comes_back_from_a_trip_nobody_signed_for(desk: Client, night: Dock) -> None:
    stops = [night.stop_of(drop).pk for drop in night.drops[:2]]

    answer = post(
        desk,
        url("trip-return", night, night.trips[0].pk),
        empties_in=0,
        **{f"empties_{pk}": 0 for pk in stops},
    )

    assert answer.status_code == 422
    assert "Nobody has signed for the load of R01." in answer.content.decode()
