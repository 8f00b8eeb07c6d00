"""Daily reconciliation (对账): each provider's bill of a day against our books."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from leaders.domain.crashpoints import crashpoint
from leaders.models.accounts import User
from orders.domain.gateway import Bill, BillRowKind
from orders.domain.ledger import gateway_fee
from orders.domain.reconciliation import bill_differences, counted_fen, fees_of, is_counted
from orders.errors import (
    BillNotReady,
    DifferenceNotOpen,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnknown,
    ResolutionMissing,
)
from orders.integrations.gateways import PaymentGateway
from orders.integrations.providers import gateway_for
from orders.models.payments import Refund
from orders.models.reconciliation import BillCheck, BillDifference
from orders.selectors.reconciliation import bills_due, our_moves, providers_used
from orders.services.ledger import transfers_post

# Providers have the bill of a day ready at ten on the next morning.
BILLS_READY_AT = time(10, 0)
# Bills are kept for three months; one that was not to be had waits as long.
DAYS_BACK = 80


def bill_reconcile(*, provider: str, day: date, now: datetime) -> BillCheck:
    """Compare the bill of a local day with our books and store what differs.

    A day is checked once; a second call returns what the first one stored.
    The provider's fee is posted with the check. Call it outside any
    transaction: it talks to the provider.

    Raises
    ------
    GatewayUnknown
        If no such provider is configured.
    BillNotReady, GatewayUnavailable, GatewayRefused
        If there is no bill to be had now.
    """
    gateway = gateway_for(provider)
    if check := BillCheck.objects.filter(provider=provider, bill_date=day).first():
        return check
    bill = gateway.bill(day)
    crashpoint("reconciliation.bill_read")
    try:
        return _check_store(bill, now)
    except IntegrityError:
        return BillCheck.objects.get(provider=provider, bill_date=day)


def bills_reconcile_due(*, now: datetime) -> Mapping[str, int]:
    """Check every bill that should be there by now; return how many, and what they differ in.

    Days are taken in order: a refund that ended on one day may be in the bill
    of an earlier one. A bill that is not to be had is left for the next call,
    with all later ones of its provider.
    """
    local = timezone.localtime(now)
    until = local.date() - timedelta(days=1 if local.time() >= BILLS_READY_AT else 2)
    counts = {"bills_checked": 0, "bills_waiting": 0, "differences_found": 0}
    for gateway in _gateways():
        for day in bills_due(provider=gateway.name, until=until, days=DAYS_BACK):
            try:
                check = bill_reconcile(provider=gateway.name, day=day, now=now)
            except (BillNotReady, GatewayUnavailable, GatewayRefused):
                counts["bills_waiting"] += 1
                break
            counts["bills_checked"] += 1
            counts["differences_found"] += check.differences.count()
    return counts


@transaction.atomic
def difference_resolve(*, difference_id: int, actor: User, resolution: str, now: datetime) -> None:
    """Note who cleared a difference up and how; it changes nothing else.

    Raises `ResolutionMissing` without a reason, and `DifferenceNotOpen` if
    somebody was first.
    """
    reason = resolution.strip()
    if not reason:
        raise ResolutionMissing("Say how the difference was cleared up.")
    changed = BillDifference.objects.filter(pk=difference_id, resolved_at__isnull=True).update(
        resolved_at=now, resolved_by=actor, resolution=reason[:200]
    )
    if not changed:
        raise DifferenceNotOpen("This difference has been cleared up already.")


def _gateways() -> list[PaymentGateway]:
    """The configured providers that ever took a payment; an import is none."""
    found = []
    for name in providers_used():
        try:
            found.append(gateway_for(name))
        except GatewayUnknown:
            continue
    return found


@transaction.atomic
def _check_store(bill: Bill, now: datetime) -> BillCheck:
    numbers = {row.number for row in bill.rows}
    ours = our_moves(provider=bill.provider, day=bill.bill_date, numbers=numbers)
    check = BillCheck.objects.create(
        provider=bill.provider,
        bill_date=bill.bill_date,
        checked_at=now,
        payments=sum(row.kind == BillRowKind.PAYMENT for row in bill.rows),
        payments_fen=counted_fen(bill, BillRowKind.PAYMENT),
        refunds=sum(row.kind == BillRowKind.REFUND for row in bill.rows),
        refunds_fen=counted_fen(bill, BillRowKind.REFUND),
        fee_fen=fees_of(bill),
    )
    BillDifference.objects.bulk_create(
        BillDifference(
            check_of=check,
            kind=difference.kind.value,
            number=difference.number,
            ours_fen=difference.ours_fen,
            theirs_fen=difference.theirs_fen,
            detail=difference.detail,
        )
        for difference in bill_differences(ours, bill)
    )
    _refunds_mark(bill)
    if check.fee_fen:
        transfers_post(
            drafts=[
                gateway_fee(
                    provider=bill.provider,
                    bill_date=bill.bill_date,
                    fee_fen=check.fee_fen,
                    business_date=timezone.localdate(now),
                )
            ],
            now=now,
        )
    return check


def _refunds_mark(bill: Bill) -> None:
    """Note which day's bill has a refund, so that no later one is searched for it."""
    numbers = [
        row.number for row in bill.rows if row.kind == BillRowKind.REFUND and is_counted(row)
    ]
    ours = Refund.objects.filter(out_refund_no__in=numbers, payment__provider=bill.provider)
    ids = list(ours.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Refund.objects.filter(pk__in=ids, billed_on__isnull=True).update(billed_on=bill.bill_date)
