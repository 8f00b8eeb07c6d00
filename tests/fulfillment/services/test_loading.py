"""Loading by scan: the right totes, each once, and nobody signs past a missing one."""

from uuid import UUID, uuid4

import pytest

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.errors import (
    DayClosed,
    LoadNotSigned,
    LoadSigned,
    SealNotPossible,
    ToteNotExpected,
    TotesMissing,
)
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.exceptions import ExceptionCase
from fulfillment.models.totes import LoadCheck, ToteCount, ToteEvent
from fulfillment.models.warehouse import Drop, Tote
from fulfillment.services.loading import (
    MissingTotes,
    Scan,
    load_all,
    load_resign,
    load_sign,
    tote_load,
    tote_unload,
)
from fulfillment.services.totes import SealDetail, drop_seal
from orders.domain.storage import StorageClass
from tests.factories.docks import NIGHT, Dock, dock, label_of
from tests.factories.fulfillment import DropFactory, ToteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def night() -> Dock:
    made = dock(trips=2)
    made.seal_all()
    return made


def load(night: Dock, code: str, *, trip: int = 0, event_id: UUID | None = None) -> Scan:
    return tote_load(
        trip_id=night.trips[trip].pk,
        code=code,
        event_id=event_id or uuid4(),
        device="dock 1",
        actor=night.worker,
        now=NIGHT,
    )


def load_stop(night: Dock, drop: Drop, *, count: int = 3, key: UUID | None = None) -> int:
    return load_all(
        stop_id=night.stop_of(drop).pk,
        count=count,
        event_key=key or uuid4(),
        device="",
        actor=night.worker,
        now=NIGHT,
    )


def sign(
    night: Dock, missing: MissingTotes | None = None, *, trip: int = 0, key: UUID | None = None
) -> LoadCheck:
    return load_sign(
        trip_id=night.trips[trip].pk,
        driver_name="李师傅",
        missing=missing,
        event_key=key or uuid4(),
        actor=night.worker,
        now=NIGHT,
    )


def refusal(night: Dock, code: str, *, trip: int = 0) -> str:
    with pytest.raises(ToteNotExpected) as refused:
        load(night, code, trip=trip)
    return refused.value.message


def test_a_scanned_label_puts_its_tote_on_the_vehicle(night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]

    scan = load(night, label_of(tote).lower())

    assert (scan.slot, scan.storage, scan.is_new) == ("1-01", StorageClass.AMBIENT, True)
    assert (scan.loaded, scan.sealed) == (1, 3)
    event = ToteEvent.objects.latest("pk")
    assert (event.from_state, event.to_state, event.trip, event.device) == (
        "sealed",
        "loaded",
        night.trips[0],
        "dock 1",
    )
    assert DeliveryRun.objects.get().state == "loading"


def test_a_plate_does_what_its_label_does(night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]
    Tote.objects.filter(pk=tote.pk).update(plate_no="P-07")

    assert load(night, " p-07 ").tote_id == tote.pk


def test_a_second_scan_says_that_it_is_on_board_and_writes_nothing(night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]
    event_id = uuid4()
    load(night, label_of(tote), event_id=event_id)
    written = ToteEvent.objects.count()

    assert load(night, label_of(tote)).is_new is False
    assert load(night, label_of(tote), event_id=event_id).is_new is True
    assert ToteEvent.objects.count() == written


