"""What our books have of a provider's day, to be compared with its bill."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.domain.gateway import BillRowKind
from orders.domain.reconciliation import OurMove
from orders.models.payments import Payment, PaymentState, Refund, RefundState
from orders.models.reconciliation import BillCheck


def our_moves(*, provider: str, day: date, numbers: Collection[str]) -> list[OurMove]:
    """Return what must be in the bill of a local day, and what has one of these numbers.

    That is every payment of the day, and every refund that ended on the day
    and was in no bill of an earlier one; those bills must have been checked.
    """
    return [*_payments(provider, day, numbers), *_refunds(provider, day, numbers)]


def _payments(provider: str, day: date, numbers: Collection[str]) -> Iterator[OurMove]:
    of_the_day = Q(state=PaymentState.SUCCEEDED, succeeded_at__date=day)
    rows = (
        Payment.objects.filter(provider=provider)
        .filter(of_the_day | Q(out_trade_no__in=numbers))
        .annotate(came_fen=Coalesce("received_fen", "amount_fen"))
        # A payment of nothing is no row of any bill.
        .filter(came_fen__gt=0)
        .values_list("out_trade_no", "came_fen", "state", "succeeded_at")
    )
    for number, amount_fen, state, succeeded_at in rows:
        settled_on = _local_day(succeeded_at)
        yield OurMove(
            kind=BillRowKind.PAYMENT,
            number=number,
            amount_fen=amount_fen,
            state=state,
            settled_on=settled_on,
            is_due=settled_on == day,
        )


def _refunds(provider: str, day: date, numbers: Collection[str]) -> Iterator[OurMove]:
    ended = Q(state=RefundState.SUCCEEDED, succeeded_at__date=day, billed_on__isnull=True)
    rows = (
        Refund.objects.filter(payment__provider=provider)
        .filter(ended | Q(out_refund_no__in=numbers))
        .values_list("out_refund_no", "amount_fen", "state", "succeeded_at", "billed_on")
    )
    for number, amount_fen, state, succeeded_at, billed_on in rows:
        settled_on = _local_day(succeeded_at)
        yield OurMove(
            kind=BillRowKind.REFUND,
            number=number,
            amount_fen=amount_fen,
            state=state,
            settled_on=settled_on,
            is_due=settled_on == day and billed_on is None,
            is_given_up=state == RefundState.CLOSED,
        )


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
