"""A whole day from a bundle, played at the moments of the day itself."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from fulfillment.domain.bundle import BundleReceipt, DayBundle
from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.day_clock import moment_of
from fulfillment.domain.receiving import LineCount
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.services.cutoff_run import OnProgress, RunOptions, run_advance
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.plan_acceptance import plan_publish
from fulfillment.services.receiving import receipt_no, receipt_record, receiving_close
from fulfillment.services.shortages import shortages_finalize

# A killed call leaves its last statement running; the next one waits for it.
WAIT_S = 60.0


def day_play(
    *,
    run: CutoffRun,
    bundle: DayBundle,
    budget: PlanBudget,
    print_papers: bool,
    on_progress: OnProgress,
) -> None:
    """Take an imported day from its freeze to its checked books and its published routes.

    Resumes wherever an earlier call stopped; on a finished run it does
    nothing.
    """
    zone = ZoneInfo(bundle.campaign.timezone)

    def clock(day: CutoffRun, step: Step) -> datetime:
        return moment_of(
            step,
            freeze_at=day.campaign.freeze_at,
            delivery_date=day.campaign.delivery_date,
            zone=zone,
        )

    options = RunOptions(
        clock=clock,
        plan=budget,
        print_papers=print_papers,
        wait_s=WAIT_S,
        on_progress=on_progress,
    )
    waits_at = run_advance(run=run, options=options)
    if waits_at is Step.RECEIVE:
        arrivals_record(run=run, receipts=bundle.receipts, now=clock(run, Step.RECEIVE))
        waits_at = run_advance(run=run, options=options)
    if waits_at is Step.REFUND:
        shortages_finalize(run=run, actor=None, now=clock(run, Step.REFUND))
        run_advance(run=run, options=options)
    plans = DeliveryRun.objects.filter(cutoff_run=run, cutoff_run__day_closed_at__isnull=True)
    for plan in plans.filter(published_at__isnull=True):
        plan_publish(delivery_run_id=plan.pk, actor=None, now=clock(run, Step.ROUTE))


@transaction.atomic
def arrivals_record(*, run: CutoffRun, receipts: tuple[BundleReceipt, ...], now: datetime) -> None:
    """Record what the bundle says arrived, one receipt per order, and close the dock.

    The count of a SKU belongs to the purchase order that SKU was bought on; a
    SKU nobody bought has no line and its goods stay with the supplier.
    """
    counts_of: Mapping[str, BundleReceipt] = {receipt.sku_code: receipt for receipt in receipts}
    for order in PurchaseOrder.objects.filter(run=run).select_related("supplier"):
        counts = [
            LineCount(
                purchase_line_id=line.pk,
                arrived_qty=counts_of[line.sku.code].arrived_qty,
                rejected_qty=counts_of[line.sku.code].rejected_qty,
            )
            for line in order.lines.select_related("sku").order_by("sku__code")
            if line.sku.code in counts_of
        ]
        if counts:
            receipt_record(
                purchase_order=order,
                receipt_no=receipt_no(order, arrival=1),
                counts=counts,
                actor=None,
                now=now,
            )
    receiving_close(run=run, now=now)
