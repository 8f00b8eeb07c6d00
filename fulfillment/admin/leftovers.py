"""The shelf of leftovers: what lies there from which day, and how it leaves by hand."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.services.leftovers import TAKEN_BY_HAND, Taking, leftover_take
from leaders.admin.columns import Column, figure, moment
from leaders.admin.records import ShownAdmin
from leaders.errors import DomainError
from leaders.models.accounts import User


class TakingForm(forms.Form):
    """How many pieces leave the shelf, in which way, and why."""

    kind = forms.ChoiceField(
        label=_("kind"), choices=[(kind.value, kind.label) for kind in TAKEN_BY_HAND]
    )
    qty = forms.IntegerField(
        label=_("pieces"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    reason = forms.CharField(
        label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"size": 60})
    )


@admin.register(LeftoverMovement)
class LeftoverMovementAdmin(ShownAdmin[LeftoverMovement]):
    """Every movement with what is left of its goods and day; rows are only added."""

    num_qty = figure("qty", _("pieces"))
    num_left = figure("left", _("left on the shelf"))
    shown_at = moment("at", _("at"))
    delivered_on = Column("origin_run__campaign__delivery_date", _("left over from"), str)
    used_for = Column("used_run__campaign__code", _("used for"), str)
    change_form_template = "admin/fulfillment/leftovermovement/change_form.html"
    list_display = (
        "sku",
        "delivered_on",
        "kind",
        "num_qty",
        "num_left",
        "used_for",
        "reason",
        "actor",
        "shown_at",
    )
    list_filter = ("kind", "origin_run__campaign")
    list_select_related = ("sku", "origin_run__campaign", "used_run__campaign", "actor")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-origin_run__campaign__delivery_date", "sku__code", "pk")
    fields = (
        "sku",
        "delivered_on",
        "kind",
        "num_qty",
        "num_left",
        "used_for",
        "reason",
        "actor",
        "shown_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeftoverMovement]:
        """Sum what is left in the same query."""
        same = LeftoverMovement.objects.filter(
            origin_run=OuterRef("origin_run"), sku=OuterRef("sku")
        ).order_by()
        left = same.values("sku").annotate(total=Sum("qty")).values("total")
        movements: QuerySet[LeftoverMovement] = super().get_queryset(request)
        return movements.annotate(left=Subquery(left))

    def get_urls(self) -> list[URLPattern]:
        """The way off the shelf beside Django's own pages."""
        view = self.admin_site.admin_view(require_POST(self.take_view))
        name = "fulfillment_leftovermovement_take"
        return [path("<int:movement_id>/take/", view, name=name), *super().get_urls()]

    def page_title(self, row: LeftoverMovement) -> str:
        """The goods and the day they are from."""
        return f"{row.sku} · {row.origin_run.campaign.delivery_date}"

    def has_take_permission(self, request: HttpRequest) -> bool:
        """Whether the acting person may take goods off the shelf."""
        return request.user.has_perm("fulfillment.change_leftovermovement")

    def take_view(self, request: HttpRequest, movement_id: int) -> HttpResponse:
        """Note that goods are returned, given away or disposed of."""
        if not self.has_take_permission(request):
            raise PermissionDenied
        movement = get_object_or_404(LeftoverMovement, pk=movement_id)
        back = reverse("admin:fulfillment_leftovermovement_change", args=[movement_id])
        form = TakingForm(request.POST)
        if not form.is_valid():
            for field, problems in form.errors.items():
                text = " ".join(str(problem) for problem in problems)
                self.message_user(request, f"{form.fields[field].label}: {text}", messages.ERROR)
            return HttpResponseRedirect(back)
        given = form.cleaned_data
        try:
            leftover_take(
                origin_run_id=movement.origin_run_id,
                sku_id=movement.sku_id,
                taking=Taking(
                    kind=LeftoverKind(given["kind"]), qty=given["qty"], reason=given["reason"]
                ),
                actor=cast(User, request.user),
                now=timezone.now(),
            )
        except DomainError as error:
            self.message_user(request, gettext(error.message), messages.ERROR)
        else:
            self.message_user(request, gettext("The pieces are off the shelf."), messages.SUCCESS)
        return HttpResponseRedirect(back)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the form under goods of which some are left."""
        movement: Any = context.get("original")
        if movement is not None and movement.left and self.has_take_permission(request):
            context["taking_form"] = TakingForm(initial={"qty": movement.left})
        return super().render_change_form(request, context, *args, **kwargs)
