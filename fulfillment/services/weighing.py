"""Catch weight (称重): portions on the scale, and money back for what is light.

A portion is an event and is never changed; weighing again is undoing and
weighing. Until shortages are refunded, light lines wait for that refund;
a line that is weighed later pays back at once, under a further number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.catch_weight import Band, Verdict, require_within, weight_band
from fulfillment.domain.cutoff_run import Step
from fulfillment.errors import PortionNotExpected, ScaleNotVerified
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.models.exceptions import Cause, Stage
from fulfillment.models.warehouse import Drop
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import (
    WeighLine,
    portions_standing,
    weigh_lines,
    weight_refunded,
)
from fulfillment.services.day_guard import run_locked, run_open_locked
from fulfillment.services.exceptions import CaseDraft, case_open
from leaders.models.accounts import User
from orders.models.catalogue import SkuKind
from orders.services.refunds import LineRefund
from orders.services.weight_refunds import short_weight_refunds_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """One portion on the scale, as somebody read it.

    `event_id` is made by the page: the same portion is stored once, however
    often it is sent. `approval_note` says in the supervisor's words why a
    portion outside its band goes out.
    """

    event_id: UUID
    allocation_id: int
    portion_no: int
    gross_g: int
    tare_g: int
    scale_id: int
    approval_note: str = ""


@transaction.atomic
def portion_weigh(*, weighing: Weighing, actor: User, now: datetime) -> WeighedPortion:
    """Store the weight of a portion; one outside its band opens an exception.

    Raises `PortionNotExpected` where there is no such portion to weigh,
    `ScaleNotVerified` for a scale whose verification has run out or that is
    out of use, `PortionOutsideBand` without the supervisor's words, and
    `DayClosed` after the day.
    """
    if known := _known(weighing.event_id):
        return known
    allocation = _allocation_locked(weighing.allocation_id)
    if known := _known(weighing.event_id):
        return known
    sku = allocation.order_line.sku
    _require_expected(allocation, weighing)
    scale = _scale(weighing.scale_id, now)
    net_g = weighing.gross_g - weighing.tare_g
    band = weight_band(sku.weight_g, sku.tolerance_bp)
    verdict = require_within(band, net_g, approval_note=weighing.approval_note)
    portion = WeighedPortion.objects.create(
        event_id=weighing.event_id,
        allocation=allocation,
        portion_no=weighing.portion_no,
        nominal_g=sku.weight_g,
        gross_g=weighing.gross_g,
        tare_g=weighing.tare_g,
        approval_note="" if verdict is Verdict.WITHIN else weighing.approval_note.strip(),
        scale=scale,
        weighed_by=actor,
        weighed_at=now,
    )
    if verdict is not Verdict.WITHIN:
        _case_open(allocation, portion, band, net_g)
    _late_refund(allocation, now)
    return portion


@transaction.atomic
def portion_undo(*, portion_id: int, event_id: UUID, actor: User, now: datetime) -> WeighedPortion:
    """Take a portion out of every sum by a row of its own; what went back stays back.

    Raises `PortionNotExpected` if it is undone already, and `DayClosed` after
    the day.
    """
    if known := _known(event_id):
        return known
    allocation = _allocation_locked(WeighedPortion.objects.get(pk=portion_id).allocation_id)
    if known := _known(event_id):
        return known
    portion = portions_standing().filter(pk=portion_id).first()
    if portion is None:
        raise PortionNotExpected(_("This portion is undone already."), portion_id=portion_id)
    return WeighedPortion.objects.create(
        event_id=event_id,
        allocation=allocation,
        portion_no=portion.portion_no,
        nominal_g=portion.nominal_g,
        gross_g=portion.gross_g,
        tare_g=portion.tare_g,
        undoes=portion,
        scale_id=portion.scale_id,
        weighed_by=actor,
        weighed_at=now,
    )


@transaction.atomic
def weight_refunds_request(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Request the refund of every line that is fully weighed and light; return the figures.

    Only what has not gone back yet is requested, so asking again changes
    nothing. A line with a portion missing is charged as sold.
    """
    run_locked(run.pk)
    lines = weigh_lines(run.pk)
    refunds = _refunds_request(lines, run.pk, now)
    settled = [found for line in lines if (found := line.settlement())]
    return {
        "weight_refunds": refunds,
        "weight_refund_fen": sum(weight_refunded(run.pk).values()),
        "weighed_lines": len(settled),
        "unweighed_lines": len(lines) - len(settled),
        "overweight_g": sum(found.over_g for found in settled),
        "overweight_fen": sum(found.over_fen for found in settled),
    }


