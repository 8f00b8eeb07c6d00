"""The bars of the fleet's day."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.timeline import (
    PX_PER_HOUR,
    ROW_PX,
    BarKind,
    PlannedTour,
    PlannedVisit,
    fleet_timeline,
)

MIDNIGHT = datetime(2026, 3, 11, tzinfo=UTC)
RELOAD = timedelta(minutes=20)


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return MIDNIGHT + timedelta(hours=int(hour), minutes=int(minute))


def visit(arrive: str, start: str, depart: str) -> PlannedVisit:
    return PlannedVisit(
        title="3-07", arrive_at=at(arrive), start_at=at(start), depart_at=at(depart)
    )


def tour(departs: str, returns: str, *visits: PlannedVisit, route_no: int = 1) -> PlannedTour:
    return PlannedTour(
        route_no=route_no, departs_at=at(departs), returns_at=at(returns), visits=visits
    )


def test_no_tours_make_an_empty_timeline() -> None:
    timeline = fleet_timeline([], RELOAD)

    assert (timeline.lanes, timeline.hours, timeline.height) == ((), (), 0)


def test_the_axis_runs_from_full_hour_to_full_hour() -> None:
    timeline = fleet_timeline([("V01", [tour("05:40", "08:10")])], RELOAD)

    assert [hour.at for hour in timeline.hours] == [
        at("05:00"),
        at("06:00"),
        at("07:00"),
        at("08:00"),
        at("09:00"),
    ]
    assert timeline.width == 4 * PX_PER_HOUR


def test_a_tour_drives_waits_unloads_and_drives_back() -> None:
    given_tour = tour("05:00", "07:00", visit("05:30", "06:00", "06:10"))

    (lane,) = fleet_timeline([("V01", [given_tour])], RELOAD).lanes

    assert [(bar.kind, bar.x, bar.width) for bar in lane.bars] == [
        (BarKind.DRIVE, 0, 60),
        (BarKind.WAIT, 60, 60),
        (BarKind.UNLOAD, 120, 20),
        (BarKind.DRIVE, 140, 100),
    ]


def test_a_stop_that_is_open_has_no_waiting() -> None:
    given_tour = tour("05:00", "07:00", visit("06:00", "06:00", "06:10"))

    (lane,) = fleet_timeline([("V01", [given_tour])], RELOAD).lanes

    assert BarKind.WAIT not in [bar.kind for bar in lane.bars]


def test_between_two_tours_it_reloads_and_then_waits() -> None:
    tours = [tour("05:00", "06:00"), tour("06:30", "07:00", route_no=2)]

    (lane,) = fleet_timeline([("V01", tours)], RELOAD).lanes

    assert [(bar.kind, bar.width, bar.route_no) for bar in lane.bars] == [
        (BarKind.DRIVE, 120, 1),
        (BarKind.RELOAD, 40, None),
        (BarKind.WAIT, 20, None),
        (BarKind.DRIVE, 60, 2),
    ]


def test_each_vehicle_has_a_row_of_its_own() -> None:
    timeline = fleet_timeline(
        [("V02", [tour("05:00", "06:00")]), ("V01", [tour("05:30", "06:00")])], RELOAD
    )

    assert [(lane.key, lane.y) for lane in timeline.lanes] == [("V02", 0), ("V01", ROW_PX)]
    assert timeline.height == 2 * ROW_PX


@given(st.lists(st.integers(min_value=0, max_value=90), min_size=1, max_size=12))
def test_the_bars_of_a_lane_follow_one_another_without_a_gap(minutes: list[int]) -> None:
    moment = at("05:00")
    visits = []
    for span in minutes:
        arrive = moment + timedelta(minutes=span)
        start = arrive + timedelta(minutes=span // 3)
        moment = start + timedelta(minutes=5)
        visits.append(PlannedVisit(title="", arrive_at=arrive, start_at=start, depart_at=moment))
    given_tour = PlannedTour(
        route_no=1,
        departs_at=at("05:00"),
        returns_at=moment + timedelta(minutes=30),
        visits=tuple(visits),
    )

    (lane,) = fleet_timeline([("V01", [given_tour])], RELOAD).lanes

    assert lane.bars[0].starts_at == given_tour.departs_at
    assert lane.bars[-1].ends_at == given_tour.returns_at
    for before, after in zip(lane.bars, lane.bars[1:], strict=False):
        assert before.ends_at == after.starts_at
        assert abs(before.x + before.width - after.x) <= 1
