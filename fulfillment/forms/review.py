"""Forms of a recruiter's decisions: wording and cleaning, no rules."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.models.applications import LeaderApplication
from leaders.models.commission_plans import CommissionPlan
from leaders.services.review import LeaderTerms, SiteVisit

NOTE_LENGTH = 200
DAY = {"type": "date"}
CLOCK = {"type": "time"}


class TalkForm(forms.Form):
    """What was said, and when to talk again."""

    note = forms.CharField(label=_("What was said"), max_length=300)
    next_on = forms.DateField(
        label=_("Next contact"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )


class NoteForm(forms.Form):
    """A step that needs no more than a click; a note is welcome."""

    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)


class SiteForm(forms.Form):
    """What somebody saw at the place: words, a photo, or both."""

    note = forms.CharField(label=_("What you saw"), max_length=NOTE_LENGTH, required=False)
    photo = forms.FileField(
        label=_("Photo of the visit"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    @property
    def visit(self) -> SiteVisit:
        """The cleaned answers as the service takes them."""
        photo = self.cleaned_data["photo"]
        return SiteVisit(note=self.cleaned_data["note"], photo=photo.read() if photo else b"")


class ApproveForm(forms.Form):
    """The terms a new leader starts with."""

    plan = forms.ModelChoiceField(
        CommissionPlan.objects.all(),
        label=_("Own commission plan"),
        required=False,
        help_text=_("Empty: the level's plan, else the default."),
    )
    opens_at = forms.TimeField(
        label=_("Opens at"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    closes_at = forms.TimeField(
        label=_("Closes at"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)

    def clean(self) -> dict[str, object]:
        """A point opens before it closes."""
        data = super().clean() or {}
        opens_at, closes_at = data.get("opens_at"), data.get("closes_at")
        if opens_at and closes_at and opens_at >= closes_at:
            raise forms.ValidationError(_("The point must open before it closes."))
        return data

    @property
    def terms(self) -> LeaderTerms:
        """The cleaned answers as the service takes them."""
        data = self.cleaned_data
        return LeaderTerms(
            plan=data["plan"], opens_at=data["opens_at"], closes_at=data["closes_at"]
        )


class ReasonForm(forms.Form):
    """A deed that somebody may ask about later needs its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=NOTE_LENGTH)


def hours_of(application: LeaderApplication) -> dict[str, object]:
    """What the applicant said about the hours, else those of most points."""
    return {
        "opens_at": application.opens_at or time(7),
        "closes_at": application.closes_at or time(20),
    }
