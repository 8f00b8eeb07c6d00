"""Leader and driver agree in either order, and silence accepts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.errors import DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, ExceptionCase, Stage
from fulfillment.models.handover import Handover
from fulfillment.route_errors import HandoverNotPossible
from fulfillment.selectors.dock import dock_trip
from fulfillment.selectors.handover import OpenWindows, windows_open
from fulfillment.services.exceptions import cases_decide_as_proposed
from fulfillment.services.handover import (
    handover_release,
    handovers_accept_all,
    handovers_accept_silent,
    received_tap,
)
from fulfillment.services.trip_returns import TripReturn, trip_return_enter, trip_return_rest
from leaders.models.leaders import Leader
from tests.factories.docks import NIGHT, Dock, dock, tote_laws_broken
from tests.factories.leaders import LeaderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

COLD, OTHER = timedelta(hours=2), timedelta(hours=12)


@pytest.fixture(autouse=True)
def _totes_add_up(db: None) -> Iterator[None]:
    """Whatever a test enters, the laws of totes hold after it."""
    yield
    assert tote_laws_broken() == []


@pytest.fixture
def night() -> Dock:
    """One trip of two stops, sealed, loaded and signed for."""
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    return made


def leader_of(night: Dock, nth: int = 0) -> Leader:
    return night.drops[nth].pickup_point.leader


def tap(night: Dock, totes: int = 3, *, minutes: int = 0) -> Handover:
    return received_tap(
        stop_id=night.stop_of(night.drops[0]).pk,
        leader=leader_of(night),
        totes=totes,
        now=NIGHT + timedelta(minutes=minutes),
    )


def enter(night: Dock, state: StopState = StopState.DELIVERED, **said: Any) -> TripReturn:
    stop_id = night.stop_of(night.drops[0]).pk
    return trip_return_enter(
        trip_id=night.trips[0].pk,
        stops=[StopResult(stop_id=stop_id, state=state, **said)],
        actor=night.worker,
        now=NIGHT,
    )


def left(night: Dock) -> Handover:
    """Let the driver leave the goods without the leader."""
    enter(night, is_signed=False, method=HandoverMethod.LEFT, note="门口")
    return Handover.objects.get()


def test_the_window_begins_with_the_handover_and_is_as_long_as_its_goods_allow(
    night: Dock,
) -> None:
    chilled = night.drops[1]
    for tote in night.totes(chilled):
        tote.storage, tote.seq = "chill", tote.pk
        tote.save()

    trip_return_rest(
        trip_id=night.trips[0].pk, empties={}, empties_in=0, actor=night.worker, now=NIGHT
    )

    ends = dict(Handover.objects.values_list("stop__drop_id", "claim_until"))
    assert ends == {night.drops[0].pk: NIGHT + OTHER, chilled.pk: NIGHT + COLD}


def test_what_was_not_delivered_has_no_window(night: Dock) -> None:
    enter(night, StopState.FAILED, note="没人")

    handover = Handover.objects.get()
    assert (handover.state, handover.claim_until) == ("counted", None)


def test_a_leaders_tap_waits_for_the_driver(night: Dock) -> None:
    handover = tap(night)

    assert (handover.state, handover.method, handover.totes_delivered) == ("pending", "tap", 3)
    assert handover.confirmed_by == leader_of(night).user
    trip = dock_trip(night.run, night.trips[0].pk)
    assert trip is not None
    assert (trip.entered, trip.drops[0].handover, trip.drops[0].tapped) == (0, None, handover)


def test_the_driver_completes_what_the_leader_said(night: Dock) -> None:
    tap(night)

    done = enter(night, empties=2)

    assert done == TripReturn(entered=1, open=1)
    handover = Handover.objects.get()
    assert (handover.state, handover.method, handover.note) == ("signed", "tap", "")
    assert (handover.totes_delivered, handover.empties_returned) == (3, 2)
    assert (handover.confirmed_by, handover.claim_until) == (leader_of(night).user, NIGHT + OTHER)


def test_a_code_proves_more_than_the_tap_before_it(night: Dock) -> None:
    tap(night)

    enter(night, method=HandoverMethod.CODE)

    assert Handover.objects.get().method == "code"


def test_goods_the_leader_has_are_not_left_unsigned(night: Dock) -> None:
    tap(night)

    left(night)

    handover = Handover.objects.get()
    assert (handover.state, handover.method, handover.released_at) == ("signed", "tap", None)


def test_the_tap_that_comes_second_is_the_signature(night: Dock) -> None:
    assert left(night).state == "unsigned"

    handover = tap(night, minutes=30)

    assert (handover.state, handover.method) == ("signed", "tap")
    assert handover.claim_until == NIGHT + timedelta(minutes=30) + OTHER


def test_the_tap_after_a_code_changes_nothing(night: Dock) -> None:
    enter(night, method=HandoverMethod.CODE)

    handover = tap(night, minutes=5)

    assert (handover.state, handover.method, handover.note) == ("signed", "code", "")
    assert handover.confirmed_by == night.worker


@pytest.mark.parametrize("is_first", [True, False])
def test_two_counts_of_totes_are_both_kept(night: Dock, is_first: bool) -> None:
    """Totes are moved by the driver's word; the leader's other figure is noted, once."""
    if is_first:
        tap(night, 2)
        tap(night, 2)
        enter(night)
    else:
        enter(night)
        tap(night, 2)
        tap(night, 2)

    handover = Handover.objects.get()
    assert (handover.totes_delivered, handover.note) == (3, "The leader counted 2 totes.")


def test_a_failed_stop_keeps_the_leaders_word_against_it(night: Dock) -> None:
    tap(night)

    enter(night, StopState.FAILED, note="没人")

    handover = Handover.objects.get()
    assert (handover.state, handover.totes_delivered) == ("counted", 0)
    assert handover.note == "没人 The leader counted 3 totes."
    with pytest.raises(HandoverNotPossible):
        tap(night)


def test_another_leader_cannot_say_it(night: Dock) -> None:
    with pytest.raises(HandoverNotPossible):
        received_tap(
            stop_id=night.stop_of(night.drops[0]).pk,
            leader=leader_of(night, 1),
            totes=3,
            now=NIGHT,
        )


def test_a_leader_without_a_log_in_cannot_say_it(night: Dock) -> None:
    silent = LeaderFactory.create(user=None)
    night.drops[0].pickup_point.leader = silent
    night.drops[0].pickup_point.save()

    with pytest.raises(HandoverNotPossible):
        received_tap(stop_id=night.stop_of(night.drops[0]).pk, leader=silent, totes=3, now=NIGHT)


@pytest.mark.parametrize("totes", [0, 501])
def test_a_number_nobody_can_mean_is_refused(night: Dock, totes: int) -> None:
    with pytest.raises(HandoverNotPossible):
        tap(night, totes)


def test_goods_in_the_warehouse_are_not_received() -> None:
    with pytest.raises(HandoverNotPossible):
        tap(dock())


def test_nothing_is_received_after_the_day(night: Dock) -> None:
    CutoffRun.objects.update(day_closed_at=NIGHT)

    with pytest.raises(DayClosed):
        tap(night)


def test_paper_is_released_by_who_types_it_and_a_driver_by_nobody(night: Dock) -> None:
    enter(night, is_signed=False, note="保安")

    handover = Handover.objects.get()
    assert (handover.state, handover.released_by) == ("unsigned", night.worker)


def test_a_supervisor_releases_what_a_driver_left(night: Dock) -> None:
    handover = left(night)
    assert handover.released_at is None

    first = handover_release(handover_id=handover.pk, actor=night.worker, now=NIGHT)
    again = handover_release(
        handover_id=handover.pk, actor=night.worker, now=NIGHT + timedelta(hours=1)
    )

    assert (first.released_by, first.released_at) == (night.worker, NIGHT)
    assert again.released_at == NIGHT


def test_what_was_signed_for_needs_no_release(night: Dock) -> None:
    enter(night)

    with pytest.raises(HandoverNotPossible):
        handover_release(handover_id=Handover.objects.get().pk, actor=night.worker, now=NIGHT)


def test_silence_accepts_when_the_window_is_over(night: Dock) -> None:
    enter(night)

    assert handovers_accept_silent(now=NIGHT + OTHER - timedelta(seconds=1)) == 0
    assert handovers_accept_silent(now=NIGHT + OTHER) == 1
    assert handovers_accept_silent(now=NIGHT + OTHER) == 0

    handover = Handover.objects.get()
    assert (handover.state, handover.accepted_at) == ("accepted", NIGHT + OTHER)
    assert handover.note == "Nobody reported a difference in time."


def test_silence_accepts_nothing_that_was_left_until_somebody_releases_it(night: Dock) -> None:
    handover = left(night)
    assert handovers_accept_silent(now=NIGHT + OTHER) == 0

    handover_release(handover_id=handover.pk, actor=night.worker, now=NIGHT)

    assert handovers_accept_silent(now=NIGHT + OTHER) == 1
    handover.refresh_from_db()
    assert handover.note == "门口 Nobody reported a difference in time."


def test_silence_waits_for_the_decision_about_a_difference(night: Dock) -> None:
    enter(
        night,
        StopState.PARTLY,
        differences=(LineDifference(sku_id=night.skus["milk"].pk, qty=1, cause=Cause.SHORT),),
    )
    Handover.objects.update(state="disputed", note="牛奶少一")
    assert handovers_accept_silent(now=NIGHT + OTHER) == 0

    cases_decide_as_proposed(
        run_id=night.run.pk, stage=Stage.HANDOVER, note="", actor=night.worker, now=NIGHT
    )

    assert ExceptionCase.objects.get().bearer == Bearer.WAREHOUSE
    assert handovers_accept_silent(now=NIGHT + OTHER) == 1
    assert Handover.objects.get().note == "牛奶少一"


def test_closing_the_day_accepts_what_is_open(night: Dock) -> None:
    left(night)

    assert handovers_accept_all(run=night.run, now=NIGHT) == 1

    assert Handover.objects.get().note == "门口 Accepted when the day was closed."


def test_closing_the_day_is_known_to_cut_windows_short(night: Dock) -> None:
    enter(night)

    assert windows_open(night.run, NIGHT) == OpenWindows(1, NIGHT + OTHER)
    assert windows_open(night.run, NIGHT + OTHER) is None
