"""What is asked for in a report file, and the terms of a schedule."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fulfillment.domain.report_period import DAYS_MOST
from fulfillment.forms.reports import PeriodForm
from fulfillment.models.reports import ReportKind, ReportSchedule
from fulfillment.services.report_schedules import ScheduleTerms


class ReportFileForm(PeriodForm):
    """A report over a period, as a file."""

    kind = forms.ChoiceField(
        label=_("Report"), choices=ReportKind.choices, widget=forms.Select(attrs={"class": "input"})
    )


class ScheduleForm(forms.Form):
    """What is built when, and who gets it."""

    name = forms.CharField(label=_("Name of the schedule"), max_length=60)
    kind = forms.ChoiceField(label=_("Report"), choices=ReportKind.choices)
    city = forms.ChoiceField(label=_("City"), required=False)
    days = forms.IntegerField(
        label=_("Days shown"),
        min_value=1,
        max_value=DAYS_MOST,
        initial=7,
        help_text=_("Up to and including yesterday."),
    )
    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("weekday of a report", "On"),
        choices=[("", _("every day")), *WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    at_time = forms.TimeField(
        label=pgettext_lazy("hour of a report", "At"),
        initial="07:00",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Figures of a day are added up after midnight."),
    )
    recipients = forms.CharField(
        label=_("Recipients"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One mail address per line."),
    )

    def __init__(self, *args: Any, cities: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["city"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All cities")), *((city, city) for city in cities)]

    @property
    def terms(self) -> ScheduleTerms:
        """What was typed, once it is valid."""
        cleaned = self.cleaned_data
        return ScheduleTerms(
            name=cleaned["name"],
            kind=ReportKind(cleaned["kind"]),
            city=cleaned["city"],
            days=cleaned["days"],
            weekday=cleaned["weekday"],
            at_time=cleaned["at_time"],
            recipients=cleaned["recipients"],
        )


def initial_of(schedule: ReportSchedule) -> dict[str, Any]:
    """A schedule as its form shows it."""
    return {
        name: getattr(schedule, name)
        for name in ("name", "kind", "city", "days", "weekday", "at_time", "recipients")
    }
