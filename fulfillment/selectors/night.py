"""What stands where in a night: one line per desk, in a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.exceptions import ExceptionCase, ExceptionCaseState
from fulfillment.models.handover import HandoverState
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, PurchaseOrderState
from fulfillment.models.warehouse import Drop, SortTask, SortTaskState, ToteState
from orders.models.catalogue import SkuKind

SEALED_OR_LATER = (ToteState.SEALED, ToteState.LOADED, ToteState.DELIVERED, ToteState.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """How far one desk is: `done` of `total`, and how many need somebody's eyes."""

    done: int
    total: int
    troubles: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.total and not self.troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The desks of one night.

    `short_qty` is None while nothing is shared out yet.
    """

    purchasing: Desk
    receiving: Desk
    sorting: Desk
    weighing: Desk
    sealing: Desk
    loading: Desk
    returns: Desk
    open_cases: int
    short_qty: int | None


def night_of(run: CutoffRun) -> Night:
    """Return where the desks of a run stand."""
    cases = ExceptionCase.objects.filter(run=run, state=ExceptionCaseState.OPEN)
    return Night(
        purchasing=_purchasing(run),
        receiving=_receiving(run),
        sorting=_sorting(run),
        weighing=_weighing(run),
        sealing=_sealing(run),
        loading=_loading(run),
        returns=_returns(run),
        open_cases=cases.count(),
        short_qty=Allocation.objects.filter(run=run).aggregate(short=Sum("short_qty"))["short"],
    )


def _purchasing(run: CutoffRun) -> Desk:
    figures = PurchaseOrder.objects.filter(run=run).aggregate(
        total=Count("pk", filter=~Q(state=PurchaseOrderState.CANCELLED)),
        waiting=Count("pk", filter=Q(state=PurchaseOrderState.DRAFT)),
        short=Count("pk", filter=Q(state=PurchaseOrderState.CONFIRMED_SHORT)),
    )
    return Desk(
        done=figures["total"] - figures["waiting"],
        total=figures["total"],
        troubles=figures["short"],
    )


def _receiving(run: CutoffRun) -> Desk:
    lines = PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="")
    counted = lines.filter(receipt_lines__isnull=False, receipt_lines__void__isnull=True)
    rejected = counted.filter(receipt_lines__rejected_qty__gt=0)
    return Desk(
        done=counted.distinct().count(),
        total=lines.count(),
        troubles=rejected.distinct().count(),
    )


def _sorting(run: CutoffRun) -> Desk:
    figures = SortTask.objects.filter(wave__run=run).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state__in=[SortTaskState.DONE, SortTaskState.SHORT])),
        short=Count("pk", filter=Q(state=SortTaskState.SHORT)),
    )
    return Desk(done=figures["done"], total=figures["total"], troubles=figures["short"])


def _weighing(run: CutoffRun) -> Desk:
    """Portions that count: neither undone nor the note that undoes one."""
    weighed = Allocation.objects.filter(run=run, order_line__sku__kind=SkuKind.CATCH_WEIGHT)
    total = weighed.aggregate(pieces=Sum("allocated_qty", default=0))["pieces"]
    standing = Q(portions__undoes__isnull=True, portions__undone_by__isnull=True)
    done = weighed.aggregate(
        portions=Count("portions", filter=standing & Q(portions__isnull=False))
    )["portions"]
    return Desk(done=done, total=total)


def _sealing(run: CutoffRun) -> Desk:
    drops = Drop.objects.filter(wave__run=run, pieces__gt=0)
    sealed = drops.filter(totes__state__in=SEALED_OR_LATER).exclude(totes__state=ToteState.ASSIGNED)
    return Desk(done=sealed.distinct().count(), total=drops.count())


def _loading(run: CutoffRun) -> Desk:
    figures = Trip.objects.filter(delivery_run__cutoff_run=run).aggregate(
        total=Count("pk"),
        signed=Count("load_check"),
        missing=Count("load_check", filter=Q(load_check__missing_totes__gt=0)),
    )
    return Desk(done=figures["signed"], total=figures["total"], troubles=figures["missing"])


def _returns(run: CutoffRun) -> Desk:
    figures = Stop.objects.filter(trip__delivery_run__cutoff_run=run).aggregate(
        total=Count("pk"),
        entered=Count("handover", filter=~Q(handover__state=HandoverState.PENDING)),
    )
    return Desk(done=figures["entered"], total=figures["total"])
