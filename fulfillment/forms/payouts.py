"""What finance chooses and types about payouts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.models.payouts import PayoutChannel

NOTE_LENGTH = 200


class StatementsField(forms.Field):
    """The keys of the ticked statements."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        """Take whole numbers only."""
        super().clean(value)
        if not all(str(key).isdecimal() for key in value):
            raise forms.ValidationError(_("Choose statements that are issued."))
        return [int(key) for key in value]


class BatchForm(forms.Form):
    """Which statements are paid, and how."""

    statement = StatementsField()
    channel = forms.ChoiceField(choices=PayoutChannel.choices)


class DecisionForm(forms.Form):
    """Approve, or refuse with a reason."""

    APPROVE, REFUSE = "approve", "refuse"

    decision = forms.ChoiceField(choices=[(APPROVE, APPROVE), (REFUSE, REFUSE)])
    reason = forms.CharField(max_length=NOTE_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        data = self.cleaned_data
        if data.get("decision") == self.REFUSE and not data.get("reason"):
            self.add_error("reason", _("Say why you refuse it."))
        return data


class BankResultForm(forms.Form):
    """What the bank did with a payout; a failure says what it wrote."""

    PAID, FAILED = "paid", "failed"

    payout = forms.CharField(max_length=40)
    result = forms.ChoiceField(choices=[(PAID, PAID), (FAILED, FAILED)])
    note = forms.CharField(max_length=NOTE_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        """A failure says why."""
        data = self.cleaned_data
        if data.get("result") == self.FAILED and not data.get("note"):
            self.add_error("note", _("Say what the bank wrote about a payout that failed."))
        return data
