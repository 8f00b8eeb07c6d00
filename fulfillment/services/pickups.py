"""Residents fetch their goods (核销): reported by phones, counted once.

Reports come late, twice, and from several phones at one point. The rows of
their orders are locked in one order, so reports for one order are judged one
after another, and none is judged while the order is being completed. Behind
that the database allows one hand-out per order that is not taken back, and one
row per report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.pickups import (
    Fetchable,
    Hindrance,
    Outcome,
    PickupReport,
    ReportKind,
    fetched_at,
    hindrance,
)
from fulfillment.models.allocation import Allocation
from fulfillment.models.pickups import Disposal, DisposalKind, Pickup, PickupMethod
from fulfillment.pickup_errors import PickupUndoRefused
from leaders.models.accounts import User
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import points_minded_by
from leaders.services.audit import audit
from orders.models.orders import Order, OrderState

SOLD = (OrderState.FROZEN, OrderState.COMPLETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupAnswer:
    """What the phone is told about one report.

    `standing` is the report by which the order counts as fetched now, `at` and
    `by` when and by whom; all three are None or empty where it is not.
    """

    event_id: UUID
    order_id: int
    outcome: Outcome
    said: str
    standing: UUID | None
    at: datetime | None
    by: str


@transaction.atomic
def pickups_receive(
    *, leader: Leader, reports: Sequence[PickupReport], actor: User, now: datetime
) -> list[PickupAnswer]:
    """Take in what a phone reports; return what became of each report, in its order.

    A report that came before changes nothing and is answered as it stands. The
    first hand-out of an order that reaches us stands, whatever the phones'
    clocks say; a later one is answered with when and by whom it was fetched.

    Parameters
    ----------
    leader
        Whose phone it is: only orders of points this leader minds are touched.
    reports
        In the phone's order, which is the order they are judged in.
    """
    desk = _desk(leader, [report.order_id for report in reports], actor, now)
    return [_judge(desk, report) for report in reports]


@transaction.atomic
def pickup_undo(
    *, leader: Leader, order_id: int, undoes: UUID, actor: User, now: datetime
) -> PickupAnswer:
    """Take back a hand-out that was a mistake; its row stays, and the order can be fetched again.

    Raises
    ------
    PickupUndoRefused
        If the leader's points know no such hand-out, or its order is closed.
    """
    desk = _desk(leader, [order_id], actor, now)
    return _undo(desk, event_id=undoes, order_id=order_id, undoes=undoes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What the reports of one call are judged by; the orders are locked."""

    leader: Leader
    actor: User
    now: datetime
    orders: Mapping[int, Order]
    pieces: Mapping[int, int]
    disposed: frozenset[int]


def _desk(leader: Leader, order_ids: Sequence[int], actor: User, now: datetime) -> _Desk:
    orders = orders_lock(order_ids)
    pieces = (
        Allocation.objects.filter(order_line__order__in=orders)
        .values_list("order_line__order_id")
        .annotate(pieces=Sum(F("allocated_qty") + F("substitute_qty")))
    )
    gone = Disposal.objects.filter(order__in=orders).exclude(kind=DisposalKind.STORED)
    return _Desk(
        leader=leader,
        actor=actor,
        now=now,
        orders=orders,
        pieces=dict(pieces),
        disposed=frozenset(gone.values_list("order_id", flat=True)),
    )


def orders_lock(order_ids: Sequence[int]) -> Mapping[int, Order]:
    """Hold these orders until the transaction ends; whoever comes second waits here."""
    rows = (
        Order.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign")
        .filter(pk__in=order_ids)
        .order_by("pk")
    )
    return {order.pk: order for order in rows}


def _judge(desk: _Desk, report: PickupReport) -> PickupAnswer:
    if report.kind is ReportKind.UNDO:
        try:
            return _undo(
                desk,
                event_id=report.event_id,
                order_id=report.order_id,
                undoes=report.undoes or report.event_id,
            )
        except PickupUndoRefused as refused:
            return _answer(report, Outcome.REFUSED, refused.message, None)
    known = Pickup.objects.filter(event_id=report.event_id).first()
    standing = _standing(report.order_id)
    if known is not None and known.order_id != report.order_id:
        return _answer(report, Outcome.REFUSED, _("This was sent for another order."), None)
    if known is not None:
        outcome = Outcome.RECORDED if known.undone_at is None else Outcome.UNDONE
        return _answer(report, outcome, "", standing)
    return _fetch(desk, report, standing)


