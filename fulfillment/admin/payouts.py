"""Statements, batches, payouts and tax, only shown: services write them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fulfillment.models.payouts import Payout, PayoutBatch, TaxWithholding
from fulfillment.models.settlement import SettlementStatement
from leaders.admin.columns import percent
from leaders.admin.records import ShownAdmin
from orders.admin.money import yuan


@admin.register(SettlementStatement)
class SettlementStatementAdmin(ShownAdmin[SettlementStatement]):
    """What leaders were owed, week by week."""

    num_earned = yuan("earned_fen", _("earned"))
    num_deducted = yuan("deducted_fen", _("deducted"))
    num_carried = yuan("carried_fen", _("carried in"))
    num_tax = yuan("tax_fen", _("tax withheld"))
    num_net = yuan("net_fen", _("net"))
    list_display = (
        "statement_no",
        "leader",
        "period_until",
        "state",
        "num_earned",
        "num_deducted",
        "num_carried",
        "num_tax",
        "num_net",
    )
    list_filter = ("state", "period_until")
    list_select_related = ("leader",)
    search_fields = ("statement_no", "leader__code", "leader__name")
    fields = (
        "statement_no",
        "leader",
        "period_from",
        "period_until",
        "state",
        "num_earned",
        "num_deducted",
        "num_carried",
        "num_tax",
        "num_net",
        "issued_at",
        "carried_into",
    )
    readonly_fields = fields


@admin.register(PayoutBatch)
class PayoutBatchAdmin(ShownAdmin[PayoutBatch]):
    """Batches and the two people who stand for each."""

    list_display = ("batch_no", "channel", "state", "prepared_by", "prepared_at", "decided_by")
    list_filter = ("state", "channel", "prepared_at")
    list_select_related = ("prepared_by", "decided_by")
    search_fields = ("batch_no",)
    fields = (
        "batch_no",
        "channel",
        "state",
        "prepared_by",
        "prepared_at",
        "decided_by",
        "decided_at",
        "note",
    )
    readonly_fields = fields


@admin.register(Payout)
class PayoutAdmin(ShownAdmin[Payout]):
    """Transfers to leaders and what became of each."""

    num_amount = yuan("amount_fen", _("amount"))
    list_display = ("payout_no", "batch", "statement", "num_amount", "state", "closed_at", "error")
    list_filter = ("state", "closed_at")
    list_select_related = ("batch", "statement")
    search_fields = ("payout_no", "provider_no", "statement__statement_no")
    fields = (
        "payout_no",
        "batch",
        "statement",
        "num_amount",
        "state",
        "provider_no",
        "confirm_by",
        "next_query_at",
        "error",
        "closed_at",
    )
    readonly_fields = fields


@admin.register(TaxWithholding)
class TaxWithholdingAdmin(ShownAdmin[TaxWithholding]):
    """The tax of each statement with the figures behind it."""

    num_income = yuan("income_fen", _("income"))
    num_year_income = yuan("year_income_fen", _("income of the year"))
    num_taxable = yuan("year_taxable_fen", _("taxable of the year"))
    num_rate = percent("rate_bp", _("rate"))
    num_quick = yuan("quick_deduction_fen", _("quick deduction"))
    num_year_tax = yuan("year_tax_fen", _("tax of the year"))
    num_tax = yuan("tax_fen", _("tax withheld"))
    list_display = (
        "statement",
        "leader",
        "month",
        "num_income",
        "num_year_income",
        "months",
        "num_rate",
        "num_tax",
    )
    list_filter = ("method", "month")
    list_select_related = ("statement", "leader")
    search_fields = ("statement__statement_no", "leader__code", "leader__name")
    fields = (
        "statement",
        "leader",
        "method",
        "month",
        "num_income",
        "num_year_income",
        "months",
        "num_taxable",
        "num_rate",
        "num_quick",
        "num_year_tax",
        "num_tax",
    )
    readonly_fields = fields