def _refunds_request(lines: Sequence[WeighLine], run_id: int, now: datetime) -> int:
    """Request what the lines owe beyond what went back before; the run is locked."""
    returned = weight_refunded(run_id)
    due = [
        LineRefund(
            order_no=line.order_no,
            order_line_id=line.order_line_id,
            qty=line.pieces,
            amount_fen=found.refund_fen - returned.get(line.order_line_id, 0),
        )
        for line in lines
        if (found := line.settlement()) and found.refund_fen > returned.get(line.order_line_id, 0)
    ]
    refunds = short_weight_refunds_request(
        lines=due, business_date=timezone.localdate(now), now=now
    )
    return len(refunds)


def _late_refund(allocation: Allocation, now: datetime) -> None:
    """Pay a line back at once when the refunds of its run have been made."""
    steps = allocation.run.steps
    if steps.filter(name=Step.REFUND, state=StepState.DONE).exists():
        lines = weigh_lines(allocation.run_id, Q(pk=allocation.pk))
        _refunds_request(lines, allocation.run_id, now)


def _known(event_id: UUID) -> WeighedPortion | None:
    return WeighedPortion.objects.filter(event_id=event_id).first()


def _allocation_locked(allocation_id: int) -> Allocation:
    """The allocation, held until the commit; its run first, as everywhere."""
    run_open_locked(Allocation.objects.values_list("run_id", flat=True).get(pk=allocation_id))
    return (
        Allocation.objects.select_for_update(of=("self",))
        .select_related("run", "order_line__sku", "order_line__order")
        .get(pk=allocation_id)
    )


def _require_expected(allocation: Allocation, weighing: Weighing) -> None:
    """Let a portion pass that is there to be weighed and is not weighed yet."""
    pieces = allocation.allocated_qty
    if allocation.order_line.sku.kind != SkuKind.CATCH_WEIGHT:
        raise PortionNotExpected(_("These goods are not sold by weight."))
    if not 1 <= weighing.portion_no <= pieces:
        raise PortionNotExpected(
            _("This line gets %(pieces)d pieces; there is no portion %(number)d.")
            % {"pieces": pieces, "number": weighing.portion_no}
        )
    if weighing.gross_g <= weighing.tare_g:
        raise PortionNotExpected(_("There is nothing on the scale but the tare."))
    standing = portions_standing().filter(allocation=allocation, portion_no=weighing.portion_no)
    if standing.exists():
        raise PortionNotExpected(
            _("Portion %(number)d is weighed already. Undo it to weigh it again.")
            % {"number": weighing.portion_no}
        )


def _scale(scale_id: int, now: datetime) -> Scale:
    scale = Scale.objects.get(pk=scale_id)
    if not scale.is_active or scale.verified_until < timezone.localdate(now):
        raise ScaleNotVerified(
            _("The verification of scale %(scale)s has run out. Use another one.")
            % {"scale": scale.code},
            verified_until=scale.verified_until,
        )
    return scale


def _case_open(allocation: Allocation, portion: WeighedPortion, band: Band, net_g: int) -> None:
    """Write down a portion that goes out outside its band; no piece is missing."""
    line = allocation.order_line
    drop = Drop.objects.filter(
        wave__run_id=allocation.run_id, pickup_point_id=line.order.pickup_point_id
    ).first()
    note = _("%(net)d g instead of %(lo)d–%(hi)d g: %(note)s") % {
        "net": net_g,
        "lo": band.lo_g,
        "hi": band.hi_g,
        "note": portion.approval_note,
    }
    case_open(
        run_id=allocation.run_id,
        draft=CaseDraft(
            stage=Stage.WEIGH,
            cause=Cause.WEIGHT,
            qty=0,
            sku_id=line.sku_id,
            drop_id=drop.pk if drop else None,
            weight_g=net_g,
            note=note[:200],
            event_id=uuid5(portion.event_id, Stage.WEIGH),
        ),
        actor=portion.weighed_by,
        now=portion.weighed_at,
    )
