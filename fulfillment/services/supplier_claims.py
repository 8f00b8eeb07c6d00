"""Claims on suppliers (供应商索赔): money back for goods that were accepted and turned out bad.

What the dock rejected was never owed and needs no claim. A claim is raised
out of a decided exception; the supplier has its time to object, and silence
accepts.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import SUPPLIER_CLAIM_LIFECYCLE
from fulfillment.errors import SupplierClaimNotPossible, SupplierClaimSettled
from fulfillment.models.exceptions import (
    Bearer,
    Cause,
    ExceptionCase,
    ExceptionCaseState,
    Stage,
)
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierClaimState
from fulfillment.services.day_guard import run_locked
from leaders.models.accounts import User
from orders.domain.claims import WHOLE_BP


@transaction.atomic
def supplier_claim_raise(
    *, case_id: int, purchase_line_id: int | None = None, share_bp: int = WHOLE_BP, now: datetime
) -> SupplierClaim:
    """Ask a supplier for the cost of the pieces of a case; asking again changes nothing.

    The pieces are worth what they were bought for; of goods that are bad in
    part only that share of it, rounded up, is asked for. Raises
    `SupplierClaimNotPossible` unless the case is decided against the supplier,
    speaks of goods that were accepted from one supplier, and claims no more
    of a purchase line than was accepted of it.
    """
    # The run first: a decision that is being taken back is no ground for a claim.
    run_id = ExceptionCase.objects.values_list("run_id", flat=True).get(pk=case_id)
    run_locked(run_id)
    case = ExceptionCase.objects.get(pk=case_id)
    if known := SupplierClaim.objects.filter(case=case).first():
        return known
    _require_owed(case)
    line = _line_of(case, purchase_line_id)
    _require_room(case, line)
    return SupplierClaim.objects.create(
        case=case,
        supplier=line.purchase_order.supplier,
        purchase_line=line,
        qty=case.qty,
        amount_fen=-(-case.qty * line.unit_cost_fen * share_bp // WHOLE_BP),
        raised_at=now,
        object_by=now + timedelta(hours=settings.SUPPLIER_OBJECTION_HOURS),
    )


@transaction.atomic
def supplier_claim_object(*, claim_id: int, note: str, now: datetime) -> SupplierClaim:
    """Note that the supplier objects, and why.

    Raises `SupplierClaimSettled` once its time is over or the claim is decided.
    """
    changed = SupplierClaim.objects.filter(
        pk=claim_id,
        state__in=SUPPLIER_CLAIM_LIFECYCLE.sources_of(SupplierClaimState.OBJECTED),
        object_by__gte=now,
    ).update(state=SupplierClaimState.OBJECTED, supplier_note=note)
    if not changed:
        raise SupplierClaimSettled(
            _("The time to object is over, or this claim is decided."), claim_id=claim_id
        )
    return SupplierClaim.objects.get(pk=claim_id)


@transaction.atomic
def supplier_claim_settle(
    *, claim_id: int, accept: bool, note: str, actor: User, now: datetime
) -> SupplierClaim:
    """Decide a claim: it stands and is deducted, or it is dropped.

    Raises `SupplierClaimSettled` if it is decided already.
    """
    new = SupplierClaimState.ACCEPTED if accept else SupplierClaimState.DROPPED
    changed = SupplierClaim.objects.filter(
        pk=claim_id, state__in=SUPPLIER_CLAIM_LIFECYCLE.sources_of(new)
    ).update(state=new, decision_note=note, decided_at=now, decided_by=actor)
    if not changed:
        raise SupplierClaimSettled(_("This claim is decided already."), claim_id=claim_id)
    return SupplierClaim.objects.get(pk=claim_id)


def supplier_claims_accept_silent(*, now: datetime) -> int:
    """Let every claim stand that nobody objected to in time; return how many."""
    return SupplierClaim.objects.filter(state=SupplierClaimState.RAISED, object_by__lt=now).update(
        state=SupplierClaimState.ACCEPTED,
        decided_at=now,
        decision_note=_("No objection in time."),
    )


def _require_owed(case: ExceptionCase) -> None:
    if case.state != ExceptionCaseState.DECIDED or case.bearer != Bearer.SUPPLIER:
        raise SupplierClaimNotPossible(
            _("Decide first that the supplier bears it."), case_id=case.pk
        )
    if case.stage == Stage.RECEIVE or case.cause == Cause.OVER or not case.qty:
        raise SupplierClaimNotPossible(
            _("Goods that were not accepted are not owed; there is nothing to claim."),
            case_id=case.pk,
        )


def _line_of(case: ExceptionCase, purchase_line_id: int | None) -> PurchaseOrderLine:
    """The purchase line the goods came from; of several somebody must name one."""
    lines = PurchaseOrderLine.objects.filter(
        purchase_order__run_id=case.run_id, sku_id=case.sku_id or 0
    ).select_related("purchase_order__supplier")
    wanted = purchase_line_id or case.purchase_line_id
    if wanted is not None:
        lines = lines.filter(pk=wanted)
    found = [line for line in lines.order_by("pk") if _accepted(line)]
    if len(found) != 1:
        raise SupplierClaimNotPossible(
            _("Say which purchase order the goods came with."), orders=len(found)
        )
    return found[0]


def _require_room(case: ExceptionCase, line: PurchaseOrderLine) -> None:
    claimed = (
        SupplierClaim.objects.filter(purchase_line=line)
        .exclude(state=SupplierClaimState.DROPPED)
        .aggregate(pieces=Sum("qty", default=0))["pieces"]
    )
    if claimed + case.qty > _accepted(line):
        raise SupplierClaimNotPossible(
            _("More would be claimed than was accepted."),
            accepted=_accepted(line),
            claimed=claimed,
        )


def _accepted(line: PurchaseOrderLine) -> int:
    pieces: int = (
        GoodsReceiptLine.objects.standing()
        .filter(purchase_line=line)
        .aggregate(pieces=Sum("accepted_qty", default=0))["pieces"]
    )
    return pieces
