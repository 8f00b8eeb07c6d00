"""Residents, masked, with the history of their leaders; staff may rebind with a reason."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import KeptAdmin, ShownInline
from leaders.domain.phones import mask_name, mask_phone
from orders.models.residents import Resident, ResidentBinding
from orders.selectors.storefront import SERVING_STATES
from orders.services.residents import resident_rebind

if TYPE_CHECKING:
    _ResidentForm = forms.ModelForm[Resident]
else:
    _ResidentForm = forms.ModelForm


class ResidentBindingInline(ShownInline[ResidentBinding, Resident]):
    """Every leader the resident was bound to, and by whom."""

    model = ResidentBinding
    shown_bound_at = moment("bound_at", _("bound at"))
    fields = ("shown_bound_at", "leader", "source", "changed_by", "reason")
    readonly_fields = fields


class RebindForm(_ResidentForm):
    """The one thing staff may change about a resident, and why."""

    reason = forms.CharField(label=_("reason"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """A change needs a reason and a leader who takes orders."""
        data = super().clean() or {}
        if "leader" in self.changed_data and data.get("leader") is not None:
            if not str(data.get("reason", "")).strip():
                raise ValidationError({"reason": _("Please say why the resident changes leader.")})
            if data["leader"].state not in SERVING_STATES:
                raise ValidationError({"leader": _("This leader takes no orders at the moment.")})
        return data


@admin.register(Resident)
class ResidentAdmin(KeptAdmin[Resident]):
    """Who orders, told apart by the last four digits; found by code, leader or whole phone."""

    form = RebindForm
    shown_verified_at = moment("phone_verified_at", _("phone verified at"))
    list_display = ("code", "name_masked", "phone_masked", "leader", "shown_verified_at")
    list_select_related = ("leader",)
    search_fields = ("code", "leader__code", "=phone")
    autocomplete_fields = ("leader",)
    fields = (
        "code",
        "name_masked",
        "phone_masked",
        "building",
        "shown_verified_at",
        "privacy_version",
        "leader",
        "reason",
    )
    readonly_fields = (
        "code",
        "name_masked",
        "phone_masked",
        "building",
        "shown_verified_at",
        "privacy_version",
    )
    inlines = (ResidentBindingInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Residents come by log-in, import or a leader's order."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Resident, form: _ResidentForm, change: bool
    ) -> None:
        """Rebind through the service, which records who and why."""
        if "leader" in form.changed_data and request.user.is_authenticated:
            resident_rebind(
                resident=obj,
                leader=form.cleaned_data["leader"],
                user=request.user,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )

    @admin.display(description=_("name"))
    def name_masked(self, resident: Resident) -> str:
        """Surname and stars."""
        return mask_name(resident.name)

    @admin.display(description=_("phone"))
    def phone_masked(self, resident: Resident) -> str:
        """The last four digits tell people apart."""
        return mask_phone(resident.phone)