def _fetch(desk: _Desk, report: PickupReport, standing: Pickup | None) -> PickupAnswer:
    order = desk.orders.get(report.order_id)
    why, at = _hindrance(desk, order, report)
    if order is None or why is not None:
        return _answer(report, Outcome.REFUSED, _hindrance_words(why), None)
    if standing is not None:
        return _answer(report, Outcome.ALREADY, _already_words(standing), standing)
    row = Pickup.objects.create(
        event_id=report.event_id,
        order=order,
        pickup_point_id=order.pickup_point_id,
        method=PickupMethod(report.method),
        picked_up_at=at,
        recorded_at=desk.now,
        recorded_by=desk.actor,
    )
    return _answer(report, Outcome.RECORDED, "", row)


def _hindrance(
    desk: _Desk, order: Order | None, report: PickupReport
) -> tuple[Hindrance | None, datetime]:
    """Why an order is not handed out, if so, and when it was.

    Who minds a point is asked for the day of the hand-out: a substitute's
    phone may find its network after the substitution is over.
    """
    if order is None:
        return Hindrance.ELSEWHERE, desk.now
    day = order.campaign.delivery_date
    at = fetched_at(
        report.device_at,
        received_at=desk.now,
        day_begins=timezone.make_aware(datetime.combine(day, time.min)),
    )
    known = Fetchable(
        is_ours=_is_minded(desk.leader, order, at),
        is_sold=order.state in SOLD,
        delivery_date=day,
        pieces=desk.pieces.get(order.pk),
        is_disposed=order.pk in desk.disposed,
    )
    return hindrance(known, timezone.localdate(desk.now)), at


def _is_minded(leader: Leader, order: Order, at: datetime) -> bool:
    minded = points_minded_by(leader, timezone.localdate(at))
    return minded.filter(pk=order.pickup_point_id).exists()


def _undo(desk: _Desk, *, event_id: UUID, order_id: int, undoes: UUID) -> PickupAnswer:
    order = desk.orders.get(order_id)
    row = Pickup.objects.filter(event_id=undoes, order_id=order_id).first()
    if order is None or row is None or not _may_undo(desk, order, row):
        raise PickupUndoRefused(_("There is no such hand-out at your points."), order=order_id)
    if row.undone_at is None:
        if order.state != OrderState.FROZEN:
            raise PickupUndoRefused(_("This order is closed; its hand-out stays."), order=order_id)
        Pickup.objects.filter(pk=row.pk, undone_at__isnull=True).update(
            undone_at=desk.now, undone_by=desk.actor
        )
        audit(
            action="pickup.undone",
            about=row,
            actor=desk.actor,
            now=desk.now,
            facts={"order_no": order.order_no, "recorded_by": row.recorded_by_id},
        )
    standing = _standing(order_id)
    return PickupAnswer(
        event_id=event_id,
        order_id=order_id,
        outcome=Outcome.UNDONE,
        said="",
        standing=standing.event_id if standing else None,
        at=standing.picked_up_at if standing else None,
        by=str(standing.recorded_by) if standing else "",
    )


def _may_undo(desk: _Desk, order: Order, row: Pickup) -> bool:
    """Whether the leader minds the point now, or did when the goods went out."""
    return any(_is_minded(desk.leader, order, at) for at in (desk.now, row.picked_up_at))


def _standing(order_id: int) -> Pickup | None:
    """The hand-out of an order that nobody took back."""
    standing = Pickup.objects.select_related("recorded_by")
    return standing.filter(order_id=order_id, undone_at__isnull=True).first()


def _answer(
    report: PickupReport, outcome: Outcome, said: str, standing: Pickup | None
) -> PickupAnswer:
    return PickupAnswer(
        event_id=report.event_id,
        order_id=report.order_id,
        outcome=outcome,
        said=said,
        standing=standing.event_id if standing else None,
        at=standing.picked_up_at if standing else None,
        by=str(standing.recorded_by) if standing else "",
    )


def _already_words(standing: Pickup) -> str:
    at = timezone.localtime(standing.picked_up_at)
    return _("Already handed out on %(day)s at %(time)s by %(who)s.") % {
        "day": f"{at:%m-%d}",
        "time": f"{at:%H:%M}",
        "who": standing.recorded_by,
    }


def _hindrance_words(why: Hindrance | None) -> str:
    words = {
        Hindrance.NOT_SOLD: _("This order is cancelled or refunded; nothing is handed out."),
        Hindrance.NOT_SHARED_OUT: _("The goods of this order are not shared out yet."),
        Hindrance.TOO_EARLY: _("The goods of this order come on another day."),
        Hindrance.NO_GOODS: _("Nothing came of this order; its money went back."),
        Hindrance.DISPOSED: _("The goods of this order were disposed of; ask the office."),
    }
    return words.get(why or Hindrance.ELSEWHERE, _("This order is not at your point."))
