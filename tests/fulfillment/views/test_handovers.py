"""The warehouse follows the handovers of a night and releases what was left."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.models.delivery import Stop
from fulfillment.models.handover import Handover
from fulfillment.selectors.handover_list import (
    HandoverFigures,
    Shown,
    handover_figures,
    handover_rows,
)
from fulfillment.services.handover import received_tap
from fulfillment.services.trip_returns import trip_return_enter
from leaders.models.accounts import Role
from tests.factories.docks import Dock, dock
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def night() -> Dock:
    """A trip of six stops on the road."""
    made = dock(stops=6)
    made.seal_all()
    made.load_all()
    made.sign_all()
    return made


def enter(night: Dock, nth: int, state: StopState, **said: Any) -> None:
    stop = night.stop_of(night.drops[nth])
    trip_return_enter(
        trip_id=stop.trip_id,
        stops=[StopResult(stop_id=stop.pk, state=state, **said)],
        actor=night.worker,
        now=timezone.now(),
    )


@pytest.fixture
def endings(night: Dock) -> Dock:
    """One stop of every ending, one left without the leader, one only tapped."""
    lack = LineDifference(sku_id=night.skus["milk"].pk, qty=1, cause=Cause.SHORT)
    enter(night, 0, StopState.DELIVERED)
    enter(night, 1, StopState.PARTLY, differences=(lack,))
    enter(night, 2, StopState.REFUSED, note="不要")
    enter(night, 3, StopState.FAILED, note="没人")
    left = {"is_signed": False, "method": HandoverMethod.LEFT, "note": "门口"}
    enter(night, 4, StopState.DELIVERED, **left)
    last = night.stop_of(night.drops[5])
    received_tap(stop_id=last.pk, leader=last.drop.pickup_point.leader, totes=3, now=timezone.now())
    return night


def test_every_ending_is_counted_apart(endings: Dock) -> None:
    rows = handover_rows(endings.run)

    assert handover_figures(rows) == HandoverFigures(
        stops=6, delivered=2, partly=1, refused=1, failed=1, open=1, to_release=1, disputed=0
    )
    parts = [row.stop.drop.slot_code for row in rows if Shown.NOT_DELIVERED in row.parts]
    assert parts == ["1-03", "1-04"]


def test_what_a_phone_reports_is_shown_before_it_is_entered(night: Dock) -> None:
    stop = night.stop_of(night.drops[0])
    Stop.objects.filter(pk=stop.pk).update(state="delivered")

    rows = handover_rows(night.run)

    assert [row.is_by_phone for row in rows] == [True, *[False] * 5]
    assert handover_figures(rows).delivered == 0


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.DISPATCHER])
def test_the_list_shows_them_all_or_a_part(client: Client, endings: Dock, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))
    address = f"/warehouse/{endings.run.campaign.code}/handovers/"

    text = client.get(address).content.decode()
    part = client.get(f"{address}?show=to_release").content.decode()

    assert all(f"1-0{nth}" in text for nth in range(1, 7))
    assert "The leader says at" in text
    assert "1-05" in part
    assert "1-01" not in part


def test_a_supervisor_releases_what_was_left(client: Client, endings: Dock) -> None:
    client.force_login(endings.worker)
    code, left = endings.run.campaign.code, Handover.objects.get(state="unsigned")

    answer = client.post(f"/warehouse/{code}/handovers/{left.pk}/release/", follow=True)

    left.refresh_from_db()
    assert left.released_by == endings.worker
    assert "Released." in answer.content.decode()


def test_the_handover_of_another_night_is_not_there(client: Client, endings: Dock) -> None:
    other = dock(campaign_code="C2").run.campaign.code
    client.force_login(endings.worker)
    left = Handover.objects.get(state="unsigned")

    assert client.post(f"/warehouse/{other}/handovers/{left.pk}/release/").status_code == 404


def test_buyers_and_leaders_see_nothing_of_it(client: Client, endings: Dock) -> None:
    address = f"/warehouse/{endings.run.campaign.code}/handovers/"
    client.force_login(UserFactory.create(role=Role.BUYER))
    buyer = client.get(address).status_code
    leader = endings.drops[0].pickup_point.leader.user
    assert leader is not None
    client.force_login(leader)

    assert (buyer, client.get(address).status_code) == (403, 403)