def test_every_wrong_tote_is_told_what_it_is(night: Dock) -> None:
    other_trip = night.totes(night.drops[2])[0]
    tomorrow_night = dock(campaign_code="C2")
    unrouted = DropFactory.create(wave=night.drops[0].wave, slot_code="3-01")
    stays = ToteFactory.create(drop=unrouted, state="sealed")
    tomorrow = tomorrow_night.totes(tomorrow_night.drops[0])[0]
    lost = night.totes(night.drops[0])[1]
    Tote.objects.filter(pk=lost.pk).update(state="lost")

    assert refusal(night, label_of(other_trip)) == (
        "Wrong trip: this tote belongs to R02, slot 2-01."
    )
    assert refusal(night, label_of(tomorrow)).startswith("Wrong day: this tote belongs to ")
    assert refusal(night, label_of(stays)) == "Slot 3-01 is on no route: this tote stays here."
    assert refusal(night, label_of(lost)) == "This tote of slot 1-01 is written down as lost."
    assert refusal(night, "U-000001-0") == "U-000001-0 is mistyped: its check digit does not fit."
    assert refusal(night, str(LabelCode(Labelled.PORTION, 7))) == (
        f"{LabelCode(Labelled.PORTION, 7)} is no tote: it is the label of a weighed portion."
    )
    assert refusal(night, str(LabelCode(Labelled.TOTE, 999_999))).startswith(
        "No tote has the label"
    )
    assert refusal(night, "P-99") == (
        "No tote has the plate P-99. Scan its label, or note plates when sealing."
    )


def test_a_tote_of_an_unsealed_slot_is_not_loaded() -> None:
    night = dock()

    assert refusal(night, label_of(night.totes(night.drops[0])[0])) == (
        "Not sealed: slot 1-01 is still being packed."
    )


def test_a_tote_can_be_taken_off_until_the_load_is_signed(night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]
    load(night, label_of(tote))

    off = tote_unload(
        trip_id=night.trips[0].pk,
        code=label_of(tote),
        event_id=uuid4(),
        device="",
        actor=None,
        now=NIGHT,
    )

    assert (off.is_new, off.loaded, Tote.objects.get(pk=tote.pk).state) == (True, 0, "sealed")


def test_a_typed_count_loads_a_whole_stop(night: Dock) -> None:
    load(night, label_of(night.totes(night.drops[0])[0]))
    key = uuid4()

    assert load_stop(night, night.drops[0], key=key) == 3
    assert load_stop(night, night.drops[0], key=key) == 3
    assert [tote.state for tote in night.totes(night.drops[0])] == ["loaded"] * 3


def test_a_typed_count_that_differs_asks_for_scans(night: Dock) -> None:
    with pytest.raises(ToteNotExpected) as refused:
        load_stop(night, night.drops[0], count=2)

    assert refused.value.message == ("You counted 2; 3 are sealed for slot 1-01. Scan each tote.")


def test_totes_on_the_vehicle_are_not_sealed_otherwise(night: Dock) -> None:
    load(night, label_of(night.totes(night.drops[0])[0]))

    with pytest.raises(SealNotPossible):
        drop_seal(
            drop_id=night.drops[0].pk,
            totes={StorageClass.AMBIENT: 1},
            event_key=uuid4(),
            actor=None,
            now=NIGHT,
            detail=SealDetail(reason="packed tighter"),
        )


def test_a_full_load_is_signed_and_counted_to_the_vehicle(night: Dock) -> None:
    for drop in night.drops[:2]:
        load_stop(night, drop)

    check = sign(night)

    assert (check.loaded_totes, check.missing_totes, check.driver_name) == (6, 0, "李师傅")
    assert list(ToteCount.objects.values_list("vehicle", "trip", "out_qty", "in_qty")) == [
        (night.trips[0].vehicle_id, night.trips[0].pk, 6, 0)
    ]
    assert DeliveryRun.objects.get().state == "loading"


def test_the_last_signature_lets_the_vehicles_leave(night: Dock) -> None:
    for drop in night.drops:
        load_stop(night, drop)
    sign(night)
    sign(night, trip=1)

    assert DeliveryRun.objects.get().state == "departed"


def test_a_load_is_signed_once(night: Dock) -> None:
    for drop in night.drops[:2]:
        load_stop(night, drop)
    key = uuid4()
    first = sign(night, key=key)

    assert sign(night, key=key) == first
    with pytest.raises(LoadSigned):
        sign(night)
    with pytest.raises(LoadSigned):
        load_stop(night, night.drops[0], count=2)
    assert ToteCount.objects.count() == 1


