"""What a reader of reports chooses: days, city, and what a table is sorted by."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.domain.report_period import DAYS_MOST, Days, last_days

OWN = "own"
SPANS = [("1", _("Newest day")), ("7", _("7 days")), ("30", _("30 days")), (OWN, _("Own days"))]
USUAL_SPAN = 7


class DayInput(forms.DateInput):
    """A browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "input"})


class PeriodForm(forms.Form):
    """Which days and which city; what makes no sense shows the usual week."""

    span = forms.ChoiceField(
        label=pgettext_lazy("report", "Period"),
        choices=SPANS,
        initial=str(USUAL_SPAN),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    from_on = forms.DateField(label=_("from"), required=False, widget=DayInput())
    until_on = forms.DateField(label=_("until"), required=False, widget=DayInput())
    city = forms.ChoiceField(
        label=_("City"), required=False, widget=forms.Select(attrs={"class": "input"})
    )

    def __init__(self, *args: Any, cities: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["city"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All cities")), *((city, city) for city in cities)]

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin, and more than a year of them."""
        cleaned = super().clean() or {}
        if cleaned.get("span") == OWN:
            from_on, until_on = cleaned.get("from_on"), cleaned.get("until_on")
            if from_on is None or until_on is None or from_on > until_on:
                raise ValidationError(_("Say from which day until which."))
            if Days(from_on, until_on).count > DAYS_MOST:
                raise ValidationError(_("A report shows 1 to 366 days."))
        return cleaned

    def days(self, newest: date) -> Days:
        """The chosen days; spans end at the newest day that has figures."""
        if not self.is_valid():
            return last_days(newest, USUAL_SPAN)
        chosen = self.cleaned_data
        if chosen["span"] == OWN:
            return Days(chosen["from_on"], chosen["until_on"])
        return last_days(newest, int(chosen["span"] or USUAL_SPAN))

    @property
    def chosen_city(self) -> str:
        """The city, or nothing for all of them."""
        return str(self.cleaned_data["city"]) if self.is_valid() else ""


def sort_chosen(kind: type[StrEnum], asked: str | None) -> StrEnum:
    """What was asked for, or the first there is."""
    return next((sort for sort in kind if sort.value == asked), next(iter(kind)))
