"""What a leader says of goods nobody fetched."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.models.pickups import DisposalKind
from fulfillment.services.disposals import DisposalDraft


class DisposalForm(forms.Form):
    """What was done with the goods, with a photo or a note."""

    kind = forms.ChoiceField(
        label=_("What was done"), choices=DisposalKind.choices, widget=forms.RadioSelect
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def draft(self) -> DisposalDraft:
        """What the service needs; the form must be valid."""
        photo = self.cleaned_data["photo"]
        return DisposalDraft(
            kind=DisposalKind(self.cleaned_data["kind"]),
            note=self.cleaned_data["note"],
            photo=photo.read() if photo else None,
        )
