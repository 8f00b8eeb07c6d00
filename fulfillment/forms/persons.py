"""Forms about personal data: of the resident's own page and of the compliance desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.domain.phones import is_mobile_number, phone_digits
from orders.models.personal_data import PersonRequestKind


class EraseForm(forms.Form):
    """The wish to be forgotten, said twice."""

    has_confirmed = forms.BooleanField(
        label=_("I know that my orders, claims and messages can then no longer be found"),
        error_messages={"required": _("Please tick the box: this cannot be undone.")},
    )


class NewPhoneForm(forms.Form):
    """The number that shall belong to the account."""

    phone = forms.CharField(
        label=_("New mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits


class NewPhoneCodeForm(forms.Form):
    """The code that was sent to the new number."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class TakeDownForm(forms.Form):
    """A request that came by letter or telephone."""

    resident = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=PersonRequestKind.choices)


class AnswerRequestForm(forms.Form):
    """The answer to a request, in a sentence."""

    outcome = forms.CharField(
        label=_("Answer"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(forms.Form):
    """What is right, as the resident says."""

    name = forms.CharField(label=_("Name"), max_length=60)
    building = forms.CharField(label=_("Building"), max_length=30, required=False)
    room = forms.CharField(label=_("Room"), max_length=30, required=False)
