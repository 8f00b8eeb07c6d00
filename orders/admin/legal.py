"""Pages of rules, whose published versions are fixed, and the operator's licences."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import moment
from leaders.admin.records import KeptAdmin
from orders.admin.photos import PhotoForms
from orders.models.legal import Licence, RulePage

if TYPE_CHECKING:
    _RulePageForm = forms.ModelForm[RulePage]
else:
    _RulePageForm = forms.ModelForm

# A form is filled in before it is sent.
TYPING_MINUTES = 60


class RulePageForm(_RulePageForm):
    """A version comes into force now or later, never in the past."""

    def clean_published_at(self) -> object:
        """Refuse a moment that is over; residents would have been bound by what nobody saw."""
        published_at = self.cleaned_data["published_at"]
        if published_at < timezone.now() - timedelta(minutes=TYPING_MINUTES):
            raise ValidationError(_("A version cannot come into force in the past."))
        return published_at


@admin.register(RulePage)
class RulePageAdmin(KeptAdmin[RulePage]):
    """Versions of the rules; one that is in force is only shown."""

    form = RulePageForm
    shown_published_at = moment("published_at", _("published at"))
    list_display = ("kind", "version", "shown_published_at")
    list_filter = ("kind",)
    fields = ("kind", "version", "published_at", "body")

    def has_change_permission(self, request: HttpRequest, obj: RulePage | None = None) -> bool:
        """Texts somebody has agreed to stay as they were; a new version replaces them."""
        is_published = obj is not None and obj.published_at <= timezone.now()
        return not is_published and super().has_change_permission(request, obj)


@admin.register(Licence)
class LicenceAdmin(PhotoForms, KeptAdmin[Licence]):
    """What every page of the shop links to."""

    list_display = ("name", "holder", "number", "valid_until")
    search_fields = ("name", "holder", "number")
    fields = ("name", "holder", "number", "valid_until", "photo")
