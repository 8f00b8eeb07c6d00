"""The books, only shown: accounts with their balances, and every transfer."""

from django.contrib import admin
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import ShownAdmin
from orders.admin.money import yuan
from orders.models.ledger import Account, Transfer


def _turnover(side: str) -> Coalesce:
    rows = Transfer.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    summed = Subquery(
        rows.annotate(fen=Sum("amount_fen")).values("fen"), output_field=IntegerField()
    )
    return Coalesce(summed, 0)


@admin.register(Account)
class AccountAdmin(ShownAdmin[Account]):
    """Balances, summed from the transfers each time."""

    num_debit = yuan("debit_fen", _("debits"))
    num_credit = yuan("credit_fen", _("credits"))
    num_balance = yuan("balance_fen", _("balance (debits less credits)"))
    list_display = (
        "code",
        "kind",
        "num_debit",
        "num_credit",
        "num_balance",
    )
    list_filter = ("kind",)
    search_fields = ("code",)
    fields = (
        "code",
        "kind",
        "num_debit",
        "num_credit",
        "num_balance",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Sum both sides in the same query."""
        return (
            super()
            .get_queryset(request)
            .annotate(debit_fen=_turnover("debit"), credit_fen=_turnover("credit"))
            .annotate(balance_fen=F("debit_fen") - F("credit_fen"))
        )


@admin.register(Transfer)
class TransferAdmin(ShownAdmin[Transfer]):
    """Every movement of money, append-only."""

    num_amount = yuan("amount_fen", _("amount"))
    shown_created_at = moment("created_at", _("created at"))
    list_display = (
        "pk",
        "business_date",
        "event",
        "debit",
        "credit",
        "num_amount",
        "ref_id",
        "shown_created_at",
    )
    list_filter = ("event", "business_date", "ref_type")
    list_select_related = ("debit", "credit")
    search_fields = ("idem_key", "ref_id", "order__order_no")
    fields = (
        "business_date",
        "event",
        "debit",
        "credit",
        "num_amount",
        "ref_type",
        "ref_id",
        "order",
        "reverses",
        "idem_key",
        "created_at",
    )
    readonly_fields = fields
    ordering = ("-pk",)
