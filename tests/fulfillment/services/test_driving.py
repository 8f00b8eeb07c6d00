"""What phones report counts once, in any order, and ends in the same books as its papers."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from fulfillment.domain.driving import EventKind, Reported
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import StopResult
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.driving import DeliveryProof, DriverEvent, DriverEventResult
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.totes import ToteCount
from fulfillment.models.warehouse import Tote
from fulfillment.services.driving import EventAnswer, endings_apply
from fulfillment.services.handover_codes import handover_code
from fulfillment.services.loading import tote_load
from fulfillment.services.trip_returns import trip_return_enter
from tests.factories.docks import Dock, dock, in_parts, label_of, tote_laws_broken
from tests.factories.driving import LEAVES_AT, Phone, loaded_dock, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SEVEN = LEAVES_AT + timedelta(hours=1)
LATER = SEVEN + timedelta(minutes=4)


@pytest.fixture(autouse=True)
def _totes_add_up(db: None, settings: Settings) -> Iterator[None]:
    """Whatever a test reports, the laws of totes hold after it."""
    settings.DRIVER_UNDO_MINUTES = 3
    yield
    assert tote_laws_broken() == []


@pytest.fixture
def road() -> Dock:
    """Two trips of two stops, loaded, signed for, published."""
    return loaded_dock(trips=2, stops=2)


@pytest.fixture
def phone(road: Dock) -> Phone:
    """The phone of the first trip's driver."""
    return Phone(road.trips[0])


def outcomes(answers: list[EventAnswer]) -> list[str]:
    return [answer.outcome.value for answer in answers]


def states(road: Dock) -> list[str]:
    stops = Stop.objects.filter(trip=road.trips[0]).order_by("stop_seq")
    return list(stops.values_list("state", flat=True))


def test_an_arrival_shows_at_once(road: Dock, phone: Phone) -> None:
    answers = phone.send(phone.event(EventKind.ARRIVE, 0), now=SEVEN)

    assert outcomes(answers) == ["applied"]
    assert (answers[0].stop_state, states(road)) == ("arrived", ["arrived", "planned"])
    event = DriverEvent.objects.get()
    assert (event.device_at, event.received_at) == (SEVEN, SEVEN)
    assert event.driver == road.trips[0].driver


def test_a_handover_waits_for_the_time_to_undo_and_then_goes_into_the_books(
    road: Dock, phone: Phone
) -> None:
    answers = phone.send(phone.handed_over(0, now=SEVEN, empties=2), now=SEVEN)

    assert outcomes(answers) == ["waiting"]
    assert answers[0].applies_at == SEVEN + timedelta(minutes=3)
    assert states(road) == ["delivered", "planned"]
    assert endings_apply(now=SEVEN + timedelta(minutes=2)) == 0
    assert not Handover.objects.exists()

    assert endings_apply(now=SEVEN + timedelta(minutes=3)) == 1

    handover = Handover.objects.get()
    assert (handover.state, handover.method) == ("signed", "code")
    assert (handover.totes_delivered, handover.empties_returned) == (3, 2)
    assert handover.confirmed_at == SEVEN
    assert DriverEventResult.objects.get().outcome == "applied"
    assert endings_apply(now=LATER) == 0


def test_within_the_time_it_is_taken_back_and_the_stop_is_as_before(
    road: Dock, phone: Phone
) -> None:
    handed = phone.handed_over(0, now=SEVEN)
    phone.send(handed, now=SEVEN)

    answers = phone.send(phone.undo(handed), now=SEVEN + timedelta(minutes=1))

    assert outcomes(answers) == ["applied"]
    assert states(road) == ["arrived", "planned"]
    assert endings_apply(now=LATER) == 0
    assert not Handover.objects.exists()
    again = phone.handed_over(0, now=LATER)
    assert outcomes(phone.send(again, now=LATER)) == ["waiting"]


def test_what_is_in_the_books_is_not_taken_back(road: Dock, phone: Phone) -> None:
    handed = phone.handed_over(0, now=SEVEN)
    phone.send(handed, now=SEVEN)
    endings_apply(now=LATER)

    answers = phone.send(phone.undo(handed), now=LATER)

    assert (outcomes(answers), answers[0].said) == (
        ["refused"],
        "It is entered already; call the office.",
    )
    assert states(road) == ["delivered", "planned"]


