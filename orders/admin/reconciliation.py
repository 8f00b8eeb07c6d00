"""Bills and books: checked days, differences to be cleared up, and what the nightly check found."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import figure, moment
from leaders.admin.records import KeptAdmin, ShownAdmin, ShownInline
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.money import yuan
from orders.models.reconciliation import BillCheck, BillDifference, BooksCheck
from orders.services.reconciliation import difference_resolve


class DifferenceInline(ShownInline[BillDifference, BillCheck]):
    """What a day differs in."""

    num_ours = yuan("ours_fen", _("ours"))
    num_theirs = yuan("theirs_fen", _("theirs"))
    model = BillDifference
    fields = ("kind", "number", "num_ours", "num_theirs", "detail", "resolution")
    readonly_fields = fields


@admin.register(BillCheck)
class BillCheckAdmin(ShownAdmin[BillCheck]):
    """Each day of each provider, with the sums of its bill."""

    num_payments = figure("payments", _("payments in the bill"))
    num_paid = yuan("payments_fen", _("paid, by the bill"))
    num_refunds = figure("refunds", _("refunds in the bill"))
    num_refunded = yuan("refunds_fen", _("refunded, by the bill"))
    num_fee = yuan("fee_fen", _("fees, by the bill"))
    num_open = figure("open_differences", _("open differences"))
    shown_checked_at = moment("checked_at", _("checked at"))
    list_display = (
        "bill_date",
        "provider",
        "num_payments",
        "num_paid",
        "num_refunds",
        "num_refunded",
        "num_fee",
        "num_open",
        "shown_checked_at",
    )
    list_filter = ("provider", "bill_date")
    fields = list_display
    readonly_fields = fields
    inlines = (DifferenceInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BillCheck]:
        """Count what is not cleared up in the same query."""
        is_open = Q(differences__isnull=False, differences__resolved_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(open_differences=Count("differences", filter=is_open))
        )


class OpenFilter(admin.SimpleListFilter):
    """Differences that wait for somebody, or are cleared up."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two answers."""
        return [("yes", _("Not cleared up")), ("no", _("Cleared up"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[BillDifference]
    ) -> QuerySet[BillDifference]:
        """Filter by the moment it was cleared up."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() == "yes")


@admin.register(BillDifference)
class BillDifferenceAdmin(KeptAdmin[BillDifference]):
    """Open ones first, with both amounts; whoever clears one up says how."""

    num_ours = yuan("ours_fen", _("ours"))
    num_theirs = yuan("theirs_fen", _("theirs"))
    shown_resolved_at = moment("resolved_at", _("cleared up at"))
    list_display = (
        "number",
        "kind",
        "num_ours",
        "num_theirs",
        "check_of",
        "shown_resolved_at",
        "resolution",
    )
    list_filter = (OpenFilter, "kind", "check_of__provider")
    list_select_related = ("check_of",)
    ordering = (F("resolved_at").desc(nulls_first=True), "-pk")
    search_fields = ("number",)
    fields = (
        "check_of",
        "kind",
        "number",
        "num_ours",
        "num_theirs",
        "detail",
        "resolution",
        "shown_resolved_at",
        "resolved_by",
    )
    readonly_fields = tuple(field for field in fields if field != "resolution")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the check of a bill adds."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: BillDifference | None = None
    ) -> bool:
        """What is cleared up stays as it is."""
        is_open = obj is None or obj.resolved_at is None
        return is_open and super().has_change_permission(request, obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: BillDifference | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> "type[forms.ModelForm[BillDifference]]":
        """Ask for the reason."""
        form = super().get_form(request, obj, change, **kwargs)
        if "resolution" in form.base_fields:
            form.base_fields["resolution"].required = True
        return form

    def save_model(
        self, request: HttpRequest, obj: BillDifference, form: Any, change: bool
    ) -> None:
        """Clear the difference up, by the service."""
        if not isinstance(request.user, User):
            return
        try:
            difference_resolve(
                difference_id=obj.pk,
                actor=request.user,
                resolution=obj.resolution,
                now=timezone.now(),
            )
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)


@admin.register(BooksCheck)
class BooksCheckAdmin(ShownAdmin[BooksCheck]):
    """Every check of the books, and who broke which law."""

    num_violations = figure("violations", _("violations"))
    shown_checked_at = moment("checked_at", _("checked at"))
    list_display = ("shown_checked_at", "num_violations", "laws")
    fields = ("shown_checked_at", "num_violations", "findings_in_words")
    readonly_fields = fields

    @admin.display(description=_("laws broken"))
    def laws(self, check: BooksCheck) -> str:
        """The names of the laws."""
        return ", ".join(finding["name"] for finding in check.findings) or "—"

    @admin.display(description=_("findings"))
    def findings_in_words(self, check: BooksCheck) -> SafeString | str:
        """Each law with its first offenders."""
        return (
            format_html_join(
                "",
                "<p><strong>{}</strong> ({}): {}</p>",
                (
                    (finding["law"], finding["violations"], ", ".join(finding["offenders"]))
                    for finding in check.findings
                ),
            )
            or "—"
        )
