"""Which prices an inspector asks for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.selectors.price_evidence import EvidenceQuestion
from orders.models.campaigns import Campaign
from orders.models.catalogue import Sku

DAYS = 30
_DAY = {"type": "date"}


class EvidenceForm(forms.Form):
    """A SKU or a campaign by its code, and the days."""

    sku = forms.ModelChoiceField(
        label=_("SKU code"),
        queryset=Sku.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid_choice": _("No SKU has this code.")},
    )
    campaign = forms.ModelChoiceField(
        label=_("Campaign code"),
        queryset=Campaign.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid_choice": _("No campaign has this code.")},
    )
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        """One of the two, and days in order; without days it is the last month."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if bool(given.get("sku")) == bool(given.get("campaign")):
            raise forms.ValidationError(_("Name a SKU or a campaign."))
        last = given["last"] or self._today
        first = given["first"] or last - timedelta(days=DAYS)
        if first > last:
            raise forms.ValidationError(_("The days begin before they end."))
        return given | {"first": first, "last": last}

    @property
    def question(self) -> EvidenceQuestion:
        """The cleaned question."""
        given = self.cleaned_data
        return EvidenceQuestion(
            sku=given["sku"],
            campaign=given["campaign"],
            first=given["first"],
            last=given["last"],
        )