def test_the_same_batch_again_changes_nothing_and_is_answered_alike(
    road: Dock, phone: Phone
) -> None:
    batch = [phone.event(EventKind.ARRIVE, 0), phone.handed_over(0, now=SEVEN)]
    first = phone.send(*batch, now=SEVEN)

    again = phone.send(*batch, *batch, now=LATER)

    assert again == [*first, *first]
    assert DriverEvent.objects.count() == 2


def test_in_whatever_order_a_morning_arrives_it_comes_to_the_same(phone: Phone) -> None:
    road = phone.road()
    shown = SEVEN + timedelta(minutes=1)
    arrive = phone.event(EventKind.ARRIVE, 0)
    wrong = phone.failed(0, at=shown)
    back = phone.undo(wrong, at=shown + timedelta(seconds=20))
    right = phone.handed_over(0, now=SEVEN, at=shown + timedelta(seconds=40))
    morning = [arrive, wrong, back, right]
    ends = set()

    for order in itertools.permutations(morning):
        with phone.rolled_back():
            for event in order:
                phone.send(event, now=SEVEN + timedelta(minutes=2))
            phone.proof(wrong)
            endings_apply(now=SEVEN + timedelta(minutes=9))
            results = tuple(
                DriverEvent.objects.order_by("device_at").values_list("kind", "result__outcome")
            )
            handover = Handover.objects.values_list("method", "totes_delivered").get()
            ends.add((tuple(states(road)), results, handover))

    assert ends == {
        (
            ("delivered", "planned"),
            (
                ("arrive", "applied"),
                ("fail", "undone"),
                ("undo", "applied"),
                ("hand_over", "applied"),
            ),
            ("code", 3),
        )
    }


def test_a_stop_ends_once_whichever_ending_came_first(road: Dock, phone: Phone) -> None:
    first = phone.handed_over(0, now=SEVEN)
    second = phone.failed(0, at=SEVEN + timedelta(minutes=1))

    phone.send(second, now=LATER)
    answers = phone.send(first, second, now=LATER)

    assert outcomes(answers) == ["waiting", "refused"]
    assert answers[1].said == "The stop had ended before, by an earlier entry."
    assert states(road) == ["delivered", "planned"]


def test_a_late_sync_cannot_hit_another_job(road: Dock, phone: Phone) -> None:
    other = road.stop_of(road.drops[2])
    stray = Reported(event_id=uuid4(), kind=EventKind.ARRIVE, stop_id=other.pk, device_at=SEVEN)

    answers = phone.send(stray, now=SEVEN)

    assert (outcomes(answers), answers[0].said) == (
        ["refused"],
        "This stop is not on this trip any more.",
    )
    other.refresh_from_db()
    assert other.state == "planned"
    kept = DriverEvent.objects.get()
    assert (kept.stop_id, kept.body) == (None, {"stop": other.pk})


def test_an_event_of_another_trip_is_not_answered_for_this_one(road: Dock, phone: Phone) -> None:
    event = phone.event(EventKind.ARRIVE, 0)
    phone.send(event, now=SEVEN)

    answers = Phone(road.trips[1]).send(event, now=SEVEN)

    assert (outcomes(answers), answers[0].stop_state) == (["refused"], "")
    assert DriverEvent.objects.count() == 1


def test_a_wrong_code_is_kept_and_refused(road: Dock, phone: Phone) -> None:
    wrong = phone.handed_over(0, now=SEVEN, code="000000")

    answers = phone.send(wrong, now=SEVEN)

    assert (outcomes(answers), states(road)) == (["refused"], ["planned", "planned"])
    assert answers[0].said == "This is not the code on the leader's page, or it has run out."
    assert DriverEvent.objects.get().body["code"] == "000000"
    assert outcomes(phone.send(phone.handed_over(0, now=SEVEN), now=SEVEN)) == ["waiting"]


