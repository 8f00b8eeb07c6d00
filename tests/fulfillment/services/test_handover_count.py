"""A leader counts by line: differences are exceptions, the rest is accepted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from PIL import Image

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import LineCount
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import LineDifference, StopResult
from fulfillment.errors import DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import ExceptionCase, Stage
from fulfillment.models.handover import Handover, HandoverCount
from fulfillment.route_errors import ClaimWindowOver, HandoverNotPossible
from fulfillment.selectors.book_laws.night import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.exceptions import cases_decide_as_proposed
from fulfillment.services.handover import received_tap
from fulfillment.services.handover_count import LeaderCount, handover_count
from fulfillment.services.trip_returns import trip_return_enter
from leaders.errors import PhotoRefused
from tests.factories.docks import NIGHT, Dock, dock
from tests.factories.fulfillment import ToteFactory
from tests.factories.orders import SkuFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def night() -> Iterator[Dock]:
    """A trip of two stops; the first is delivered and signed for."""
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    enter(made)
    yield made
    assert [result.name for result in books_check(LAWS) if result.violations] == []


def enter(
    night: Dock, state: StopState = StopState.DELIVERED, *differences: LineDifference
) -> None:
    stop = StopResult(
        stop_id=night.stop_of(night.drops[0]).pk, state=state, differences=differences
    )
    trip_return_enter(trip_id=night.trips[0].pk, stops=[stop], actor=night.worker, now=NIGHT)


def line(
    night: Dock, name: str, counted: int, cause: Cause | None = None, note: str = ""
) -> LineCount:
    return LineCount(sku_id=night.skus[name].pk, counted=counted, cause=cause, note=note)


def count(
    night: Dock,
    *lines: LineCount,
    minutes: int = 30,
    event_id: UUID | None = None,
    photos: dict[int, bytes] | None = None,
) -> Handover:
    user = night.drops[0].pickup_point.leader.user
    assert user is not None
    return handover_count(
        handover_id=Handover.objects.get(stop__drop=night.drops[0]).pk,
        counts=LeaderCount(event_id=event_id or uuid4(), lines=lines, photos=photos or {}),
        actor=user,
        now=NIGHT + timedelta(minutes=minutes),
    )


def decide(night: Dock) -> None:
    cases_decide_as_proposed(
        run_id=night.run.pk, stage=Stage.HANDOVER, note="", actor=night.worker, now=NIGHT
    )


def cases() -> set[tuple[str, str, int, str, str]]:
    rows = ExceptionCase.objects.filter(stage=Stage.HANDOVER).values_list(
        "sku__name", "cause", "qty", "proposed_bearer", "state"
    )
    return {(str(row[0]), *row[1:]) for row in rows}


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, format="JPEG")
    return written.getvalue()


def test_everything_as_delivered_is_one_tap_and_accepts_the_goods(night: Dock) -> None:
    handover = count(night)

    assert (handover.state, handover.accepted_at) == ("accepted", NIGHT + timedelta(minutes=30))
    assert list(HandoverCount.objects.values_list("sku__name", "expected_qty", "counted_qty")) == [
        ("土豆 1kg", 6, 6),
        ("鸡蛋 30枚", 4, 4),
        ("鲜牛奶 950ml", 2, 2),
    ]
    assert cases() == set()


def test_missing_pieces_are_an_exception_that_a_sealed_tote_puts_on_the_warehouse(
    night: Dock,
) -> None:
    handover = count(night, line(night, "potato", 4, Cause.SHORT))

    assert handover.state == "disputed"
    assert handover.note == "The leader reports a difference of 2 pieces."
    assert cases() == {("土豆 1kg", "short", 2, "warehouse", "open")}


def test_goods_that_were_packed_loosely_are_the_drivers(night: Dock) -> None:
    ToteFactory.create(drop=night.drops[0], storage="ambient", seq=9, state="delivered")

    count(night, line(night, "potato", 5, Cause.SHORT))

    assert {row[3] for row in cases()} == {"driver"}


def test_what_broke_on_the_way_is_the_drivers_and_shown_on_a_photo(
    night: Dock, media: Path
) -> None:
    egg = night.skus["egg"].pk

    count(night, line(night, "egg", 3, Cause.DAMAGED, "压碎"), photos={egg: picture()})

    assert cases() == {("鸡蛋 30枚", "damaged", 1, "driver", "open")}
    case, row = ExceptionCase.objects.get(), HandoverCount.objects.get(sku_id=egg)
    assert case.note == row.note == "压碎"
    assert str(case.photo) == str(row.photo)
    assert [path.suffix for path in media.rglob("*.*")] == [".jpg"]


def test_without_its_photo_damage_is_refused_and_nothing_is_stored(
    night: Dock, media: Path
) -> None:
    with pytest.raises(HandoverNotPossible):
        count(night, line(night, "egg", 3, Cause.DAMAGED))

    assert not HandoverCount.objects.exists()
    assert list(media.rglob("*.*")) == []


def test_what_is_no_photo_is_refused(night: Dock) -> None:
    egg = night.skus["egg"].pk

    with pytest.raises(PhotoRefused):
        count(night, line(night, "egg", 3, Cause.DAMAGED), photos={egg: b"no"})


def test_pieces_too_many_and_goods_nobody_sent_are_kept(night: Dock) -> None:
    stray = SkuFactory.create(name="香蕉")
    night.skus["stray"] = stray
    with pytest.raises(HandoverNotPossible):
        count(night, line(night, "stray", 1))

    handover = count(night, line(night, "potato", 8))

    assert cases() == {("土豆 1kg", "over", 2, "warehouse", "open")}
    assert handover.state == "disputed"


def test_the_same_press_twice_counts_once(night: Dock) -> None:
    event_id = uuid4()

    first = count(night, line(night, "milk", 1, Cause.SHORT), event_id=event_id)
    again = count(night, line(night, "milk", 1, Cause.SHORT), event_id=event_id, minutes=31)

    assert first.note == again.note
    assert HandoverCount.objects.count() == 3
    assert ExceptionCase.objects.count() == 1


def test_the_same_press_twice_after_all_was_right_is_no_error(night: Dock) -> None:
    event_id = uuid4()

    assert count(night, event_id=event_id).state == "accepted"
    assert count(night, event_id=event_id).state == "accepted"
    with pytest.raises(HandoverNotPossible):
        count(night)


def test_the_last_count_moves_the_pieces_of_the_same_exception(night: Dock) -> None:
    count(night, line(night, "potato", 4, Cause.SHORT), line(night, "milk", 1, Cause.SHORT))
    decide(night)

    count(night, line(night, "potato", 5, Cause.SHORT), line(night, "milk", 1, Cause.SHORT))

    assert cases() == {
        ("土豆 1kg", "short", 1, "warehouse", "open"),
        ("鲜牛奶 950ml", "short", 1, "warehouse", "decided"),
    }
    assert HandoverCount.objects.filter(sku=night.skus["milk"]).count() == 1


def test_what_turns_up_leaves_an_exception_of_no_piece_and_accepts_the_goods(
    night: Dock,
) -> None:
    count(night, line(night, "potato", 4, Cause.SHORT))

    handover = count(night, minutes=40)

    assert handover.state == "accepted"
    assert cases() == {("土豆 1kg", "short", 0, "warehouse", "decided")}


def test_another_cause_for_the_same_goods_is_another_exception(night: Dock) -> None:
    egg = night.skus["egg"].pk
    count(night, line(night, "egg", 3, Cause.SHORT))

    count(night, line(night, "egg", 3, Cause.QUALITY), photos={egg: picture()})
    count(night, line(night, "egg", 2, Cause.QUALITY))

    assert cases() == {
        ("鸡蛋 30枚", "short", 0, "warehouse", "decided"),
        ("鸡蛋 30枚", "quality", 2, "driver", "open"),
    }


def test_what_the_driver_did_not_hand_over_is_not_expected(night: Dock) -> None:
    enter(
        night,
        StopState.PARTLY,
        LineDifference(sku_id=night.skus["milk"].pk, qty=2, cause=Cause.SHORT),
    )

    count(night, line(night, "potato", 5, Cause.SHORT))

    expected = dict(HandoverCount.objects.values_list("sku__name", "expected_qty"))
    assert expected == {"土豆 1kg": 6, "鸡蛋 30枚": 4}
    assert {row[:3] for row in cases()} == {("鲜牛奶 950ml", "short", 2), ("土豆 1kg", "short", 1)}


def test_cold_goods_are_counted_first(night: Dock) -> None:
    count(night, line(night, "milk", 1, Cause.SHORT), minutes=119)

    with pytest.raises(ClaimWindowOver):
        count(night, line(night, "milk", 0, Cause.SHORT), minutes=121)
    count(night, line(night, "potato", 5, Cause.SHORT), minutes=121)

    assert {row[:3] for row in cases()} == {("鲜牛奶 950ml", "short", 1), ("土豆 1kg", "short", 1)}


def test_after_the_window_nothing_is_reported(night: Dock) -> None:
    with pytest.raises(ClaimWindowOver):
        count(night, minutes=12 * 60)


def test_goods_that_are_not_entered_are_not_counted(night: Dock) -> None:
    drop = night.drops[1]
    leader = drop.pickup_point.leader
    pending = received_tap(stop_id=night.stop_of(drop).pk, leader=leader, totes=3, now=NIGHT)

    with pytest.raises(HandoverNotPossible):
        handover_count(
            handover_id=pending.pk,
            counts=LeaderCount(event_id=uuid4()),
            actor=night.worker,
            now=NIGHT,
        )


def test_nothing_is_counted_after_the_day(night: Dock) -> None:
    CutoffRun.objects.update(day_closed_at=NIGHT)

    with pytest.raises(DayClosed):
        count(night)

    CutoffRun.objects.update(day_closed_at=None)


def test_a_count_names_its_goods_with_what_was_said_before(night: Dock) -> None:
    said = line(night, "egg", 3, Cause.SHORT)
    count(night, said)

    count(night, replace(said, note="又数了一遍"))

    notes = HandoverCount.objects.filter(sku=night.skus["egg"]).order_by("pk")
    assert [row.note for row in notes] == ["", "又数了一遍"]
