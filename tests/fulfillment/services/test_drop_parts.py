"""A drop that travels in two parts: sealed once, loaded twice, back on two papers."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from fulfillment.domain.day_counts import Arrival
from fulfillment.domain.exceptions import Cause
from fulfillment.domain.lifecycle import StopState as Ending
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.errors import LoadSigned, SealNotPossible, ToteNotExpected, TotesMissing
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.handover import Handover
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.selectors.book_laws.goods import LAWS as GOODS_LAWS
from fulfillment.selectors.books import books_check
from fulfillment.selectors.day_rows import DayRows, Handed
from fulfillment.selectors.dock import DockDrop, OtherPart, dock_floor
from fulfillment.selectors.night import night_of
from fulfillment.services.loading import (
    MissingTotes,
    Scan,
    load_all,
    load_resign,
    load_sign,
    tote_load,
    tote_unload,
)
from fulfillment.services.sort_adjustment import _stops_follow
from fulfillment.services.totes import SealDetail, drop_seal
from fulfillment.services.trip_returns import trip_return_enter, trip_return_rest
from orders.domain.storage import StorageClass
from tests.factories.docks import NIGHT, Dock, dock, in_parts, label_of, tote_laws_broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LATE = MissingTotes(reason="no room left")


@dataclass
class Floor:
    """Trips R01 and R02 of one slot each; slot 1-01 goes with both: two totes and one."""

    made: Dock
    drop: Drop
    first: Stop
    second: Stop

    @property
    def trips(self) -> list[Trip]:
        """R01 and R02."""
        return self.made.trips

    def totes(self) -> list[Tote]:
        """Two ambient totes and a chilled one."""
        return self.made.totes(self.drop)

    def scan(self, tote: Tote, route: int) -> Scan:
        """Scan a tote at a vehicle."""
        return tote_load(
            trip_id=self.trips[route - 1].pk,
            code=label_of(tote),
            event_id=uuid4(),
            device="",
            actor=self.made.worker,
            now=NIGHT,
        )

    def load_other_slots(self) -> None:
        """The second slot of each trip is none of this test's business."""
        for drop in self.made.drops:
            if drop.pk != self.drop.pk:
                for tote in self.made.totes(drop):
                    self.scan(tote, self.made.stop_of(drop).trip.route_no)

    def load_as_planned(self) -> None:
        """The ambient totes with R01, the chilled one with R02, and everything else."""
        self.load_other_slots()
        one, two, cold = self.totes()
        for tote, route in ((one, 1), (two, 1), (cold, 2)):
            self.scan(tote, route)

    def sign(self, route: int, missing: MissingTotes | None = None) -> LoadCheck:
        """Sign for a trip."""
        return load_sign(
            trip_id=self.trips[route - 1].pk,
            driver_name="李师傅",
            missing=missing,
            event_key=uuid4(),
            actor=self.made.worker,
            now=NIGHT,
        )

    def out(self) -> None:
        """Both vehicles are loaded as planned and have left."""
        self.load_as_planned()
        self.sign(1)
        self.sign(2)

    def enter(self, stop: Stop, state: Ending, *differences: LineDifference) -> None:
        """Type in how one part ended."""
        note = "shop shut" if state in (Ending.FAILED, Ending.REFUSED) else ""
        trip_return_enter(
            trip_id=stop.trip_id,
            stops=[StopResult(stop_id=stop.pk, state=state, differences=differences, note=note)],
            actor=self.made.worker,
            now=NIGHT,
        )

    def parts(self) -> list[int]:
        """How many totes each part takes."""
        return list(self.drop.stops.order_by("part_no").values_list("totes", flat=True))

    def slot(self, route: int) -> DockDrop:
        """The slot of the drop as a trip sees it."""
        trip = dock_floor(self.made.run).trips[route - 1]
        return next(slot for slot in trip.drops if slot.drop.pk == self.drop.pk)

    def handed(self) -> Handed:
        """How far the day close thinks the drop has come."""
        return DayRows(self.made.run).handed[self.drop.pickup_point_id]

    def cases(self) -> list[tuple[str, str, int]]:
        """(goods, cause, pieces) of the drop's exceptions."""
        rows = ExceptionCase.objects.filter(drop=self.drop).order_by("sku__name", "pk")
        return [(case.sku.name if case.sku else "", case.cause, case.qty) for case in rows]


@pytest.fixture
def floor() -> Floor:
    made = dock(trips=2, stops=1)
    drop = made.drops[0]
    second = in_parts(made, drop, trip=made.trips[1])
    return Floor(made, drop, Stop.objects.get(drop=drop, part_no=1), second)


