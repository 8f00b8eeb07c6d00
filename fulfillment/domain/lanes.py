"""Lanes on the floor: one per route, and one for drops that no route takes.

A lane is the first half of a slot code. Slots are given once, so a number that
was ever a lane is never given to another route.
"""

from collections.abc import Collection

from fulfillment.domain.sorting import SlotCode


def next_route_no(routes: Collection[int], slots: Collection[SlotCode]) -> int:
    """Return the number of the next route: above every route and every lane so far."""
    return max([*routes, *(slot.route_no for slot in slots)], default=0) + 1


def slot_for(route_no: int, stop_seq: int, slots: Collection[SlotCode]) -> SlotCode:
    """Return the slot of a stop, or the next free one of its lane if that is taken."""
    wanted = SlotCode(route_no, stop_seq)
    return wanted if wanted not in slots else _after_last(route_no, slots)


def slot_unserved(routes: Collection[int], slots: Collection[SlotCode]) -> SlotCode:
    """Return the next free slot of the lane behind the last route."""
    last_route = max(routes, default=0)
    last_lane = max((slot.route_no for slot in slots), default=0)
    lane = last_lane if last_lane > last_route else last_route + 1
    return _after_last(lane, slots)


def _after_last(lane: int, slots: Collection[SlotCode]) -> SlotCode:
    taken = [slot.stop_seq for slot in slots if slot.route_no == lane]
    return SlotCode(lane, max(taken, default=0) + 1)
