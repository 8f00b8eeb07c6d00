"""The moments of a played day, and when shortages become final by themselves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.day_clock import moment_of, shortages_final_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
FREEZE = datetime(2026, 3, 10, 23, 3, tzinfo=SHANGHAI)
DAY = date(2026, 3, 11)


def test_a_played_day_takes_its_steps_in_their_order() -> None:
    moments = [moment_of(step, freeze_at=FREEZE, delivery_date=DAY, zone=SHANGHAI) for step in Step]

    assert moments == sorted(moments)
    assert len(set(moments)) == len(Step)


def test_shortages_are_final_a_lead_before_the_first_truck_leaves() -> None:
    departure = datetime(2026, 3, 11, 5, 40, tzinfo=SHANGHAI)

    final_at = shortages_final_moment(
        first_departure=departure, delivery_date=DAY, zone=SHANGHAI, lead=timedelta(minutes=30)
    )

    assert final_at == datetime(2026, 3, 11, 5, 10, tzinfo=SHANGHAI)


def test_without_routes_shortages_are_final_as_if_a_truck_left_at_six() -> None:
    final_at = shortages_final_moment(
        first_departure=None, delivery_date=DAY, zone=SHANGHAI, lead=timedelta(minutes=30)
    )

    assert final_at == datetime(2026, 3, 11, 5, 30, tzinfo=SHANGHAI)