@pytest.fixture
def sealed(floor: Floor) -> Floor:
    floor.made.seal_all()
    return floor


@pytest.fixture(autouse=True)
def _laws_hold(floor: Floor) -> Iterator[None]:
    yield
    assert tote_laws_broken() == []


# Sealing ---------------------------------------------------------------------


def test_totes_as_estimated_leave_the_parts_as_planned(sealed: Floor) -> None:
    assert sealed.parts() == [2, 1]


@pytest.mark.parametrize(
    ("packed", "expected"), [({"ambient": 3, "chill": 2}, [2, 3]), ({"ambient": 2}, [1, 1])]
)
def test_totes_really_packed_are_shared_among_the_trips(
    floor: Floor, packed: dict[str, int], expected: list[int]
) -> None:
    floor.made.seal(floor.drop, **packed)

    assert floor.parts() == expected


def test_the_sealing_stays_once_a_part_is_signed_for(sealed: Floor) -> None:
    sealed.load_other_slots()
    for tote in sealed.totes()[:2]:
        sealed.scan(tote, 1)

    with pytest.raises((SealNotPossible, LoadSigned)):
        drop_seal(
            drop_id=sealed.drop.pk,
            totes={StorageClass.AMBIENT: 4},
            event_key=uuid4(),
            actor=sealed.made.worker,
            now=NIGHT,
            detail=SealDetail(reason="recount"),
        )
    assert sealed.parts() == [2, 1]


# Loading ---------------------------------------------------------------------


def test_any_tote_may_go_with_either_trip_until_that_has_its_number(sealed: Floor) -> None:
    one, two, cold = sealed.totes()

    assert sealed.scan(cold, 1).loaded == 1
    scan = sealed.scan(one, 1)
    assert (scan.loaded, scan.sealed) == (2, 2)
    with pytest.raises(ToteNotExpected, match=r"R01 has its 2 totes of slot 1-01.*with R02"):
        sealed.scan(two, 1)
    last = sealed.scan(two, 2)
    assert (last.loaded, last.sealed) == (1, 1)


def test_a_tote_on_the_other_vehicle_is_not_loaded_twice(sealed: Floor) -> None:
    one = sealed.totes()[0]
    sealed.scan(one, 1)

    with pytest.raises(ToteNotExpected, match="Already loaded"):
        sealed.scan(one, 2)
    with pytest.raises(ToteNotExpected, match="Already loaded"):
        tote_unload(
            trip_id=sealed.trips[1].pk,
            code=label_of(one),
            event_id=uuid4(),
            device="",
            actor=sealed.made.worker,
            now=NIGHT,
        )
    assert not sealed.scan(one, 1).is_new


def test_a_count_says_which_totes_only_where_nothing_else_is_left(sealed: Floor) -> None:
    def count(stop: Stop, number: int) -> int:
        return load_all(
            stop_id=stop.pk,
            count=number,
            event_key=uuid4(),
            device="",
            actor=sealed.made.worker,
            now=NIGHT,
        )

    with pytest.raises(ToteNotExpected, match="several trips: scan each tote"):
        count(sealed.first, 2)
    sealed.scan(sealed.totes()[2], 2)

    assert count(sealed.first, 2) == 2


def test_each_trip_is_signed_for_with_its_own_part(sealed: Floor) -> None:
    sealed.load_as_planned()

    first, second = sealed.sign(1), sealed.sign(2)

    assert (first.loaded_totes, first.missing_totes) == (2, 0)
    assert (second.loaded_totes, second.missing_totes) == (1 + 3, 0)
    assert sealed.made.plan.trips.count() == 2
    assert DeliveryRun.objects.get(pk=sealed.made.plan.pk).state == "departed"


def test_what_one_trip_leaves_goes_with_the_other(sealed: Floor) -> None:
    sealed.load_other_slots()
    one, two, cold = sealed.totes()
    sealed.scan(one, 1)

    with pytest.raises(TotesMissing, match="1 totes are not loaded"):
        sealed.sign(1)
    check = sealed.sign(1, LATE)

    assert (check.loaded_totes, check.missing_totes) == (1, 0)
    assert sealed.parts() == [1, 2]
    assert sealed.cases() == []
    sealed.scan(two, 2)
    sealed.scan(cold, 2)
    assert sealed.sign(2).missing_totes == 0


