"""What part of the audit log to look at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.selectors.audit_words import ACTION_WORDS, kinds
from leaders.selectors.audit_log import AuditFilter


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AuditForm(forms.Form):
    """Who did what to which thing, from day to day; everything may stay open."""

    actor = forms.CharField(label=_("Log-in"), max_length=150, required=False)
    action = forms.ChoiceField(label=_("Deed"), required=False)
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    which = forms.CharField(label=_("Which one"), max_length=60, required=False)
    since = forms.DateField(label=_("From day"), required=False, widget=_day())
    until = forms.DateField(label=_("Until day"), required=False, widget=_day())
    borrowed = forms.BooleanField(label=_("Only under borrowed rights"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actions = sorted(((name, str(word)) for name, word in ACTION_WORDS.items()), key=_words)
        named = sorted(((name, str(word)) for name, word in kinds().items()), key=_words)
        self.fields["action"] = forms.ChoiceField(
            label=_("Deed"), required=False, choices=[("", _("Any")), *actions]
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of thing"), required=False, choices=[("", _("Any")), *named]
        )

    def chosen(self) -> AuditFilter:
        """The filter; what cannot be read leaves its choice open."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return AuditFilter(
            actor=given.get("actor", ""),
            action=given.get("action", ""),
            kind=given.get("kind", ""),
            which=given.get("which", ""),
            since=given.get("since"),
            until=given.get("until"),
            is_borrowed=given.get("borrowed", False),
        )


def _words(choice: tuple[str, str]) -> str:
    return choice[1]
