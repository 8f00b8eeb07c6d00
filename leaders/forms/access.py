"""Forms of helpers, second factors and borrowed rights: wording and cleaning, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.domain.elevations import REASON_MIN
from leaders.models.accounts import Role


class HelperForm(forms.Form):
    """Who is to help."""

    name = forms.CharField(
        label=_("Name"),
        max_length=20,
        help_text=_("As residents know them; it stands beside what they hand out."),
    )


class FactorForm(forms.Form):
    """A code from the phone, or one of the codes on paper."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class ElevationForm(forms.Form):
    """Whose place is taken, why, and for how long."""

    role = forms.ChoiceField(label=_("Role"))
    reason = forms.CharField(
        label=_("Reason"),
        min_length=REASON_MIN,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happened, and what you are going to do. Others read it."),
    )
    minutes = forms.TypedChoiceField(label=_("Minutes"), coerce=int, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, roles: tuple[str, ...], minutes: tuple[int, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[(role, Role(role).label) for role in roles]
        )
        self.fields["minutes"] = forms.TypedChoiceField(
            label=_("Minutes"),
            coerce=int,
            choices=[(one, str(one)) for one in minutes],
            widget=forms.RadioSelect,
            initial=minutes[0],
        )