def test_what_the_last_trip_leaves_is_missing(sealed: Floor) -> None:
    sealed.load_other_slots()
    one, _two, cold = sealed.totes()
    sealed.scan(one, 1)
    sealed.scan(cold, 2)
    sealed.sign(2)

    with pytest.raises(TotesMissing, match="Say what is in the missing tote"):
        sealed.sign(1, LATE)
    two = sealed.totes()[1]
    potato = sealed.made.skus["potato"].pk
    check = sealed.sign(1, MissingTotes(reason="gone", contents={two.pk: {potato: 3}}))

    assert (check.loaded_totes, check.missing_totes) == (1, 1)
    assert sealed.cases() == [("土豆 1kg", "short", 3)]


def test_a_missing_tote_that_turns_up_joins_the_trip_that_misses_it(sealed: Floor) -> None:
    sealed.load_other_slots()
    one, two, cold = sealed.totes()
    sealed.scan(one, 1)
    sealed.scan(cold, 2)
    sealed.sign(2)
    potato = sealed.made.skus["potato"].pk
    sealed.sign(1, MissingTotes(reason="gone", contents={two.pk: {potato: 3}}))

    def found(route: int) -> LoadCheck:
        return load_resign(
            trip_id=sealed.trips[route - 1].pk,
            code=label_of(two),
            driver_name="",
            event_id=uuid4(),
            actor=sealed.made.worker,
            now=NIGHT,
        )

    with pytest.raises(ToteNotExpected, match="R02 has its 1 totes"):
        found(2)
    check = found(1)

    assert (check.loaded_totes, check.missing_totes) == (2, 0)
    assert sealed.cases() == [("土豆 1kg", "short", 0)]


# The dock's pages ---------------------------------------------------------------


def test_each_trip_sees_its_part_and_where_the_rest_goes(sealed: Floor) -> None:
    one = sealed.totes()[0]
    sealed.scan(one, 1)

    first, second = sealed.slot(1), sealed.slot(2)

    assert (first.loaded, first.total, len(first.waiting)) == (1, 2, 1)
    assert (second.loaded, second.total, len(second.waiting)) == (0, 1, 1)
    assert first.others == (OtherPart("R02", 1, is_signed=False),)
    assert second.others == (OtherPart("R01", 2, is_signed=False),)
    assert first.counts.total() == 3
    trips = dock_floor(sealed.made.run).trips
    assert [(trip.loaded, trip.totes) for trip in trips] == [(1, 2), (0, 4)]


def test_a_trip_with_its_number_waits_for_nothing(sealed: Floor) -> None:
    sealed.load_as_planned()

    trips = dock_floor(sealed.made.run).trips

    assert [trip.missing for trip in trips] == [(), ()]
    assert [trip.loaded for trip in trips] == [2, 4]


# Coming back --------------------------------------------------------------------


def test_each_part_hands_over_its_own_totes(sealed: Floor) -> None:
    sealed.out()
    one, two, cold = sealed.totes()

    sealed.enter(sealed.first, Ending.DELIVERED)
    between = {tote.pk: tote.state for tote in sealed.totes()}
    sealed.enter(sealed.second, Ending.DELIVERED)

    assert between == {one.pk: "delivered", two.pk: "delivered", cold.pk: "loaded"}
    handed = Handover.objects.filter(stop__drop=sealed.drop).order_by("stop__part_no")
    assert list(handed.values_list("totes_delivered", flat=True)) == [2, 1]
    assert sealed.cases() == []


def test_the_rest_of_a_trip_is_entered_with_its_own_part(sealed: Floor) -> None:
    sealed.out()

    back = trip_return_rest(
        trip_id=sealed.trips[1].pk,
        empties={},
        empties_in=None,
        actor=sealed.made.worker,
        now=NIGHT,
    )

    assert (back.entered, back.open) == (2, 0)
    assert [stop.state for stop in sealed.drop.stops.order_by("part_no")] == [
        "planned",
        "delivered",
    ]


def test_a_difference_told_by_both_parts_counts_once(sealed: Floor) -> None:
    sealed.out()
    milk = sealed.made.skus["milk"].pk
    one = LineDifference(sku_id=milk, qty=1, cause=Cause.SHORT)
    two = LineDifference(sku_id=milk, qty=2, cause=Cause.SHORT)

    sealed.enter(sealed.first, Ending.PARTLY, one)
    sealed.enter(sealed.second, Ending.PARTLY, two)

    assert sum(qty for _name, _cause, qty in sealed.cases()) == 2


def test_a_part_that_comes_back_brings_what_only_it_had(sealed: Floor) -> None:
    """The chilled tote is the only one of its class, so its milk is known."""
    sealed.out()

    sealed.enter(sealed.second, Ending.FAILED)
    sealed.enter(sealed.first, Ending.DELIVERED)

    assert sealed.cases() == [("鲜牛奶 950ml", "returned", 2)]
    assert [tote.state for tote in sealed.totes()] == ["delivered", "delivered", "sealed"]


