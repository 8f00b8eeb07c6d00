"""After-sales claims with their photos; they are decided at the service desk."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import NOTHING, figure, moment
from leaders.admin.records import ShownAdmin
from leaders.domain.phones import mask_name, mask_phone
from orders.admin.money import yuan
from orders.models.claims import Claim, ClaimPhoto
from orders.selectors.claim_photos import photos_seen_before
from orders.selectors.claims import claims_with_photos


@admin.register(Claim)
class ClaimAdmin(ShownAdmin[Claim]):
    """Claims that wait for an answer first, the oldest on top."""

    num_qty = figure("qty", _("quantity"))
    num_asked = yuan("asked_fen", _("asked"))
    num_refund = yuan("refund.amount_fen", _("refund"))
    shown_filed_at = moment("filed_at", _("filed at"))
    shown_decided_at = moment("decided_at", _("decided at"))
    list_display = (
        "goods",
        "kind",
        "state",
        "is_automatic",
        "num_qty",
        "num_asked",
        "order_no",
        "leader",
        "shown_filed_at",
        "shown_decided_at",
    )
    list_filter = ("state", "kind", "order_line__order__campaign")
    search_fields = ("order_line__order__order_no", "order_line__sku__code")
    date_hierarchy = "filed_at"
    ordering = (F("decided_at").desc(nulls_first=True), "filed_at", "pk")
    fields = (
        "goods",
        "order_no",
        "resident_masked",
        "leader",
        "kind",
        "num_qty",
        "num_asked",
        "defect_bp",
        "weighed_g",
        "description",
        "pictures",
        "shown_filed_at",
        "leader_stance",
        "leader_note",
        "state",
        "shown_decided_at",
        "decided_by",
        "is_automatic",
        "decision_note",
        "bearer",
        "bearer_note",
        "refund",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """With everything an answer needs to be seen."""
        return claims_with_photos().order_by(*self.ordering)

    def get_urls(self) -> list[URLPattern]:
        """The photos beside Django's own pages."""
        guard = self.admin_site.admin_view
        own = [
            path("photos/<int:photo_id>/", guard(self.photo), name="orders_claim_photo"),
        ]
        return [*own, *super().get_urls()]

    def page_title(self, row: Claim) -> str:
        """The goods and the order they are of."""
        return f"{row.order_line.sku_name} · {self.order_no(row)}"

    def photo(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        """One photo, for those who may see the claim."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(ClaimPhoto, pk=photo_id)
        return FileResponse(photo.photo.open("rb"), content_type="image/jpeg")

    @admin.display(description=_("name and spec"))
    def goods(self, claim: Claim) -> str:
        """The goods as they were called when they were ordered."""
        return f"{claim.order_line.sku.code} {claim.order_line.sku_name}"

    @admin.display(description=_("order no."), ordering="order_line__order__order_no")
    def order_no(self, claim: Claim) -> str:
        """The order the line is of."""
        return claim.order_line.order.order_no

    @admin.display(description=_("leader"), ordering="order_line__order__leader__code")
    def leader(self, claim: Claim) -> str:
        """Whose group the order was placed in."""
        return str(claim.order_line.order.leader)

    @admin.display(description=_("resident"))
    def resident_masked(self, claim: Claim) -> str:
        """Surname and last four digits."""
        order = claim.order_line.order
        return f"{mask_name(order.resident_name)} {mask_phone(order.resident_phone)}"

    @admin.display(description=_("photos"))
    def pictures(self, claim: Claim) -> SafeString | str:
        """Each photo as a link to itself, and whether another claim shows it, too."""
        seen = photos_seen_before([claim.pk])
        known = gettext("also in another claim")
        rows = [
            (
                reverse("admin:orders_claim_photo", args=[photo.pk]),
                format_html(" <em>{}</em>", known) if photo.pk in seen else "",
            )
            for photo in claim.photos.all()
        ]
        if not rows:
            return NOTHING
        cells = format_html_join(
            "", '<li><a href="{0}"><img src="{0}" alt="" width="240"></a>{1}</li>', rows
        )
        return format_html('<ul class="pictures">{}</ul>', cells)
