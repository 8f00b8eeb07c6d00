"""The books, only shown: accounts with their balances, and every transfer."""

from typing import Any

from django.contrib import admin
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import Column, moment
from leaders.admin.records import ShownAdmin
from orders.admin.money import yuan
from orders.domain.accounts import (
    BANK,
    CLEARING,
    COMMISSION_EXPENSE,
    CUSTOMER_PREPAID,
    GATEWAY_FEE,
    LEADER_PAYABLE,
    PURCHASES,
    REFUND_PAYABLE,
    SALES,
    SHORTAGE_LOSS,
    SUPPLIER_PAYABLE,
    SUSPENSE,
    AccountKind,
)
from orders.domain.transfers import LedgerEvent
from orders.models.ledger import Account, Transfer

ACCOUNT_LABELS = {
    BANK: _("bank"),
    CUSTOMER_PREPAID: _("prepaid by residents"),
    REFUND_PAYABLE: _("refunds to pay"),
    SALES: _("sales"),
    PURCHASES: _("purchases"),
    COMMISSION_EXPENSE: _("commission expense"),
    GATEWAY_FEE: _("payment fees"),
    SHORTAGE_LOSS: _("shortage losses"),
    SUSPENSE: _("suspense"),
    CLEARING: _("held by the payment provider"),
    LEADER_PAYABLE: _("owed to leader"),
    SUPPLIER_PAYABLE: _("owed to supplier"),
}
KIND_LABELS = {
    AccountKind.ASSET: _("asset"),
    AccountKind.LIABILITY: _("liability"),
    AccountKind.INCOME: _("income"),
    AccountKind.EXPENSE: _("expense"),
}
EVENT_LABELS = {
    LedgerEvent.PAYMENT_RECEIVED: _("payment received"),
    LedgerEvent.PAYMENT_SUSPENDED: _("payment suspended"),
    LedgerEvent.SUSPENSE_ACCEPTED: _("suspended payment accepted"),
    LedgerEvent.SUSPENSE_REFUND_DUE: _("suspended payment goes back"),
    LedgerEvent.REFUND_DUE: _("refund due"),
    LedgerEvent.SOLD_REFUND_DUE: _("refund after the sale due"),
    LedgerEvent.REFUND_PAID: _("refund paid"),
    LedgerEvent.LOSS_BORNE: _("loss borne by another"),
    LedgerEvent.GOODS_RECEIVED: _("goods accepted"),
    LedgerEvent.SUPPLIER_PAID: _("supplier paid"),
    LedgerEvent.COMMISSION_HELD: _("commission held"),
    LedgerEvent.COMMISSION_CLAWBACK: _("commission taken back"),
    LedgerEvent.PAYOUT: _("commission paid out"),
    LedgerEvent.HANDOVER_SALE: _("sale at handover"),
    LedgerEvent.GATEWAY_FEE: _("payment fee"),
    LedgerEvent.CLEARING_SETTLED: _("settled to the bank"),
    LedgerEvent.REVERSAL: _("reversal"),
}


def account_text(code: str) -> str:
    """An account in words: leader_payable:L0001 is 'owed to leader L0001'."""
    name, _colon, whose = code.partition(":")
    return f"{ACCOUNT_LABELS.get(name, name)} {whose}".strip()


def kind_text(kind: str) -> str:
    """A kind of account in words."""
    return str(KIND_LABELS.get(AccountKind(kind), kind))


def event_text(event: str) -> str:
    """A business event in words."""
    return str(EVENT_LABELS.get(LedgerEvent(event), event))


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
    in_words = Column("code", _("account"), account_text, "code")
    kind_in_words = Column("kind", _("kind"), kind_text, "kind")
    list_display = (
        "in_words",
        "kind_in_words",
        "num_debit",
        "num_credit",
        "num_balance",
    )
    search_fields = ("code",)
    fields = (
        "in_words",
        "code",
        "kind_in_words",
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


class EventFilter(admin.SimpleListFilter):
    """Business events in words."""

    title = _("business event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All events there are."""
        return [(event.value, label) for event, label in EVENT_LABELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> QuerySet[Transfer]:
        """Transfers of the chosen event."""
        event = self.value()
        return queryset.filter(event=event) if event else queryset


@admin.register(Transfer)
class TransferAdmin(ShownAdmin[Transfer]):
    """Every movement of money, append-only."""

    num_amount = yuan("amount_fen", _("amount"))
    shown_created_at = moment("created_at", _("created at"))
    event_in_words = Column("event", _("business event"), event_text, "event")
    debit_in_words = Column("debit__code", _("debit"), account_text, "debit__code")
    credit_in_words = Column("credit__code", _("credit"), account_text, "credit__code")
    list_display = (
        "business_date",
        "event_in_words",
        "debit_in_words",
        "credit_in_words",
        "num_amount",
        "ref_id",
        "shown_created_at",
    )
    list_filter = ("business_date", EventFilter)
    list_select_related = ("debit", "credit")
    search_fields = ("idem_key", "ref_id", "order__order_no")
    fields = (
        "business_date",
        "event_in_words",
        "debit_in_words",
        "credit_in_words",
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
