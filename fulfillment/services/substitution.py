"""Substitutes: spare goods for residents who said they may be given something like it."""

from datetime import datetime

from django.db import transaction

from fulfillment.domain.vehicle_room import serve_within
from fulfillment.errors import ShortagesFinal, SubstituteNotPossible
from fulfillment.models.allocation import (
    Allocation,
    AllocationCause,
    AllocationChange,
    AllocationRun,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.allocation import AllocatedLine, lines_of_sku, spare_of_sku
from fulfillment.selectors.substitution import consenting_line_prices, substitute_offered
from fulfillment.selectors.vehicle_room import vehicle_room
from fulfillment.services.allocation import seq_next
from fulfillment.services.day_guard import run_open_locked
from fulfillment.services.sort_adjustment import sort_lists_adjust
from leaders.models.accounts import User


@transaction.atomic
def substitute_give(
    *,
    run: CutoffRun,
    short_sku_id: int,
    substitute_sku_id: int,
    actor: User,
    reason: str,
    now: datetime,
) -> AllocationRun:
    """Give spare pieces of one SKU to consenting residents who lack another; return the record.

    Whoever paid first is served first. The substitute is of the same category
    and costs no less, piece by piece; the resident pays nothing more, the
    difference is the operator's. What stays short is refunded as ever.

    Raises
    ------
    SubstituteNotPossible
        If nobody who lacks the SKU said yes, the other SKU is of another
        category or costs less than any of them paid, or none of it is spare;
        or nobody says why.
    ShortagesFinal
        Once what is short is being refunded.
    DayClosed
        Once the day is closed.
    """
    locked = run_open_locked(run.pk)
    if locked.shortages_final_at is not None:
        raise ShortagesFinal("What is short is being refunded; nobody can be given more now.")
    if not reason.strip():
        raise SubstituteNotPossible("Say why something else is given.")
    given = _pieces_given(locked, short_sku_id, substitute_sku_id)
    for line, qty in given:
        Allocation.objects.filter(pk=line.allocation_id).update(
            substitute_sku_id=substitute_sku_id, substitute_qty=line.substitute_qty + qty
        )
    record = AllocationRun.objects.create(
        run=locked,
        seq=seq_next(locked),
        sku_id=short_sku_id,
        cause=AllocationCause.SUBSTITUTION,
        reason=reason.strip(),
        gained_qty=sum(qty for _line, qty in given),
        made_at=now,
        made_by=actor,
    )
    AllocationChange.objects.bulk_create(
        AllocationChange(
            allocation_run=record,
            allocation_id=line.allocation_id,
            before_qty=line.placed_qty,
            after_qty=line.placed_qty + qty,
        )
        for line, qty in given
    )
    sort_lists_adjust(
        run=locked, sku_id=substitute_sku_id, point_ids={line.point_id for line, _qty in given}
    )
    return record


def _pieces_given(
    run: CutoffRun, short_sku_id: int, substitute_sku_id: int
) -> list[tuple[AllocatedLine, int]]:
    """Who is given how many, first paid first served; raises where nobody can be."""
    price_fen = substitute_offered(run, short_sku_id, substitute_sku_id)
    if price_fen is None:
        raise SubstituteNotPossible(
            "Only goods of the same category that were on sale may be given."
        )
    lines = _lines_served(run, short_sku_id, substitute_sku_id, price_fen)
    if not lines:
        raise SubstituteNotPossible(
            "Nobody who lacks these goods accepts a substitute of this price."
        )
    spare_qty = spare_of_sku(run, substitute_sku_id)
    given = dict.fromkeys((line.key for line in lines), 0)
    room = vehicle_room(run, substitute_sku_id)
    serve_within([line.demand(line.short_qty) for line in lines], given, spare_qty, room)
    if not any(given.values()):
        raise SubstituteNotPossible(
            "Too few of these goods are spare, or no vehicle has room.", spare_qty=spare_qty
        )
    return [(line, given[line.key]) for line in lines if given[line.key]]


def _lines_served(
    run: CutoffRun, short_sku_id: int, substitute_sku_id: int, price_fen: int
) -> list[AllocatedLine]:
    """The short lines that may get this substitute; nobody gets two kinds instead of one."""
    consenting = consenting_line_prices(run, short_sku_id)
    return [
        line
        for line in lines_of_sku(run, short_sku_id)
        if line.short_qty > 0
        and not line.is_fixed
        and consenting.get(line.allocation_id, price_fen + 1) <= price_fen
        and line.substitute_sku_id in (None, substitute_sku_id)
    ]