def test_nobody_signs_past_a_missing_tote_without_a_reason(night: Dock) -> None:
    load_stop(night, night.drops[0])

    for nothing in (None, MissingTotes(reason="  ")):
        with pytest.raises(TotesMissing) as refused:
            sign(night, nothing)

    assert refused.value.message == "3 totes are not loaded. Say why before you sign."
    assert not LoadCheck.objects.exists()


def test_nobody_signs_before_every_slot_is_sealed_or_without_a_driver() -> None:
    night = dock()
    night.seal(night.drops[0])

    with pytest.raises(ToteNotExpected) as refused:
        sign(night)
    with pytest.raises(LoadNotSigned):
        load_sign(
            trip_id=night.trips[0].pk,
            driver_name=" ",
            missing=None,
            event_key=uuid4(),
            actor=night.worker,
            now=NIGHT,
        )

    assert refused.value.message == "Not sealed yet: slots 1-02."


def test_a_missing_tote_stays_sealed_and_its_goods_become_exceptions(night: Dock) -> None:
    load_stop(night, night.drops[0])
    first, second, milk = night.totes(night.drops[1])
    load(night, label_of(first))

    check = sign(
        night,
        MissingTotes(
            reason="looked everywhere", contents={second.pk: {night.skus["potato"].pk: 2}}
        ),
    )

    assert (check.loaded_totes, check.missing_totes) == (4, 2)
    assert check.missing_reason == "looked everywhere"
    cases = ExceptionCase.objects.values_list(
        "tote", "sku", "qty", "stage", "cause", "drop", "proposed_bearer"
    )
    assert set(cases) == {
        (
            second.pk,
            night.skus["potato"].pk,
            2,
            "load",
            "short",
            night.drops[1].pk,
            "warehouse",
        ),
        (milk.pk, night.skus["milk"].pk, 2, "load", "short", night.drops[1].pk, "warehouse"),
    }
    assert [tote.state for tote in night.totes(night.drops[1])] == ["loaded", "sealed", "sealed"]


def test_goods_of_a_tote_that_may_hold_anything_must_be_named(night: Dock) -> None:
    load_stop(night, night.drops[0])
    for tote in night.totes(night.drops[1])[1:]:
        load(night, label_of(tote))

    with pytest.raises(TotesMissing):
        sign(night, MissingTotes(reason="gone"))

    assert not LoadCheck.objects.exists()
    assert not ExceptionCase.objects.exists()


def test_a_tote_found_before_departure_is_signed_for_again(night: Dock) -> None:
    load_stop(night, night.drops[0])
    *rest, milk = night.totes(night.drops[1])
    for tote in rest:
        load(night, label_of(tote))
    sign(night, MissingTotes(reason="gone"))
    event_id = uuid4()

    for _twice in range(2):
        check = load_resign(
            trip_id=night.trips[0].pk,
            code=label_of(milk),
            driver_name="王师傅",
            event_id=event_id,
            actor=night.worker,
            now=NIGHT,
        )

    assert (check.loaded_totes, check.missing_totes, check.driver_name) == (6, 0, "王师傅")
    case = ExceptionCase.objects.get()
    assert (case.qty, case.state, case.decision_note) == (0, "decided", "Found and loaded.")
    assert sum(ToteCount.objects.values_list("out_qty", flat=True)) == 6


def test_only_a_signed_load_is_signed_again(night: Dock) -> None:
    tote = night.totes(night.drops[0])[0]

    with pytest.raises(LoadNotSigned):
        load_resign(
            trip_id=night.trips[0].pk,
            code=label_of(tote),
            driver_name="",
            event_id=uuid4(),
            actor=night.worker,
            now=NIGHT,
        )


def test_nothing_is_loaded_after_the_day(night: Dock) -> None:
    night.run.day_closed_at = NIGHT
    night.run.save()

    with pytest.raises(DayClosed):
        load(night, label_of(night.totes(night.drops[0])[0]))