def test_too_many_wrong_codes_and_even_the_right_one_waits(road: Dock, phone: Phone) -> None:
    for _try in range(5):
        phone.send(phone.handed_over(0, now=SEVEN, code="000000"), now=SEVEN)

    refused = phone.send(phone.handed_over(0, now=SEVEN), now=SEVEN)
    elsewhere = phone.send(phone.handed_over(1, now=SEVEN), now=SEVEN)
    soon = SEVEN + timedelta(minutes=11)
    later = phone.send(phone.handed_over(0, now=soon, at=soon), now=soon)

    assert refused[0].said == "Too many wrong codes. Wait ten minutes, or let the leader sign."
    assert (outcomes(elsewhere), outcomes(later)) == (["waiting"], ["waiting"])


def test_a_code_typed_offline_counts_when_it_arrives_hours_later(road: Dock, phone: Phone) -> None:
    phone.send(phone.event(EventKind.DEPART, None, at=LEAVES_AT), now=LEAVES_AT)
    typed = phone.handed_over(0, now=SEVEN)

    answers = phone.send(typed, now=SEVEN + timedelta(hours=2))

    assert outcomes(answers) == ["waiting"]


def test_a_code_from_before_the_driver_could_be_there_counts_for_nothing(
    road: Dock, phone: Phone
) -> None:
    early = LEAVES_AT - timedelta(hours=1)
    phone.send(phone.event(EventKind.ARRIVE, 0, at=SEVEN), now=SEVEN)
    old = handover_code(phone.stop(0), early)
    backdated = phone.handed_over(0, now=SEVEN, code=old, at=SEVEN + timedelta(minutes=5))

    answers = phone.send(backdated, now=SEVEN + timedelta(hours=2))

    assert outcomes(answers) == ["refused"]


def test_what_is_left_alone_waits_for_its_photo_and_for_its_release(
    road: Dock, phone: Phone
) -> None:
    left = phone.left(0, at=SEVEN)
    phone.send(left, now=SEVEN)
    endings_apply(now=LATER)
    assert DriverEventResult.objects.get().said == "The picture has not arrived yet."

    phone.proof(left)
    endings_apply(now=LATER)

    handover = Handover.objects.get()
    assert (handover.state, handover.method) == ("unsigned", "left")
    assert (handover.released_at, handover.note) == (None, "behind the door")


def test_the_picture_of_another_stop_proves_nothing(road: Dock, phone: Phone) -> None:
    left = phone.left(0, at=SEVEN)
    phone.proof(left, stop=phone.stop(1))

    answers = phone.send(left, now=SEVEN)

    assert (outcomes(answers), answers[0].said) == (
        ["refused"],
        "This picture is of another stop.",
    )


def test_a_miscount_is_refused_with_the_right_figure(road: Dock, phone: Phone) -> None:
    answers = phone.send(phone.handed_over(0, now=SEVEN, totes=2), now=SEVEN)

    assert answers[0].said == "You counted 2 totes; 3 should be here. Say which are not."


def test_tapped_needs_the_leaders_tap(road: Dock, phone: Phone) -> None:
    tapped = phone.event(EventKind.HAND_OVER, 0, {"method": "tap", "totes": 3})

    answers = phone.send(tapped, now=SEVEN)

    assert answers[0].said == "The leader has not tapped “received” yet."


def test_the_return_enters_everything_without_waiting(road: Dock, phone: Phone) -> None:
    batch = [phone.handed_over(nth, now=SEVEN) for nth in (0, 1)]

    answers = phone.send(*batch, phone.event(EventKind.RETURN, None), now=SEVEN)

    assert outcomes(answers) == ["applied", "applied", "applied"]
    assert Handover.objects.count() == 2


def test_before_the_load_is_signed_for_an_ending_waits() -> None:
    unsigned = loaded_dock(campaign_code="C2", is_signed=False)
    phone = Phone(unsigned.trips[0])
    phone.send(phone.handed_over(0, now=SEVEN), now=SEVEN)

    assert endings_apply(now=LATER) == 0

    result = DriverEventResult.objects.get()
    assert (result.outcome, result.said) == (
        "waiting",
        "Nobody has signed for the load of R01.",
    )


def test_after_the_day_is_closed_a_late_word_is_kept_and_refused(road: Dock, phone: Phone) -> None:
    CutoffRun.objects.update(day_closed_at=LATER)

    answers = phone.send(phone.event(EventKind.ARRIVE, 0), now=LATER)

    assert (outcomes(answers), answers[0].said) == (
        ["refused"],
        "This day is closed; tell the office.",
    )
    assert states(road) == ["planned", "planned"]


