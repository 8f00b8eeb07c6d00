"""Licences and certificates of suppliers: when they run out, and the files behind them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Field, FileField, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fulfillment.errors import SupplierFileRefused
from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.selectors.purchase_desk import EXPIRY_STEPS
from fulfillment.services.supplier_papers import BYTES_MAX, supplier_file
from leaders.admin.columns import NOTHING, Column, moment
from leaders.admin.records import KeptAdmin

if TYPE_CHECKING:
    _AnyField = Field[Any, Any]
else:
    _AnyField = Field

PDF, JPEG = "application/pdf", "image/jpeg"


class ExpiryFilter(admin.SimpleListFilter):
    """Papers that have run out or will within a week or a month."""

    title = _("runs out")
    parameter_name = "expires"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three spans."""
        return [
            ("0", _("Over, or last day")),
            ("7", _("Within 7 days")),
            ("30", _("Within 30 days")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[SupplierPaper]
    ) -> QuerySet[SupplierPaper]:
        """Filter by the last day; what has run out counts as running out."""
        steps = {str(step): step for step in EXPIRY_STEPS}
        step = steps.get(self.value() or "")
        if step is None:
            return queryset
        return queryset.filter(expires_on__lte=timezone.localdate() + timedelta(days=step))


class PaperFileField(forms.FileField):
    """Takes a PDF or photo and hands on what may be kept of it."""

    widget = AdminFileWidget

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file to keep; what was there before passes as it is."""
        kept = super().clean(data, initial)
        if not isinstance(kept, UploadedFile):
            return kept
        try:
            return supplier_file(kept.read(BYTES_MAX + 1))
        except SupplierFileRefused as error:
            raise ValidationError(gettext(error.message), code=error.code) from error


@admin.register(SupplierPaper)
class SupplierPaperAdmin(KeptAdmin[SupplierPaper]):
    """What suppliers handed in, by link or in the office."""

    shown_uploaded_at = moment("uploaded_at", _("uploaded at"))
    order = Column("purchase_order", _("purchase order"), str)
    list_display = (
        "supplier",
        "kind",
        "number",
        "expires_on",
        "days_left",
        "order",
        "uploaded_by",
        "shown_uploaded_at",
        "download",
    )
    list_filter = (ExpiryFilter, "kind", "supplier")
    list_select_related = ("supplier", "purchase_order", "uploaded_by")
    search_fields = ("supplier__code", "supplier__name", "number", "purchase_order__po_no")
    autocomplete_fields = ("supplier", "sku")
    fields = (
        "supplier",
        "kind",
        "number",
        "expires_on",
        "sku",
        "file",
        "download",
        "order",
        "uploaded_by",
        "shown_uploaded_at",
    )
    readonly_fields = ("download", "order", "uploaded_by", "shown_uploaded_at")

    def get_urls(self) -> list[URLPattern]:
        """The file beside Django's own pages."""
        guard = self.admin_site.admin_view
        name = "fulfillment_supplierpaper_file"
        return [path("<int:paper_id>/file/", guard(self.file_view), name=name), *super().get_urls()]

    def file_view(self, request: HttpRequest, paper_id: int) -> HttpResponseBase:
        """One file, for those who may see the papers; to keep and not to run."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        paper = get_object_or_404(SupplierPaper, pk=paper_id)
        if not paper.file:
            raise Http404
        name = str(paper.file.name)
        return FileResponse(
            paper.file.open("rb"),
            as_attachment=True,
            filename=f"{paper.kind}-{paper.pk}{name[name.rfind('.') :]}",
            content_type=PDF if name.endswith(".pdf") else JPEG,
        )

    def formfield_for_dbfield(
        self, db_field: _AnyField, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Look into what is uploaded."""
        if isinstance(db_field, FileField):
            return PaperFileField(
                label=db_field.verbose_name,
                required=not db_field.blank,
                help_text=_("PDF or photo, at most 10 MB."),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: SupplierPaper, form: Any, change: bool) -> None:
        """Note who put a new paper on file, and when."""
        if not change:
            obj.uploaded_at = timezone.now()
            obj.uploaded_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    @admin.display(description=_("days left"), ordering="expires_on")
    def days_left(self, paper: SupplierPaper) -> str:
        """Days until the last one; below 0 it is over."""
        if paper.expires_on is None:
            return NOTHING
        days = (paper.expires_on - timezone.localdate()).days
        return str(days) if days >= 0 else gettext("expired")

    @admin.display(description=_("file"))
    def download(self, paper: SupplierPaper) -> SafeString | str:
        """The way to the file; Django's own link would be to nowhere."""
        if not paper.pk or not paper.file:
            return NOTHING
        link = reverse("admin:fulfillment_supplierpaper_file", args=[paper.pk])
        return format_html('<a href="{}">{}</a>', link, gettext("Download"))