def test_goods_that_may_be_in_either_part_have_to_be_looked_at(floor: Floor) -> None:
    floor.made.seal_all()
    floor.load_other_slots()
    one, two, cold = floor.totes()
    for tote, route in ((one, 1), (cold, 1), (two, 2)):
        floor.scan(tote, route)
    floor.sign(1)
    floor.sign(2)

    floor.enter(floor.second, Ending.REFUSED)

    (case,) = ExceptionCase.objects.filter(drop=floor.drop)
    assert (case.tote, case.sku, case.qty, case.state) == (two, None, 0, "open")
    assert case.note == "Came back full: enter what is in it."


def test_two_parts_that_come_back_bring_everything(sealed: Floor) -> None:
    sealed.out()

    sealed.enter(sealed.first, Ending.FAILED)
    sealed.enter(sealed.second, Ending.FAILED)

    assert [case for case in sealed.cases() if case[2]] == [
        ("土豆 1kg", "returned", 6),
        ("鲜牛奶 950ml", "returned", 2),
        ("鸡蛋 30枚", "returned", 4),
    ]


# The day ------------------------------------------------------------------------


def test_a_drop_is_as_far_as_its_last_part(sealed: Floor) -> None:
    sealed.load_as_planned()
    sealed.sign(1)
    one_signed = sealed.handed()
    sealed.sign(2)
    sealed.enter(sealed.first, Ending.DELIVERED)
    one_back = sealed.handed()
    sealed.enter(sealed.second, Ending.FAILED)
    both_back = sealed.handed()

    assert (one_signed.is_loaded, one_signed.trip_id) == (False, sealed.trips[1].pk)
    assert (one_back.is_loaded, one_back.arrival) == (True, Arrival.UNKNOWN)
    assert one_back.trip_id == sealed.trips[1].pk
    assert (both_back.arrival, both_back.route_no) == (Arrival.TAKEN, 1)


def test_a_drop_is_refused_only_where_no_part_left_anything(sealed: Floor) -> None:
    sealed.out()

    sealed.enter(sealed.first, Ending.FAILED)
    sealed.enter(sealed.second, Ending.REFUSED)

    assert sealed.handed().arrival is Arrival.REFUSED


def test_the_desks_count_slots_once_and_stops_as_they_are(sealed: Floor) -> None:
    night = night_of(sealed.made.run)

    assert (night.sealing.done, night.sealing.total) == (2, 2)
    assert night.returns.total == 3


def test_a_part_that_no_trip_takes_stays_here(floor: Floor) -> None:
    floor.second.delete()
    Drop.objects.filter(pk=floor.drop.pk).update(unserved_reason="too_heavy", weight_g=12_000)
    floor.made.seal_all()
    one, two, cold = floor.totes()

    floor.scan(one, 1)
    floor.scan(two, 1)
    with pytest.raises(ToteNotExpected, match=r"R01 has its 2 totes of slot 1-01\. This one stays"):
        floor.scan(cold, 1)

    assert floor.sign(1).missing_totes == 0
    assert floor.slot(1).total == 2
    assert not floor.handed().is_loaded


# What comes on top -----------------------------------------------------------------


def test_late_goods_go_with_the_last_part(floor: Floor) -> None:
    Stop.objects.filter(pk=floor.first.pk).update(weight_g=6000, volume_ml=0)
    Drop.objects.filter(pk=floor.drop.pk).update(weight_g=11_000)

    _stops_follow([Drop.objects.get(pk=floor.drop.pk)], ())

    assert list(floor.drop.stops.order_by("part_no").values_list("weight_g", flat=True)) == [
        6000,
        5000,
    ]


@pytest.mark.parametrize("law", ["stops", "loads"])
def test_the_laws_of_the_day_know_parts(floor: Floor, law: str) -> None:
    Stop.objects.filter(pk=floor.first.pk).update(weight_g=6000)
    laws = [known for known in GOODS_LAWS if known.name == law]

    assert books_check(laws)[0].violations == 0
    Stop.objects.filter(pk=floor.second.pk).update(weight_g=9_000_000, totes=7)
    assert books_check(laws)[0].violations == 1


def test_a_part_that_carries_another_number_than_was_sealed_is_found(sealed: Floor) -> None:
    Stop.objects.filter(pk=sealed.second.pk).update(totes=2)

    assert tote_laws_broken() == ["load_checks"]
    Stop.objects.filter(pk=sealed.second.pk).update(totes=1)
