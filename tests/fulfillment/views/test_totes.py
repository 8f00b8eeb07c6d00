"""The slots of a night, sealed on a phone; totes lost and found; who has how many."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from fulfillment.models.totes import ToteCount
from fulfillment.models.warehouse import Tote
from fulfillment.services.trip_returns import trip_return_rest
from leaders.models.accounts import Role
from tests.factories.docks import NIGHT, Dock, dock
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def night() -> Dock:
    return dock(trips=2)


@pytest.fixture
def desk(client: Client) -> Client:
    """The warehouse at its phone."""
    client.force_login(UserFactory.create(role=Role.WAREHOUSE))
    return client


def url(name: str, night: Dock, *keys: object) -> str:
    return reverse(name, args=[night.run.campaign.code, *keys])


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def seal(client: Client, night: Dock, nth: int = 0, **typed: object) -> HttpResponse:
    figures = {"ambient": 2, "chill": 1, "frozen": 0, "event_id": uuid4(), **typed}
    answer = client.post(url("seal-drop", night, night.drops[nth].pk), figures)
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_board_tells_estimated_sealed_and_loaded_slots_apart(desk: Client, night: Dock) -> None:
    night.seal_all()
    night.load_all()
    other = dock(campaign_code="C2")
    other.seal(other.drops[0])

    assert "3/3 loaded" in page(desk, url("totes", night))
    html = page(desk, url("totes", other))
    assert (html.count("Sealed"), html.count("Estimated")) == (1, 1)
    assert "1/2 sealed" in html


def test_a_typed_slot_leads_to_its_page(desk: Client, night: Dock) -> None:
    answer = desk.get(url("totes", night), {"find": "2-01"})

    assert answer["location"] == url("seal-drop", night, night.drops[2].pk)
    assert "There is no slot 9-99." in page(desk, url("totes", night) + "?find=9-99")


def test_the_estimate_is_what_the_figures_begin_with(desk: Client, night: Dock) -> None:
    html = page(desk, url("seal-drop", night, night.drops[0].pk))

    for name, number in (("ambient", 2), ("chill", 1), ("frozen", 0)):
        assert f'name="{name}" value="{number}"' in html


def test_a_slot_is_sealed_and_leads_to_its_labels_and_to_the_next_slot(
    desk: Client, night: Dock
) -> None:
    answer = seal(desk, night, ambient=3, plates_chill="p-01")

    assert answer.status_code == 302
    html = page(desk, answer["location"])
    assert f"kind=tote&amp;drop={night.drops[0].pk}" in html
    assert "Next slot 1-02" in html
    assert [tote.state for tote in night.totes(night.drops[0])] == ["sealed"] * 4
    assert Tote.objects.get(plate_no="P-01").storage == "chill"


def test_a_refused_sealing_keeps_what_was_typed_and_says_why(desk: Client, night: Dock) -> None:
    seal(desk, night)

    answer = seal(desk, night, ambient=1)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "This slot is sealed already. Say why that changes." in html
    assert 'name="ambient" value="1"' in html
    assert seal(desk, night, ambient=1, reason="packed tighter").status_code == 302


def test_a_blank_figure_is_not_zero(desk: Client, night: Dock) -> None:
    answer = seal(desk, night, frozen="")

    assert answer.status_code == 422
    assert not Tote.objects.filter(state="sealed").exists()


def test_a_tote_of_the_night_shows_its_way_and_can_be_lost_and_found(
    desk: Client, night: Dock
) -> None:
    night.seal_all()
    night.load_all()
    night.sign_all()
    stops = {stop.pk: 0 for stop in night.trips[0].stops.all()}
    trip_return_rest(
        trip_id=night.trips[0].pk, empties=stops, empties_in=0, actor=night.worker, now=NIGHT
    )
    tote = night.totes(night.drops[0])[0]
    address = url("tote", night, tote.pk)

    desk.post(address, {"reason": "never came back", "event_id": uuid4()})
    lost = page(desk, address)
    desk.post(address, {"reason": "behind the shelf", "event_id": uuid4()})

    assert "never came back" in lost
    assert "Write down as found" in lost
    assert Tote.objects.get(pk=tote.pk).state == "empty"


def test_the_ledger_lists_leaders_and_vehicles_and_corrects_a_balance(
    desk: Client, night: Dock
) -> None:
    night.seal_all()
    night.load_all()
    night.sign_all()
    vehicle = night.trips[0].vehicle
    statement = url("tote-statement", night, "vehicle", vehicle.pk)

    assert "12 totes are out" in page(desk, url("tote-ledger", night) + "?holder=vehicle")
    assert vehicle.plate in page(
        desk, url("tote-ledger", night) + f"?holder=vehicle&q={vehicle.code}"
    )
    assert "Nobody has totes" in page(desk, url("tote-ledger", night))
    recount = {"counted": 4, "reason": "two stand in the yard", "event_id": uuid4()}
    assert desk.post(statement, recount).status_code == 302
    assert "two stand in the yard" in page(desk, statement)
    assert ToteCount.objects.get(trip=None).in_qty == 2
    assert desk.post(statement, {**recount, "reason": ""}).status_code == 422
    assert desk.get(url("tote-statement", night, "nobody", 1)).status_code == 404


def test_slots_of_another_night_are_not_there(desk: Client, night: Dock) -> None:
    other = dock(campaign_code="C2")

    assert desk.get(url("seal-drop", night, other.drops[0].pk)).status_code == 404
    assert desk.get(url("load-trip", night, other.trips[0].pk)).status_code == 404
    assert desk.get(url("trip-return", night, other.trips[0].pk)).status_code == 404
    assert desk.get(url("tote", night, other.totes(other.drops[0])[0].pk)).status_code == 404


def test_a_leader_does_not_open_the_dock(client: Client, night: Dock) -> None:
    client.force_login(UserFactory.create(role=Role.LEADER))

    for name in ("totes", "loading", "tote-ledger"):
        assert client.get(url(name, night)).status_code == 403
