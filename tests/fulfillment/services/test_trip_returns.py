"""A trip's papers become data: handovers, totes, balances and exceptions, once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.errors import LoadNotSigned, LoadSigned, ReturnNotPossible
from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.totes import ToteCount, ToteEvent
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.totes import Holder, tote_balances
from fulfillment.services.loading import MissingTotes, load_all, load_resign, load_sign
from fulfillment.services.trip_returns import TripReturn, trip_return_enter, trip_return_rest
from tests.factories.docks import NIGHT, Dock, dock, label_of, tote_laws_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def _totes_add_up(db: None) -> Iterator[None]:
    """Whatever a test enters, the laws of totes hold after it."""
    yield
    assert tote_laws_broken() == []


@pytest.fixture
def night() -> Dock:
    """Two trips of two stops, sealed, loaded and signed for."""
    made = dock(trips=2)
    made.seal_all()
    made.load_all()
    made.sign_all()
    return made


def enter(night: Dock, *results: StopResult, empties_in: int | None = None) -> TripReturn:
    return trip_return_enter(
        trip_id=night.trips[0].pk,
        stops=results,
        empties_in=empties_in,
        actor=night.worker,
        now=NIGHT,
    )


def rest(night: Dock, *, trip: int = 0, empties_in: int = 0, **empties: int) -> TripReturn:
    return trip_return_rest(
        trip_id=night.trips[trip].pk,
        empties={night.stop_of(night.drops[int(nth[1:])]).pk: n for nth, n in empties.items()},
        empties_in=empties_in,
        actor=night.worker,
        now=NIGHT,
    )


def delivered(night: Dock, nth: int = 0, *, empties: int = 0) -> StopResult:
    stop = night.stop_of(night.drops[nth])
    return StopResult(stop_id=stop.pk, state=StopState.DELIVERED, empties=empties)


def partly(night: Dock, *differences: LineDifference, back: set[int] | None = None) -> StopResult:
    return StopResult(
        stop_id=night.stop_of(night.drops[0]).pk,
        state=StopState.PARTLY,
        differences=differences,
        brought_back=frozenset(back or ()),
    )


def lack(night: Dock, name: str, qty: int, cause: Cause = Cause.SHORT) -> LineDifference:
    return LineDifference(sku_id=night.skus[name].pk, qty=qty, cause=cause)


def states(drop: Drop) -> list[str]:
    return list(Tote.objects.filter(drop=drop).order_by("pk").values_list("state", flat=True))


def balance(holder: Holder, code: str) -> int:
    return next((row.balance for row in tote_balances(holder) if row.code == code), 0)


def cases() -> set[tuple[str, str, int]]:
    rows = ExceptionCase.objects.filter(stage="handover").values_list("sku__name", "cause", "qty")
    return {(str(name), cause, qty) for name, cause, qty in rows}


def test_a_delivered_stop_hands_its_totes_to_the_leader(night: Dock) -> None:
    drop = night.drops[0]

    done = enter(night, delivered(night))

    assert done == TripReturn(entered=1, open=1)
    handover = Handover.objects.get()
    assert (handover.state, handover.totes_delivered, handover.empties_returned) == ("signed", 3, 0)
    assert night.stop_of(drop).state == "delivered"
    assert states(drop) == ["delivered"] * 3
    assert balance(Holder.LEADER, drop.pickup_point.leader.code) == 3
    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 3
    assert cases() == set()


def test_no_other_differences_is_one_press_for_the_whole_trip(night: Dock) -> None:
    enter(night, partly(night, lack(night, "milk", 1)))

    first = rest(night)
    again = rest(night)

    assert (first, again) == (TripReturn(entered=1, open=0), TripReturn(entered=0, open=0))
    assert [stop.state for stop in Stop.objects.filter(trip=night.trips[0])] == [
        "partly",
        "delivered",
    ]
    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 0


def test_what_a_phone_told_otherwise_is_not_entered_as_delivered(night: Dock) -> None:
    failed = night.stop_of(night.drops[0])
    Stop.objects.filter(pk=failed.pk).update(state="failed")

    assert rest(night) == TripReturn(entered=1, open=1)

    assert not Handover.objects.filter(stop=failed).exists()
    assert night.stop_of(night.drops[0]).state == "failed"


def test_the_run_is_back_when_the_last_trip_is(night: Dock) -> None:
    rest(night)
    assert DeliveryRun.objects.get().state == "departed"

    rest(night, trip=1)

    assert DeliveryRun.objects.get().state == "returned"


def test_the_same_papers_typed_again_change_nothing(night: Dock) -> None:
    result = partly(night, lack(night, "potato", 2), lack(night, "egg", 1, Cause.DAMAGED))
    enter(night, result, empties_in=0)
    rows = (ToteEvent.objects.count(), ToteCount.objects.count(), ExceptionCase.objects.count())

    assert enter(night, result, empties_in=0) == TripReturn(entered=0, open=1)

    assert rows == (
        ToteEvent.objects.count(),
        ToteCount.objects.count(),
        ExceptionCase.objects.count(),
    )
    assert cases() == {("土豆 1kg", "short", 2), ("鸡蛋 30枚", "damaged", 1)}


def test_a_difference_found_later_is_added_to_a_stop(night: Dock) -> None:
    enter(night, delivered(night))

    enter(night, partly(night, lack(night, "potato", 2)))
    enter(night, partly(night, lack(night, "potato", 3), lack(night, "milk", 1)))

    assert cases() == {
        ("土豆 1kg", "short", 2),
        ("土豆 1kg", "short", 1),
        ("鲜牛奶 950ml", "short", 1),
    }
    assert night.stop_of(night.drops[0]).state == "partly"


def test_an_entered_figure_is_not_taken_back(night: Dock) -> None:
    enter(night, partly(night, lack(night, "potato", 2)))

    for other in (
        delivered(night),
        partly(night, lack(night, "potato", 1)),
        partly(night, lack(night, "potato", 2), back={night.totes(night.drops[0])[0].pk}),
        StopResult(stop_id=night.stop_of(night.drops[0]).pk, state=StopState.REFUSED, note="late"),
    ):
        with pytest.raises(ReturnNotPossible):
            enter(night, other)


def test_a_tote_that_comes_back_full_is_off_the_vehicle_and_not_with_the_leader(
    night: Dock,
) -> None:
    drop = night.drops[0]
    milk = night.totes(drop)[2]

    enter(night, partly(night, lack(night, "milk", 2, Cause.RETURNED), back={milk.pk}))

    assert states(drop) == ["delivered", "delivered", "sealed"]
    assert balance(Holder.LEADER, drop.pickup_point.leader.code) == 2
    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 3


def test_a_tote_lost_on_the_way_stays_on_the_drivers_account(night: Dock) -> None:
    milk = night.totes(night.drops[0])[2]
    result = StopResult(
        stop_id=night.stop_of(night.drops[0]).pk,
        state=StopState.PARTLY,
        differences=(lack(night, "milk", 2),),
        lost=frozenset({milk.pk}),
    )

    enter(night, result)
    rest(night)

    assert states(night.drops[0]) == ["delivered", "delivered", "lost"]
    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 1


@pytest.mark.parametrize("state", [StopState.REFUSED, StopState.FAILED])
def test_all_goods_of_a_stop_that_took_nothing_come_back(night: Dock, state: StopState) -> None:
    stop = night.stop_of(night.drops[0])

    enter(night, StopResult(stop_id=stop.pk, state=state, note="nobody there"))
    enter(night, StopResult(stop_id=stop.pk, state=state, note="nobody there"))

    handover = Handover.objects.get()
    assert (handover.state, handover.totes_delivered) == ("counted", 0)
    assert night.stop_of(night.drops[0]).state == state
    assert states(night.drops[0]) == ["sealed"] * 3
    assert cases() == {
        ("土豆 1kg", "returned", 6),
        ("鸡蛋 30枚", "returned", 4),
        ("鲜牛奶 950ml", "returned", 2),
    }
    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 3


def test_goods_left_unsigned_keep_the_note(night: Dock) -> None:
    stop = night.stop_of(night.drops[0])

    enter(
        night,
        StopResult(
            stop_id=stop.pk, state=StopState.DELIVERED, is_signed=False, note="left at the gate"
        ),
    )

    handover = Handover.objects.get()
    assert (handover.state, handover.note) == ("unsigned", "left at the gate")


def test_empties_end_the_way_of_the_totes_a_leader_has_had_longest(night: Dock) -> None:
    leader = night.drops[0].pickup_point.leader
    enter(night, delivered(night))
    next_night = dock(campaign_code="C2", stops=1)
    point = next_night.drops[0].pickup_point
    point.leader = leader
    point.save()
    next_night.seal_all()
    next_night.load_all()
    next_night.sign_all()

    rest(next_night, d0=2, empties_in=2)

    assert states(night.drops[0]) == ["empty", "empty", "delivered"]
    assert states(next_night.drops[0]) == ["delivered"] * 3
    assert balance(Holder.LEADER, leader.code) == 3 + 3 - 2
    assert balance(Holder.VEHICLE, next_night.trips[0].vehicle.code) == 0


def test_empties_that_did_not_reach_the_dock_stay_with_the_driver(night: Dock) -> None:
    rest(night, d0=5, d1=2, empties_in=4)

    assert balance(Holder.VEHICLE, night.trips[0].vehicle.code) == 3
    assert balance(Holder.LEADER, night.drops[0].pickup_point.leader.code) == 3 - 5


def test_empties_are_counted_at_the_dock_once(night: Dock) -> None:
    rest(night, d0=5, empties_in=4)

    with pytest.raises(ReturnNotPossible) as refusal:
        enter(night, empties_in=5)

    assert refusal.value.message == "The empty totes of R01 are counted already: 4."


def test_only_a_signed_load_comes_back_and_only_with_its_own_stops(night: Dock) -> None:
    unsigned = dock(campaign_code="C2")
    unsigned.seal_all()

    with pytest.raises(LoadNotSigned):
        enter(unsigned, delivered(unsigned))
    with pytest.raises(ReturnNotPossible):
        enter(night, delivered(night, 2))


def test_a_missing_tote_cannot_be_found_once_stops_are_entered() -> None:
    night = dock(trips=1)
    night.seal_all()
    load_all(
        stop_id=night.stop_of(night.drops[0]).pk,
        count=3,
        event_key=uuid4(),
        device="",
        actor=None,
        now=NIGHT,
    )
    contents = {
        tote.pk: {night.skus[name].pk: qty}
        for tote, (name, qty) in zip(
            night.totes(night.drops[1])[:2], (("potato", 6), ("egg", 4)), strict=True
        )
    }
    load_sign(
        trip_id=night.trips[0].pk,
        driver_name="李师傅",
        missing=MissingTotes(reason="not on the floor", contents=contents),
        event_key=uuid4(),
        actor=night.worker,
        now=NIGHT,
    )

    rest(night)

    assert [stop.state for stop in Stop.objects.order_by("stop_seq")] == ["delivered", "failed"]
    assert cases() == set()
    with pytest.raises(LoadSigned):
        load_resign(
            trip_id=night.trips[0].pk,
            code=label_of(night.totes(night.drops[1])[2]),
            driver_name="",
            event_id=uuid4(),
            actor=night.worker,
            now=NIGHT,
        )
