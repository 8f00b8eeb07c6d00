"""What our books have of a provider's day, to be compared with its bill."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.domain.gateway import BillRowKind
from orders.domain.reconciliation import OurMove
from orders.models.payments import Payment, PaymentState, Refund, RefundState
from orders.models.reconciliation import BillCheck


def our_moves(*, provider: str, day: date, numbers: Collection[str]) -> list[OurMove]:
    """Return the moves of a provider that settled on a local day, and those with these numbers."""
    payments = (
        Payment.objects.filter(provider=provider)
        .filter(
            Q(state=PaymentState.SUCCEEDED, succeeded_at__date=day) | Q(out_trade_no__in=numbers)
        )
        .annotate(came_fen=Coalesce("received_fen", "amount_fen"))
        .values_list("out_trade_no", "came_fen", "state", "succeeded_at")
    )
    refunds = (
        Refund.objects.filter(payment__provider=provider)
        .filter(
            Q(state=RefundState.SUCCEEDED, succeeded_at__date=day) | Q(out_refund_no__in=numbers)
        )
        .annotate(went_fen=F("amount_fen"))
        .values_list("out_refund_no", "went_fen", "state", "succeeded_at")
    )
    return [
        OurMove(
            kind=kind,
            number=number,
            amount_fen=amount_fen,
            state=state,
            settled_on=_local_day(succeeded_at),
        )
        for kind, rows in ((BillRowKind.PAYMENT, payments), (BillRowKind.REFUND, refunds))
        for number, amount_fen, state, succeeded_at in rows
        # A payment of nothing is no row of any bill.
        if amount_fen
    ]


def bills_due(*, provider: str, until: date, days: int) -> list[date]:
    """Return the days of a provider whose bills were not checked, oldest first.

    They begin with its first payment, at most `days` days before `until`.
    """
    first = Payment.objects.filter(provider=provider).aggregate(at=Min("created_at"))["at"]
    if first is None:
        return []
    since = max(until - timedelta(days=days - 1), timezone.localdate(first))
    checked = set(
        BillCheck.objects.filter(provider=provider, bill_date__gte=since).values_list(
            "bill_date", flat=True
        )
    )
    whole = [since + timedelta(days=ahead) for ahead in range((until - since).days + 1)]
    return [day for day in whole if day not in checked]


def providers_used() -> list[str]:
    """Return the names of all providers that payments were made with, in order."""
    return sorted(Payment.objects.order_by().values_list("provider", flat=True).distinct())


def _local_day(moment: datetime | None) -> date | None:
    return None if moment is None else timezone.localdate(moment)
