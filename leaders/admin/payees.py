"""Payees, only shown and masked: the desk of finance opens numbers, one by one."""

from django.contrib import admin

from leaders.admin.records import ShownAdmin
from leaders.models.payees import Payee


@admin.register(Payee)
class PayeeAdmin(ShownAdmin[Payee]):
    """Who is paid; sealed numbers never stand on these pages."""

    list_display = (
        "leader",
        "kind",
        "legal_name",
        "id_no_last4",
        "bank_account_last4",
        "verified_at",
        "verified_by",
    )
    list_filter = ("kind", "verified_at")
    list_select_related = ("leader", "verified_by")
    search_fields = ("leader__code", "leader__name", "legal_name")
    fields = (
        "leader",
        "kind",
        "legal_name",
        "id_no_last4",
        "bank_name",
        "bank_account_last4",
        "consented_at",
        "verified_at",
        "verified_by",
    )
    readonly_fields = fields
