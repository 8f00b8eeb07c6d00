"""The allocation of a run: one row per order line, the truth of every paper.

Whoever shares out again holds the run's row first, so two re-runs, a re-run
and a sort entry, or a re-run and the end of the day never see each other half
done. What was shared out is never changed without a row that says so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.reallocation import HeldLine, spread_sorted
from fulfillment.domain.vehicle_room import VehicleRoom, reallocate_within
from fulfillment.errors import (
    AllocationFixed,
    AllocationNotPossible,
    ShortagesFinal,
)
from fulfillment.models.allocation import (
    Allocation,
    AllocationCause,
    AllocationChange,
    AllocationRun,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.allocation import (
    AllocatedLine,
    ChosenRules,
    lines_of_sku,
    sorted_by_point,
    supply_by_sku,
)
from fulfillment.selectors.vehicle_room import vehicle_room
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.sort_adjustment import sort_lists_adjust
from leaders.models.accounts import User
from orders.domain.control_code import control_code
from orders.selectors.demand import DemandRow, demand_rows
from orders.services.statistics import statistics_refresh

BATCH_SIZE = 5_000


def allocations_make(*, run: CutoffRun, now: datetime) -> Mapping[str, int | str]:
    """Share what there is over what was sold; return the figures.

    The control code over (order line, pieces) goes on every paper that shows
    the whole allocation.
    """
    rules = ChosenRules(run)
    supply = supply_by_sku(run)
    rows_of: defaultdict[int, list[DemandRow]] = defaultdict(list)
    for row in demand_rows(run.campaign_id):
        rows_of[row.sku_id].append(row)
    allocated: dict[str, int] = {}
    for sku_id, rows in rows_of.items():
        shared = allocate([_demand(row) for row in rows], supply[sku_id], rules.of(sku_id))
        allocated.update(shared.quantities)
    made = Allocation.objects.bulk_create(
        (
            Allocation(
                run=run,
                order_line_id=row.line_id,
                ordered_qty=row.qty,
                allocated_qty=allocated[row.key],
            )
            for rows in rows_of.values()
            for row in rows
        ),
        batch_size=BATCH_SIZE,
    )
    _first_run_note(run, made, now)
    statistics_refresh(Allocation)
    ordered_qty = sum(row.qty for rows in rows_of.values() for row in rows)
    allocated_qty = sum(allocated.values())
    return {
        "lines": len(allocated),
        "pieces_allocated": allocated_qty,
        "pieces_short": ordered_qty - allocated_qty,
        "pieces_spare": sum(supply.values()) - allocated_qty,
        "control_code": control_code(allocated.items()),
    }


@transaction.atomic
def allocation_rerun(
    *,
    run: CutoffRun,
    sku_id: int,
    cause: AllocationCause,
    reason: str = "",
    actor: User | None,
    now: datetime,
) -> AllocationRun | None:
    """Share one SKU again after its supply changed; return the run, or None if nothing changed.

    Only the difference is given or taken back. Sorted pieces stay, lines fixed
    by hand stay, no vehicle gets more than it can take, and nobody gains once
    shortages are final. Before the first allocation there is nothing to share
    again.

    Raises
    ------
    DayClosed
        Once the day is closed.
    LockedExceedsAccepted
        If more is sorted than there is; the goods must be counted again.
    """
    locked = run_open_locked(run.pk)
    lines = lines_of_sku(locked, sku_id)
    rules = ChosenRules(locked)
    after = reallocate_within(
        held_lines(locked, sku_id, lines),
        supply_by_sku(locked)[sku_id],
        rules.of(sku_id),
        vehicle_room(locked, sku_id),
        is_final=locked.shortages_final_at is not None,
    )
    record = AllocationRun(
        run=locked,
        sku_id=sku_id,
        cause=cause,
        rule=rules.of(sku_id),
        reason=reason,
        made_at=now,
        made_by=actor,
    )
    return allocation_change(record=record, sku_id=sku_id, lines=lines, after=after)


@transaction.atomic
def allocation_override(
    *, allocation_id: int, qty: int, reason: str, actor: User, now: datetime
) -> AllocationRun:
    """Give one line exactly so many pieces, for a reason; later runs leave it alone.

    What it gains is taken from spare pieces, then from lines that would go
    without by the rule; what it gives up goes to those who lack. Sorted pieces
    and other lines fixed by hand stay.

    Raises
    ------
    AllocationNotPossible
        If the line did not order so many, only comes whole, there are not so
        many, or no reason is given.
    AllocationFixed
        If more of it lies in its slot already.
    ShortagesFinal
        If it would gain although what is short is being refunded.
    DayClosed
        Once the day is closed.
    """
    allocation = Allocation.objects.select_related("run", "order_line").get(pk=allocation_id)
    run = run_open_locked(allocation.run_id)
    sku_id = allocation.order_line.sku_id
    lines = lines_of_sku(run, sku_id)
    line = next(line for line in lines if line.allocation_id == allocation_id)
    if not reason.strip():
        raise AllocationNotPossible("Say why the allocation is changed by hand.")
    if qty > line.allocated_qty and run.shortages_final_at is not None:
        raise ShortagesFinal("What is short is being refunded; nobody can be given more now.")
    rule = ChosenRules(run).of(sku_id)
    after = _with_fixed(
        held_lines(run, sku_id, lines),
        (line.key, qty),
        _Goods(supply_qty=supply_by_sku(run)[sku_id], rule=rule, room=vehicle_room(run, sku_id)),
        is_final=run.shortages_final_at is not None,
    )
    record = AllocationRun(
        run=run,
        sku_id=sku_id,
        cause=AllocationCause.OVERRIDE,
        rule=rule,
        reason=reason.strip(),
        made_at=now,
        made_by=actor,
    )
    Allocation.objects.filter(pk=allocation_id).update(is_fixed=True)
    changed = allocation_change(record=record, sku_id=sku_id, lines=lines, after=after)
    if changed is not None:
        return changed
    if line.is_fixed:  # the same form, sent twice
        return AllocationRun.objects.filter(
            run=run, sku_id=sku_id, cause=AllocationCause.OVERRIDE
        ).latest("seq")
    record.seq = seq_next(run)
    record.save()
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goods:
    """What there is of a SKU, who is served first, and what the vehicles can take."""

    supply_qty: int
    rule: ShortageRule
    room: VehicleRoom


def _with_fixed(
    lines: Sequence[HeldLine], fixed: tuple[str, int], goods: _Goods, *, is_final: bool
) -> Mapping[str, int]:
    """What the lines have once one of them is fixed at so many pieces."""
    key, qty = fixed
    line = next((line for line in lines if line.demand.line_key == key), None)
    wanted_qty = line.demand.qty if line else 0
    if line is None or not 0 <= qty <= wanted_qty:
        raise AllocationNotPossible(
            "A line gets no more than was ordered and is not refunded.", wanted_qty=wanted_qty
        )
    if qty < line.sorted_qty:
        raise AllocationFixed(
            "So many pieces lie in the slot already; take them back there first.",
            sorted_qty=line.sorted_qty,
        )
    if line.demand.is_whole_only and qty not in (0, wanted_qty):
        raise AllocationNotPossible("This line comes whole or not at all.", wanted_qty=wanted_qty)
    placed = [
        replace(held, held_qty=qty, is_fixed=True) if held is line else held for held in lines
    ]
    gained = qty - line.held_qty
    trip = goods.room.trip_of.get(line.demand.point_code)
    if trip is not None and gained > goods.room.pieces[trip]:
        raise AllocationNotPossible("The vehicle of this route has no room for more.")
    room = goods.room if trip is None or gained <= 0 else goods.room.less(trip, gained)
    after = reallocate_within(placed, goods.supply_qty, goods.rule, room, is_final=is_final)
    if any(after[held.demand.line_key] < held.held_qty for held in placed if held.is_fixed):
        raise AllocationNotPossible(
            "There are not so many pieces that nobody has in a slot already.",
            supply_qty=goods.supply_qty,
        )
    return after


def allocation_change(
    *,
    record: AllocationRun,
    sku_id: int,
    lines: Sequence[AllocatedLine],
    after: Mapping[str, int],
) -> AllocationRun | None:
    """Store what the lines of a SKU have now, with the record of why; None if nothing changed.

    Lines that `after` does not name keep what they have. Call it with the
    run's row held. The sort lists follow.
    """
    changed = [
        line for line in lines if after.get(line.key, line.allocated_qty) != line.allocated_qty
    ]
    if not changed:
        return None
    moved = {line.allocation_id: after[line.key] - line.allocated_qty for line in changed}
    record.seq = seq_next(record.run)
    record.gained_qty = sum(delta for delta in moved.values() if delta > 0)
    record.lost_qty = -sum(delta for delta in moved.values() if delta < 0)
    Allocation.objects.bulk_update(
        [Allocation(pk=line.allocation_id, allocated_qty=after[line.key]) for line in changed],
        ["allocated_qty"],
        batch_size=BATCH_SIZE,
    )
    record.save()
    AllocationChange.objects.bulk_create(
        AllocationChange(
            allocation_run=record,
            allocation_id=line.allocation_id,
            before_qty=line.placed_qty,
            after_qty=after[line.key] + line.substitute_qty,
        )
        for line in changed
    )
    sort_lists_adjust(run=record.run, sku_id=sku_id, point_ids={line.point_id for line in changed})
    return record


def held_lines(run: CutoffRun, sku_id: int, lines: Sequence[AllocatedLine]) -> list[HeldLine]:
    """What the lines of a SKU have, and what of it lies in their slots."""
    of_point: defaultdict[int, list[AllocatedLine]] = defaultdict(list)
    for line in lines:
        of_point[line.point_id].append(line)
    in_slot: dict[str, int] = {}
    for point_id, sorted_qty in sorted_by_point(run, sku_id).items():
        holding = [
            line.demand(line.allocated_qty) for line in of_point[point_id] if line.allocated_qty
        ]
        has = sum(demand.qty for demand in holding)
        # The slot may also hold pieces given instead of something else.
        in_slot |= spread_sorted(holding, max(0, min(sorted_qty, has)))
    return [
        HeldLine(
            demand=line.demand(line.wanted_qty),
            held_qty=line.allocated_qty,
            sorted_qty=in_slot.get(line.key, 0),
            is_fixed=line.is_fixed,
        )
        for line in lines
        if line.wanted_qty
    ]


def _first_run_note(run: CutoffRun, made: Sequence[Allocation], now: datetime) -> None:
    """Note the first sharing out, and which lines got less than was ordered."""
    short = [row for row in made if row.allocated_qty < row.ordered_qty]
    record = AllocationRun.objects.create(
        run=run,
        seq=seq_next(run),
        cause=AllocationCause.FIRST,
        rule=ChosenRules(run).otherwise,
        lost_qty=sum(row.ordered_qty - row.allocated_qty for row in short),
        made_at=now,
    )
    AllocationChange.objects.bulk_create(
        (
            AllocationChange(
                allocation_run=record,
                allocation=row,
                before_qty=row.ordered_qty,
                after_qty=row.allocated_qty,
            )
            for row in short
        ),
        batch_size=BATCH_SIZE,
    )


def seq_next(run: CutoffRun) -> int:
    """The number of the next sharing out of a run whose row is held."""
    last = AllocationRun.objects.filter(run=run).aggregate(last=Max("seq"))["last"]
    return (last or 0) + 1


def _demand(row: DemandRow) -> LineDemand:
    return LineDemand(
        line_key=row.key,
        point_code=row.point_code,
        qty=row.qty,
        paid_at=row.paid_at,
        line_no=row.line_no,
        is_whole_only=row.is_whole_only,
    )
