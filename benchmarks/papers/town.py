"""A day of any number of leaders, made of the leaders of a smaller one."""

from dataclasses import replace
from itertools import cycle, islice

from fulfillment.domain.bundle import BundleLeader, BundleOrder, BundleVehicle, DayBundle

# Phones of a range that is given to nobody.
FIRST_PHONE = 19_900_000_000
# A row further east, so that no two points lie in one place.
STEP_DEGREES = 0.0003


def grown(day: DayBundle, leaders: int) -> DayBundle:
    """The day with `leaders` leaders, copies of its own with the orders of each."""
    rounds = -(-leaders // len(day.leaders))
    kept = [_leader(leader, copy) for copy in range(rounds) for leader in day.leaders][:leaders]
    codes = {leader.code for leader in kept}
    orders = [
        _order(order, copy)
        for copy in range(rounds)
        for order in day.orders
        if _code(order.leader_code, copy) in codes
    ]
    vehicles = islice(cycle(day.vehicles), len(day.vehicles) * rounds)
    return replace(
        day,
        leaders=tuple(kept),
        orders=tuple(orders),
        vehicles=tuple(_vehicle(vehicle, number) for number, vehicle in enumerate(vehicles)),
        skus=tuple(replace(sku, stock_cap=None) for sku in day.skus),
        receipts=tuple(
            replace(
                receipt,
                arrived_qty=receipt.arrived_qty * rounds,
                rejected_qty=receipt.rejected_qty * rounds,
                accepted_qty=receipt.accepted_qty * rounds,
            )
            for receipt in day.receipts
        ),
    )


def _code(code: str, copy: int) -> str:
    return code if copy == 0 else f"{code}X{copy}"


def _leader(leader: BundleLeader, copy: int) -> BundleLeader:
    place = replace(leader.place, lng=leader.place.lng + copy * STEP_DEGREES)
    return replace(
        leader,
        code=_code(leader.code, copy),
        phone=str(FIRST_PHONE + copy * 10_000 + leader.row),
        place=place,
    )


def _order(order: BundleOrder, copy: int) -> BundleOrder:
    return replace(
        order,
        order_no=_code(order.order_no, copy),
        leader_code=_code(order.leader_code, copy),
        resident_code=_code(order.resident_code, copy),
    )


def _vehicle(vehicle: BundleVehicle, number: int) -> BundleVehicle:
    return replace(vehicle, code=f"V{number + 1:04d}", plate=f"{vehicle.plate[:3]}{number:04d}")