def test_what_the_papers_said_meanwhile_stands(road: Dock, phone: Phone) -> None:
    paper = StopResult(stop_id=phone.stop(0).pk, state=StopState.FAILED, note="nobody there")
    enter(road, paper)

    phone.send(phone.handed_over(0, now=SEVEN), now=SEVEN)
    endings_apply(now=LATER)

    result = DriverEventResult.objects.get()
    assert (result.outcome, result.said) == (
        "refused",
        "Slot 1-01 is entered already, with other figures.",
    )
    assert states(road) == ["failed", "planned"]


def test_a_clock_that_cannot_be_right_is_noted(road: Dock, phone: Phone) -> None:
    ahead = phone.event(EventKind.ARRIVE, 0, at=SEVEN + timedelta(hours=3))

    answers = phone.send(ahead, now=SEVEN)

    assert (outcomes(answers), answers[0].said) == (
        ["applied"],
        "The phone's clock is ahead; our time counts.",
    )


def test_it_ends_in_the_same_books_as_the_papers(road: Dock, phone: Phone) -> None:
    def books() -> tuple[object, ...]:
        return (
            list(Stop.objects.order_by("pk").values_list("state", flat=True)),
            list(Tote.objects.order_by("pk").values_list("state", flat=True)),
            list(
                ToteCount.objects.order_by("event_id").values_list(
                    "event_id", "leader", "vehicle", "out_qty", "in_qty", "at"
                )
            ),
            list(
                ExceptionCase.objects.order_by("pk").values_list(
                    "stage", "cause", "sku", "qty", "drop", "note", "event_id"
                )
            ),
            list(
                Handover.objects.order_by("stop").values_list(
                    "stop", "state", "method", "totes_delivered", "empties_returned", "note"
                )
            ),
        )

    partly = phone.partly(0, road, now=SEVEN)
    failed = phone.failed(1, at=SEVEN)
    with phone.rolled_back():
        phone.send(partly, failed, now=SEVEN)
        phone.proof(failed)
        assert endings_apply(now=LATER) == 2
        driven = books()

    enter(road, phone.result(partly), phone.result(failed, note="Nobody there."))

    assert books() == driven


def enter(road: Dock, *results: StopResult, now: datetime = SEVEN) -> None:
    trip_return_enter(trip_id=road.trips[0].pk, stops=results, actor=road.worker, now=now)


def test_a_proof_that_never_comes_leaves_no_proof(road: Dock, phone: Phone) -> None:
    phone.send(phone.left(0, at=SEVEN), now=SEVEN)

    assert endings_apply(now=SEVEN + timedelta(days=1)) == 0
    assert not DeliveryProof.objects.exists()
    assert UUID(DriverEvent.objects.get().body["proof"])


def test_of_a_drop_in_parts_every_driver_counts_and_hands_over_their_own() -> None:
    made = dock(trips=2, stops=1, campaign_code="C2")
    drop = made.drops[0]
    second = in_parts(made, drop, trip=made.trips[1])
    publish(made)
    made.seal_all()
    one, two, cold = made.totes(drop)
    other = made.totes(made.drops[1])
    for trip, totes in ((made.trips[0], (one, two)), (made.trips[1], (cold, *other))):
        for tote in totes:
            load(made, trip, tote)
    made.sign_all()
    nth = list(made.trips[1].stops.order_by("stop_seq")).index(second)

    wrong = Phone(made.trips[0]).send(Phone(made.trips[0]).handed_over(0, now=SEVEN), now=SEVEN)
    for phone, at, totes_here in ((Phone(made.trips[0]), 0, 2), (Phone(made.trips[1]), nth, 1)):
        phone.send(phone.handed_over(at, now=SEVEN, totes=totes_here), now=SEVEN)
    endings_apply(now=LATER)

    assert wrong[0].said == "You counted 3 totes; 2 should be here. Say which are not."
    handed = Handover.objects.filter(stop__drop=drop).order_by("stop__part_no")
    assert list(handed.values_list("totes_delivered", flat=True)) == [2, 1]


def load(made: Dock, trip: Trip, tote: Tote) -> None:
    tote_load(
        trip_id=trip.pk,
        code=label_of(tote),
        event_id=uuid4(),
        device="",
        actor=made.worker,
        now=LEAVES_AT,
    )
