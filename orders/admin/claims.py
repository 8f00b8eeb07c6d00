"""After-sales claims: looked at with their photos, and decided."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from leaders.admin.columns import NOTHING, figure, moment
from leaders.admin.records import ShownAdmin
from leaders.domain.phones import mask_name, mask_phone
from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.money import YuanField, yuan
from orders.domain.claims import is_fast_lane
from orders.domain.money import FEN_PER_YUAN
from orders.models.claims import Claim, ClaimPhoto, ClaimState
from orders.selectors.claims import claims_with_photos, photos_seen_before
from orders.services.claims import claim_decide


class DecisionForm(forms.Form):
    """What an answer needs: an amount for a yes, words in any case."""

    refund = YuanField(
        label=_("refund (yuan)"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}),
    )
    note = forms.CharField(
        label=_("answer to the resident"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
    )


@admin.register(Claim)
class ClaimAdmin(ShownAdmin[Claim]):
    """Claims that wait for an answer first, the oldest on top."""

    num_qty = figure("qty", _("quantity"))
    num_asked = yuan("asked_fen", _("asked"))
    num_refund = yuan("refund.amount_fen", _("refund"))
    shown_filed_at = moment("filed_at", _("filed at"))
    shown_decided_at = moment("decided_at", _("decided at"))
    change_form_template = "admin/orders/claim/change_form.html"
    list_display = (
        "goods",
        "kind",
        "state",
        "is_fast",
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
        "description",
        "pictures",
        "shown_filed_at",
        "is_fast",
        "state",
        "shown_decided_at",
        "decided_by",
        "decision_note",
        "refund",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """With everything an answer needs to be seen."""
        return claims_with_photos().order_by(*self.ordering)

    def get_urls(self) -> list[URLPattern]:
        """The photos and the decision beside Django's own pages."""
        guard = self.admin_site.admin_view
        own = [
            path("photos/<int:photo_id>/", guard(self.photo), name="orders_claim_photo"),
            path(
                "<int:claim_id>/decide/",
                guard(require_POST(self.decide)),
                name="orders_claim_decide",
            ),
        ]
        return [*own, *super().get_urls()]

    def page_title(self, row: Claim) -> str:
        """The goods and the order they are of."""
        return f"{row.order_line.sku_name} · {self.order_no(row)}"

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may decide."""
        return request.user.has_perm("orders.change_claim")

    def photo(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        """One photo, for those who may see the claim."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(ClaimPhoto, pk=photo_id)
        return FileResponse(photo.photo.open("rb"), content_type="image/jpeg")

    def decide(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Approve or reject, and say what came of it."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:orders_claim_change", args=[claim_id]))
        approve = "approve" in request.POST
        form = DecisionForm(request.POST)
        form.fields["refund"].required = approve
        if not form.is_valid():
            for field, problems in form.errors.items():
                text = " ".join(str(problem) for problem in problems)
                self.message_user(request, f"{form.fields[field].label}: {text}", messages.ERROR)
            return back
        get_object_or_404(Claim, pk=claim_id)
        try:
            claim = claim_decide(
                claim_id=claim_id,
                approve=approve,
                refund_fen=form.cleaned_data["refund"] or 0,
                note=form.cleaned_data["note"],
                actor=cast(User, request.user),
                now=timezone.now(),
            )
        except DomainError as error:
            self.message_user(request, gettext(error.message), messages.ERROR)
            return back
        text = gettext("The claim is decided: {state}.").format(state=claim.get_state_display())
        self.message_user(request, text, messages.SUCCESS)
        return back

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the form of the decision under a claim that waits for one."""
        claim: Claim | None = context.get("original")
        is_open = claim is not None and claim.state == ClaimState.FILED
        if is_open and self.has_decide_permission(request):
            asked = Decimal(context["original"].asked_fen) / FEN_PER_YUAN
            context["decision_form"] = DecisionForm(initial={"refund": f"{asked:.2f}"})
        return super().render_change_form(request, context, *args, **kwargs)

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

    @admin.display(description=_("fast lane"), boolean=True)
    def is_fast(self, claim: Claim) -> bool:
        """Whether it came within 24 hours of the delivery day."""
        filed_on = timezone.localdate(claim.filed_at)
        return is_fast_lane(filed_on, claim.order_line.order.campaign.delivery_date)

    @admin.display(description=_("photos"))
    def pictures(self, claim: Claim) -> SafeString | str:
        """Each photo as a link to itself, and whether another claim shows it, too."""
        seen = photos_seen_before(claim)
        known = gettext("also in another claim")
        rows = [
            (
                reverse("admin:orders_claim_photo", args=[photo.pk]),
                format_html(" <em>{}</em>", known) if photo.digest in seen else "",
            )
            for photo in claim.photos.all()
        ]
        if not rows:
            return NOTHING
        cells = format_html_join(
            "", '<li><a href="{0}"><img src="{0}" alt="" width="240"></a>{1}</li>', rows
        )
        return format_html('<ul class="pictures">{}</ul>', cells)
