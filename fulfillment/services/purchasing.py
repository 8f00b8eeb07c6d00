"""Purchase orders: exactly what was sold less what is left over, in packs (以销定采).

The orders of a cut-off are proposals until a buyer approves them. Nothing of
the night waits for that: goods may arrive on the word of a phone call.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum

from fulfillment.domain.lifecycle import PURCHASE_ORDER_LIFECYCLE
from fulfillment.domain.purchase_numbers import FIRST_SEQ, purchase_order_no
from fulfillment.domain.purchase_review import reasons_needed
from fulfillment.domain.purchasing import PurchaseProposal, needs_of, propose
from fulfillment.errors import (
    CountNotPossible,
    GoodsWithoutSupplier,
    PurchaseNeedsApproval,
    PurchaseOrderSettled,
    ReceiptForUnknownLine,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Supplier,
)
from fulfillment.selectors.leftovers import leftovers_used_by_sku
from fulfillment.selectors.purchase_review import objections_by_order
from fulfillment.selectors.purchase_terms import minimums, terms_on
from fulfillment.services.day_guard import run_locked, run_open_locked
from fulfillment.services.leftovers import leftovers_use
from fulfillment.services.supplier_messages import supplier_tell
from leaders.models.accounts import User
from orders.models.catalogue import Sku
from orders.models.demand import DemandLine
from orders.models.outbox import Topic
from orders.services.campaigns import campaign_start_fulfilling


@transaction.atomic
def purchase_orders_create(*, run: CutoffRun, now: datetime) -> Mapping[str, int]:
    """Create one purchase order per supplier from the frozen demand; return the figures.

    What still lies left over is used first. An order below a minimum is made
    all the same and says by how much: the buyer decides. A run that has its
    orders keeps them. Raises `GoodsWithoutSupplier`, and takes nothing from
    the shelf, when something was sold that nobody offers on that day.
    """
    run_locked(run.pk)
    if PurchaseOrder.objects.filter(run=run).exists():
        return _figures(run)
    demand = _demand(run)
    used = leftovers_use(run=run, needs={sku.pk: qty for sku, qty in demand.items()}, now=now)
    plan = propose(
        needs_of(
            {sku.code: qty for sku, qty in demand.items()},
            {sku.code: used[sku.pk] for sku in demand if sku.pk in used},
        ),
        terms_on(run.campaign.delivery_date),
        minimums(),
    )
    if plan.unsourced:
        raise GoodsWithoutSupplier(
            "No supplier offers what was sold.",
            sku_codes=[need.sku_code for need in plan.unsourced],
        )
    _orders_create(run, list(plan), {sku.code: sku for sku in demand}, now)
    campaign_start_fulfilling(campaign_id=run.campaign_id)
    return _figures(run)


@transaction.atomic
def purchase_order_approve(
    *, purchase_order: PurchaseOrder, actor: User, note: str, now: datetime
) -> bool:
    """Approve an order and send it to its supplier; return False if that was done before.

    An order that breaks a rule of buying needs a note that says why it goes
    out all the same; without one `PurchaseNeedsApproval` is raised. From now
    on the supplier has its minutes to confirm; a wholesale market is sent
    nothing, nor is anybody whose goods have come already: that approval is an
    answer for what happened. Raises `PurchaseOrderSettled` for an order that
    was cancelled, and `DayClosed`.
    """
    order = order_held(purchase_order.pk)
    if order.approved_at is not None:
        return False
    objections = reasons_needed(objections_by_order(order.run, [order], now=now)[order.pk])
    if objections and not note.strip():
        raise PurchaseNeedsApproval(
            "Rules of buying object to this order: say why it goes out all the same.",
            rules=[objection.rule.value for objection in objections],
        )
    approval = {"approved_at": now, "approved_by": actor, "approval_note": note.strip()}
    unapproved = PurchaseOrder.objects.filter(pk=order.pk, approved_at__isnull=True)
    if unapproved.filter(state=PurchaseOrderState.RECEIVED).update(**approval):
        return True
    minutes = order.supplier.confirm_minutes
    order.confirm_by = None if order.supplier.is_market else now + timedelta(minutes=minutes)
    changed = unapproved.filter(
        state__in=PURCHASE_ORDER_LIFECYCLE.sources_of(PurchaseOrderState.SENT)
    ).update(state=PurchaseOrderState.SENT, confirm_by=order.confirm_by, **approval)
    if not changed:
        raise PurchaseOrderSettled("This order can no longer be approved.", state=order.state)
    supplier_tell(purchase_order=order, topic=Topic.PURCHASE_ORDER, key=order.po_no, now=now)
    return True


@transaction.atomic
def purchase_order_confirm(
    *,
    purchase_order: PurchaseOrder,
    quantities: Mapping[int, int],
    slot: time | None,
    note: str,
    now: datetime,
) -> PurchaseOrderState:
    """Note what a supplier promises to bring; return the order's new state.

    `quantities` holds pieces by purchase line id, one for every line that is
    still bought. Until goods arrive a supplier may answer again; the last
    answer counts. Raises `PurchaseOrderSettled` before the order was sent and
    after goods arrived, `ReceiptForUnknownLine` for other lines than its own,
    and `CountNotPossible` for less than nothing or more than was ordered.
    """
    order = order_held(purchase_order.pk)
    lines = {line.pk: line for line in order.lines.filter(ended_as="")}
    if set(quantities) != set(lines):
        raise ReceiptForUnknownLine("The order was changed. Please look at it again.")
    for line in lines.values():
        if not 0 <= quantities[line.pk] <= line.ordered_qty:
            raise CountNotPossible("Nobody confirms more than was ordered.", sku=line.sku_id)
        line.confirmed_qty = quantities[line.pk]
    is_short = any(quantities[line.pk] < line.ordered_qty for line in lines.values())
    state = PurchaseOrderState.CONFIRMED_SHORT if is_short else PurchaseOrderState.CONFIRMED
    changed = PurchaseOrder.objects.filter(
        pk=order.pk, state__in={*PURCHASE_ORDER_LIFECYCLE.sources_of(state), state}
    ).update(state=state, confirmed_at=now, slot_offered=slot, supplier_note=note.strip())
    if not changed:
        raise PurchaseOrderSettled(
            "The goods of this order have arrived or it is not open. Please call the buyer.",
            state=order.state,
        )
    PurchaseOrderLine.objects.bulk_update(lines.values(), ["confirmed_qty"])
    return state


def order_held(purchase_order_id: int) -> PurchaseOrder:
    """Return an order with its supplier and run, both held; raises `DayClosed`.

    Call it inside a transaction: nobody else changes orders of the run until its end.
    """
    run_id = PurchaseOrder.objects.values_list("run_id", flat=True).get(pk=purchase_order_id)
    run = run_open_locked(run_id)
    order = (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("supplier")
        .get(pk=purchase_order_id)
    )
    order.run = run
    return order


def _demand(run: CutoffRun) -> dict[Sku, int]:
    """The frozen pieces by SKU."""
    lines = DemandLine.objects.filter(snapshot__campaign_id=run.campaign_id)
    demand: Counter[Sku] = Counter()
    for line in lines.select_related("offer__sku").order_by("offer__sku__code"):
        demand[line.offer.sku] += line.qty
    return demand


def _orders_create(
    run: CutoffRun, proposals: list[PurchaseProposal], skus: Mapping[str, Sku], now: datetime
) -> None:
    suppliers = Supplier.objects.in_bulk(
        [proposal.supplier_code for proposal in proposals], field_name="code"
    )
    orders = PurchaseOrder.objects.bulk_create(
        PurchaseOrder(
            po_no=purchase_order_no(run.campaign.code, proposal.supplier_code, FIRST_SEQ),
            run=run,
            supplier=suppliers[proposal.supplier_code],
            amount_fen=proposal.amount_fen,
            min_order_gap_fen=proposal.min_order_gap_fen,
            created_at=now,
        )
        for proposal in proposals
    )
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            purchase_order=order,
            sku=skus[line.sku_code],
            need_qty=line.need_qty,
            pack_factor=line.pack_factor,
            packs=line.packs,
            unit_cost_fen=line.unit_cost_fen,
        )
        for order, proposal in zip(orders, proposals, strict=True)
        for line in proposal.lines
    )


def _figures(run: CutoffRun) -> Mapping[str, int]:
    """What the step did, from the rows."""
    orders = PurchaseOrder.objects.filter(run=run)
    lines = PurchaseOrderLine.objects.filter(purchase_order__run=run, ended_as="").aggregate(
        needed=Sum("need_qty", default=0),
        purchased=Sum("ordered_qty", default=0),
        surplus=Sum("surplus_qty", default=0),
        amount=Sum("amount_fen", default=0),
    )
    return {
        "purchase_orders": orders.count(),
        "pieces_left_over": sum(leftovers_used_by_sku(run).values()),
        "pieces_needed": lines["needed"],
        "pieces_purchased": lines["purchased"],
        "pieces_surplus": lines["surplus"],
        "amount_fen": lines["amount"],
        "below_minimum": orders.filter(min_order_gap_fen__gt=0).count(),
    }
