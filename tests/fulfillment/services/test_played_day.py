"""A played day, link by link: shares, refunds, commission, drops and routes."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.settlement import CommissionEntry, CommissionState
from fulfillment.models.warehouse import Drop, SortTask, Tote
from fulfillment.services.settlement import commission_release
from orders.models.campaigns import Campaign
from orders.models.payments import Refund, RefundLine
from tests.builders import VEHICLE, leader, tiny_day
from tests.fulfillment.services.days import imported, played

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


def tofu() -> dict[str, int]:
    """Allocated pieces of K2 by order; 9 were sold and 6 accepted."""
    lines = Allocation.objects.filter(order_line__sku__code="K2")
    return dict(lines.values_list("order_line__order__source_no", "allocated_qty"))


def test_the_earliest_payments_are_served_first() -> None:
    played()

    assert tofu() == {"O2": 2, "O1": 4, "O3": 0}


def test_with_a_quota_both_leaders_lose_their_share() -> None:
    day = tiny_day()
    run = imported(day)
    Campaign.objects.update(shortage_rule="leader_quota")

    played(day)

    # L1 sold 7 and L2 sold 2; Webster's divisors share 6 pieces as 5 and 1.
    assert tofu() == {"O2": 1, "O1": 4, "O3": 1}
    assert run.campaign.code == "C1"


def test_short_pieces_are_refunded_at_their_own_price() -> None:
    played()

    refund = Refund.objects.get()
    assert refund.out_refund_no == "C1-O3-S1"
    assert refund.amount_fen == 3 * 290
    assert RefundLine.objects.get().qty == 3


def test_commission_is_held_on_what_is_handed_out() -> None:
    played()

    held = CommissionEntry.objects.values_list("order_line__order__source_no").annotate(
        base=Sum("base_fen"), amount=Sum("amount_fen")
    )
    assert sorted(held) == [
        ("O1", 3 * 400 + 4 * 290, 236),
        ("O2", 2 * 290 + 5 * 1000, 558),
        ("O4", 9 * 400 + 1000, 460),
    ]


def test_commission_is_released_three_days_after_the_delivery_date_ends() -> None:
    played()
    due_at = datetime(2026, 3, 15, 0, 0, tzinfo=SHANGHAI)

    assert commission_release(now=due_at.replace(day=14, hour=23)) == 0
    assert commission_release(now=due_at) == CommissionEntry.objects.count()
    assert not CommissionEntry.objects.exclude(state=CommissionState.RELEASED).exists()


def test_each_point_gets_one_drop_with_its_totes() -> None:
    played()

    drops = Drop.objects.order_by("pickup_point__code").values_list(
        "pickup_point__code", "pieces", "weight_g", "volume_ml"
    )
    assert list(drops) == [("L1", 7, 3500, 14_000), ("L2", 17, 8500, 34_000)]
    assert Tote.objects.count() == 2


def test_sort_tasks_spread_what_was_allocated() -> None:
    played()

    tasks = SortTask.objects.order_by("sku__code").values_list("sku__code", "pieces", "drops")
    assert list(tasks) == [("K1", 12, 2), ("K2", 6, 2), ("K3", 6, 1)]


def test_the_routes_become_trips_and_stops_with_local_times() -> None:
    played()

    trip = Trip.objects.get()
    stops = list(Stop.objects.order_by("stop_seq"))
    assert [stop.drop.slot_code for stop in stops] == ["1-01", "1-02"]
    assert trip.departs_at.astimezone(SHANGHAI).date() == Campaign.objects.get().delivery_date
    assert trip.departs_at < stops[0].arrive_at < stops[1].arrive_at < trip.returns_at
    assert DeliveryRun.objects.get().distance_m == trip.return_distance_m + sum(
        stop.distance_m for stop in stops
    )


def test_a_drop_no_vehicle_can_carry_waits_in_its_own_lane_with_the_reason() -> None:
    day = replace(tiny_day(), vehicles=(replace(VEHICLE, capacity_kg=5),))

    played(day)

    served, waiting = Drop.objects.order_by("slot_code")
    assert (served.slot_code, served.unserved_reason) == ("1-01", "")
    assert waiting.slot_code == "2-01"
    assert waiting.unserved_reason == "too_heavy"
    assert not hasattr(waiting, "stop")


def test_a_leader_without_orders_gets_no_drop() -> None:
    day = replace(tiny_day(), leaders=(*tiny_day().leaders, leader(3)))

    played(day)

    assert not Drop.objects.filter(pickup_point__code="L3").exists()


def test_playing_the_day_twice_writes_nothing_twice() -> None:
    played()
    rows = [Allocation.objects.count(), Stop.objects.count(), CommissionEntry.objects.count()]

    played()

    assert rows == [
        Allocation.objects.count(),
        Stop.objects.count(),
        CommissionEntry.objects.count(),
    ]
