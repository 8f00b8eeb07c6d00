"""Supplier statements in the admin: made for days, closed, paid, exported."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fulfillment.admin.supplier_workbooks import supplier_statements_workbook
from fulfillment.models.purchasing import Supplier
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierStatement
from fulfillment.services.supplier_statements import (
    statement_close,
    statement_make,
    statement_pay,
)
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin, ShownInline
from leaders.errors import DomainError
from orders.admin.money import yuan


class DaysForm(forms.Form):
    """Whose statement, and for which days."""

    supplier = forms.ModelChoiceField(label=_("supplier"), queryset=Supplier.objects.all())
    from_on = forms.DateField(label=_("from"), widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(label=_("until"), widget=forms.DateInput(attrs={"type": "date"}))


class DeductedClaimInline(ShownInline[SupplierClaim, SupplierStatement]):
    """The claims a statement deducts."""

    model = SupplierClaim
    verbose_name_plural = _("claims deducted")
    goods = Column("purchase_line__sku", _("goods"), str)
    num_qty = figure("qty", _("pieces"))
    num_amount = yuan("amount_fen", _("amount"))
    shown_raised_at = moment("raised_at", _("raised at"))
    fields = ("goods", "num_qty", "num_amount", "shown_raised_at", "decision_note")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierClaim]:
        """With their goods."""
        claims: QuerySet[SupplierClaim] = super().get_queryset(request)
        return claims.select_related("purchase_line__sku").order_by("raised_at", "pk")


@admin.register(SupplierStatement)
class SupplierStatementAdmin(ShownAdmin[SupplierStatement]):
    """What every supplier is owed; a draft is summed anew when it is closed."""

    num_goods = yuan("goods_fen", _("goods accepted"))
    num_claims = yuan("claims_fen", _("claims deducted"))
    num_due = yuan("due_fen", _("due"))
    shown_made_at = moment("made_at", _("made at"))
    shown_closed_at = moment("closed_at", _("closed at"))
    change_list_template = "admin/fulfillment/supplierstatement/change_list.html"
    list_display = (
        "statement_no",
        "supplier",
        "from_on",
        "until_on",
        "num_goods",
        "num_claims",
        "num_due",
        "due_on",
        "state",
    )
    list_filter = ("state", "supplier")
    list_select_related = ("supplier",)
    search_fields = ("statement_no", "supplier__code", "supplier__name")
    date_hierarchy = "until_on"
    fields = (
        "statement_no",
        "supplier",
        "from_on",
        "until_on",
        "num_goods",
        "num_claims",
        "num_due",
        "due_on",
        "state",
        "shown_made_at",
        "shown_closed_at",
    )
    readonly_fields = fields
    inlines = (DeductedClaimInline,)
    actions = ("close", "pay", "export_xlsx")

    def get_urls(self) -> list[URLPattern]:
        """Making a statement beside Django's own pages."""
        view = self.admin_site.admin_view(require_POST(self.make_view))
        name = "fulfillment_supplierstatement_make"
        return [path("make/", view, name=name), *super().get_urls()]

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may make, close and pay statements."""
        return request.user.has_perm("fulfillment.change_supplierstatement")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the form that makes a statement, for those who may."""
        form = DaysForm() if self.has_run_permission(request) else None
        return super().changelist_view(request, {**(extra_context or {}), "days_form": form})

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """Draft a statement for days that are over."""
        if not self.has_run_permission(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:fulfillment_supplierstatement_changelist"))
        form = DaysForm(request.POST)
        if not form.is_valid():
            text = gettext("Choose a supplier and its days.")
            self.message_user(request, text, messages.ERROR)
            return back
        days = form.cleaned_data
        try:
            made = statement_make(
                supplier_id=days["supplier"].pk,
                from_on=days["from_on"],
                until_on=days["until_on"],
                now=timezone.now(),
            )
        except DomainError as error:
            self.message_user(request, gettext(error.message), messages.ERROR)
            return back
        return HttpResponseRedirect(
            reverse("admin:fulfillment_supplierstatement_change", args=[made.pk])
        )

    @admin.action(description=_("Close: deduct the claims and fix the sum"), permissions=["run"])
    def close(self, request: HttpRequest, statements: QuerySet[SupplierStatement]) -> None:
        """Close the chosen drafts."""
        self._each(request, statements, statement_close)

    @admin.action(description=_("Paid"), permissions=["run"])
    def pay(self, request: HttpRequest, statements: QuerySet[SupplierStatement]) -> None:
        """Note that the chosen statements were paid."""
        self._each(request, statements, statement_pay)

    @admin.action(description=_("Export as a spreadsheet (xlsx)"), permissions=["view"])
    def export_xlsx(
        self, request: HttpRequest, statements: QuerySet[SupplierStatement]
    ) -> FileResponse:
        """Every count and every deduction of the chosen statements."""
        return FileResponse(
            supplier_statements_workbook(statements),
            as_attachment=True,
            filename=f"supplier_statements_{timezone.localdate():%Y%m%d}.xlsx",
        )

    def _each(
        self,
        request: HttpRequest,
        statements: QuerySet[SupplierStatement],
        do: Callable[..., SupplierStatement],
    ) -> None:
        """Do one thing to each, and say of which it was not possible."""
        done = 0
        for statement in statements.order_by("until_on", "pk"):
            try:
                do(statement_id=statement.pk, now=timezone.now())
                done += 1
            except DomainError as error:
                text = f"{statement}: {gettext(error.message)}"
                self.message_user(request, text, messages.ERROR)
        if done:
            text = gettext("{count} statements done.").format(count=done)
            self.message_user(request, text, messages.SUCCESS)
