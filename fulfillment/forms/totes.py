"""What is typed when slots are sealed and balances are counted."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.sealing import CLASS_RANK, TOTES_MAX
from fulfillment.services.tote_ledger import COUNTED_MAX, REASON_LENGTH
from fulfillment.services.totes import SealDetail
from orders.domain.storage import StorageClass

CLASS_LABELS = {
    StorageClass.AMBIENT: _("Ambient"),
    StorageClass.CHILL: _("Chilled"),
    StorageClass.FROZEN: _("Frozen"),
}


class EventForm(forms.Form):
    """A form whose sending happens once, however often it is sent."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("event_id", uuid4())


class ReasonForm(EventForm):
    """Why something is written down."""

    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)


class SealForm(EventForm):
    """How many totes of each class were packed, and on which plates."""

    reason = forms.CharField(label=_("Why it changes"), max_length=REASON_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for storage in CLASS_RANK:
            self.fields[storage.value] = forms.IntegerField(
                label=CLASS_LABELS[storage],
                min_value=0,
                max_value=TOTES_MAX,
                widget=forms.NumberInput(
                    attrs={"class": "figure-field__input", "inputmode": "numeric"}
                ),
            )
            self.fields[f"plates_{storage.value}"] = forms.CharField(
                label=CLASS_LABELS[storage],
                max_length=2000,
                required=False,
                widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
            )

    @property
    def figures(self) -> list[forms.BoundField]:
        """The figure of every class."""
        return [self[storage.value] for storage in CLASS_RANK]

    @property
    def plates(self) -> list[forms.BoundField]:
        """The plates of every class."""
        return [self[f"plates_{storage.value}"] for storage in CLASS_RANK]

    def packed(self) -> dict[StorageClass, int]:
        """Totes per class."""
        return {storage: self.cleaned_data[storage.value] for storage in CLASS_RANK}

    def detail(self) -> SealDetail:
        """Reason and plates; a class without plates keeps what it has."""
        typed = {
            storage: self.cleaned_data[f"plates_{storage.value}"].split() for storage in CLASS_RANK
        }
        return SealDetail(
            reason=self.cleaned_data["reason"],
            plates={storage: numbers for storage, numbers in typed.items() if numbers},
        )


class RecountForm(ReasonForm):
    """How many totes a holder really has."""

    counted = forms.IntegerField(
        label=_("Totes counted"),
        min_value=0,
        max_value=COUNTED_MAX,
        widget=forms.NumberInput(attrs={"class": "figure-field__input", "inputmode": "numeric"}),
    )
