"""What suppliers are owed for accepted goods, and what they have to bear of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet, Sum
from django.utils import timezone

from fulfillment.models.purchasing import Supplier
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.models.supplier_accounts import (
    SupplierClaim,
    SupplierClaimState,
    SupplierStatement,
)

COST_FEN = ExpressionWrapper(
    F("accepted_qty") * F("purchase_line__unit_cost_fen"), output_field=BigIntegerField()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Whole local days, both included."""

    from_on: date
    until_on: date

    @property
    def begins_at(self) -> datetime:
        """The first moment."""
        return _midnight(self.from_on)

    @property
    def ends_at(self) -> datetime:
        """The first moment after."""
        return _midnight(self.until_on + timedelta(days=1))


def goods_lines(supplier: Supplier, days: Days) -> QuerySet[GoodsReceiptLine]:
    """The counts of a supplier's goods that stand, of the days they were counted on."""
    return GoodsReceiptLine.objects.standing().filter(
        purchase_line__purchase_order__supplier=supplier,
        counted_at__gte=days.begins_at,
        counted_at__lt=days.ends_at,
    )


def goods_fen(supplier: Supplier, days: Days) -> int:
    """What is owed for the goods accepted in these days, in fen."""
    total: int = goods_lines(supplier, days).aggregate(fen=Sum(COST_FEN, default=0))["fen"]
    return total


def claims_to_deduct(supplier: Supplier, days: Days, *, at_most_fen: int) -> list[SupplierClaim]:
    """Accepted claims not deducted yet, oldest first, as far as the goods cover them.

    A claim is deducted whole or later; those raised after the days wait.
    """
    taken: list[SupplierClaim] = []
    left_fen = at_most_fen
    waiting = SupplierClaim.objects.filter(
        supplier=supplier,
        state=SupplierClaimState.ACCEPTED,
        statement__isnull=True,
        raised_at__lt=days.ends_at,
    )
    for claim in waiting.order_by("raised_at", "pk"):
        if claim.amount_fen <= left_fen:
            taken.append(claim)
            left_fen -= claim.amount_fen
    return taken


def statements_overlapping(supplier: Supplier, days: Days) -> QuerySet[SupplierStatement]:
    """The statements that share a day with these."""
    return SupplierStatement.objects.filter(
        supplier=supplier, from_on__lte=days.until_on, until_on__gte=days.from_on
    )


def runs_open_of(supplier: Supplier, days: Days) -> int:
    """How many days with goods of a supplier are not closed: their counts may still change."""
    return (
        goods_lines(supplier, days)
        .filter(purchase_line__purchase_order__run__day_closed_at__isnull=True)
        .values("purchase_line__purchase_order__run_id")
        .distinct()
        .count()
    )


def suppliers_with_goods(days: Days) -> Iterable[Supplier]:
    """Suppliers whose goods were accepted in these days and stand in no statement."""
    counted = GoodsReceiptLine.objects.standing().filter(
        counted_at__gte=days.begins_at, counted_at__lt=days.ends_at, accepted_qty__gt=0
    )
    stated = SupplierStatement.objects.filter(
        from_on__lte=days.until_on, until_on__gte=days.from_on
    )
    return (
        Supplier.objects.filter(pk__in=counted.values("purchase_line__purchase_order__supplier_id"))
        .exclude(pk__in=stated.values("supplier_id"))
        .order_by("code")
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
