"""Claims on suppliers in the admin: what each is about, and how it is answered."""

from typing import Any, cast

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

from fulfillment.admin.supplier_workbooks import supplier_claims_workbook
from fulfillment.domain.lifecycle import SUPPLIER_CLAIM_LIFECYCLE
from fulfillment.models.supplier_accounts import SupplierClaim, SupplierClaimState
from fulfillment.services.supplier_claims import supplier_claim_object, supplier_claim_settle
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.money import yuan

ANSWERS = (
    SupplierClaimState.OBJECTED,
    SupplierClaimState.ACCEPTED,
    SupplierClaimState.DROPPED,
)


class AnswerForm(forms.Form):
    """What the supplier said, or how it was decided."""

    answer = forms.ChoiceField(
        label=_("answer"), choices=[(state.value, state.label) for state in ANSWERS]
    )
    note = forms.CharField(
        label=_("note"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"size": 60}),
    )


@admin.register(SupplierClaim)
class SupplierClaimAdmin(ShownAdmin[SupplierClaim]):
    """Every claim with its goods; answered on its page, deducted by a statement."""

    num_qty = figure("qty", _("pieces"))
    num_amount = yuan("amount_fen", _("amount"))
    goods = Column("purchase_line__sku", _("goods"), str)
    order = Column("purchase_line__purchase_order__po_no", _("purchase order"), str)
    cause = Column("case__get_cause_display", _("cause"), lambda name: str(name()))
    note = Column("case__note", _("found"), str)
    shown_raised_at = moment("raised_at", _("raised at"))
    shown_object_by = moment("object_by", _("may be objected to until"))
    shown_decided_at = moment("decided_at", _("decided at"))
    change_form_template = "admin/fulfillment/supplierclaim/change_form.html"
    list_display = (
        "supplier",
        "goods",
        "num_qty",
        "num_amount",
        "state",
        "shown_raised_at",
        "shown_object_by",
        "statement",
    )
    list_filter = ("state", "supplier")
    list_select_related = (
        "supplier",
        "statement",
        "case",
        "purchase_line__sku",
        "purchase_line__purchase_order",
        "decided_by",
    )
    search_fields = ("supplier__code", "supplier__name", "purchase_line__sku__code")
    date_hierarchy = "raised_at"
    ordering = ("-raised_at", "-pk")
    fields = (
        "supplier",
        "goods",
        "order",
        "case",
        "cause",
        "note",
        "num_qty",
        "num_amount",
        "state",
        "shown_raised_at",
        "shown_object_by",
        "supplier_note",
        "shown_decided_at",
        "decided_by",
        "decision_note",
        "statement",
    )
    readonly_fields = fields
    actions = ("export_xlsx",)

    def get_urls(self) -> list[URLPattern]:
        """The answer beside Django's own pages."""
        view = self.admin_site.admin_view(require_POST(self.answer_view))
        name = "fulfillment_supplierclaim_answer"
        return [path("<int:claim_id>/answer/", view, name=name), *super().get_urls()]

    def page_title(self, row: SupplierClaim) -> str:
        """The supplier and the goods."""
        return f"{row.supplier} · {row.purchase_line.sku}"

    def has_answer_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may answer claims."""
        return request.user.has_perm("fulfillment.change_supplierclaim")

    def answer_view(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Note an objection, or decide."""
        if not self.has_answer_permission(request):
            raise PermissionDenied
        form = AnswerForm(request.POST)
        if form.is_valid():
            try:
                _answer(claim_id, form.cleaned_data, cast(User, request.user))
            except DomainError as error:
                self.message_user(request, gettext(error.message), messages.ERROR)
            else:
                self.message_user(request, gettext("The answer is noted."), messages.SUCCESS)
        else:
            self.message_user(request, gettext("Choose an answer."), messages.ERROR)
        return HttpResponseRedirect(
            reverse("admin:fulfillment_supplierclaim_change", args=[claim_id])
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the form under a claim that can still be answered."""
        claim: SupplierClaim | None = context.get("original")
        if claim is not None and self.has_answer_permission(request):
            left = [
                state
                for state in ANSWERS
                if claim.state in SUPPLIER_CLAIM_LIFECYCLE.sources_of(state)
            ]
            if left:
                context["answer_form"] = AnswerForm()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Export as a spreadsheet (xlsx)"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, claims: QuerySet[SupplierClaim]) -> FileResponse:
        """The chosen claims, for the supplier or the accountant."""
        return FileResponse(
            supplier_claims_workbook(claims),
            as_attachment=True,
            filename=f"supplier_claims_{timezone.localdate():%Y%m%d}.xlsx",
        )


def _answer(claim_id: int, given: dict[str, Any], actor: User) -> None:
    now = timezone.now()
    if given["answer"] == SupplierClaimState.OBJECTED:
        supplier_claim_object(claim_id=claim_id, note=given["note"], now=now)
        return
    supplier_claim_settle(
        claim_id=claim_id,
        accept=given["answer"] == SupplierClaimState.ACCEPTED,
        note=given["note"],
        actor=actor,
        now=now,
    )
