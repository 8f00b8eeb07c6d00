"""One figure: what the scale shows, typed by a person or by the scale."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.domain.scale_readings import Reading, read_scale
from fulfillment.errors import ScaleReadingUnreadable
from fulfillment.models.weighing import Scale
from fulfillment.selectors.weigh_station import Place
from fulfillment.services.weighing import Weighing

NOTE_LENGTH = 200
# Longer than any line a scale types.
READING_LENGTH = 60


class ReadingField(forms.CharField):
    """A weight as `fulfillment.domain.scale_readings` reads it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=READING_LENGTH, **kwargs)

    def clean(self, value: Any) -> Reading | None:
        """Read the figure; an empty optional field is no reading."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_scale(text)
        except ScaleReadingUnreadable as error:
            raise ValidationError(_(error.message)) from error


class WeighForm(forms.Form):
    """A portion on the scale; `note` is asked for only outside the band."""

    event = forms.UUIDField(widget=forms.HiddenInput())
    allocation = forms.IntegerField(widget=forms.HiddenInput())
    portion = forms.IntegerField(widget=forms.HiddenInput())
    reading = ReadingField(
        label=gettext_lazy("Gross weight"),
        widget=forms.TextInput(
            attrs={
                "class": "weigh__figure",
                "inputmode": "decimal",
                "autocomplete": "off",
                "autofocus": True,
                "enterkeyhint": "done",
                "placeholder": "1.234",
            }
        ),
    )
    tare = ReadingField(
        label=gettext_lazy("Tare"),
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "0"}
        ),
    )
    scale = forms.ModelChoiceField(
        label=gettext_lazy("Scale"), queryset=Scale.objects.none(), empty_label=None
    )
    note = forms.CharField(
        label=gettext_lazy("Why it goes out all the same (the supervisor's words)"),
        required=False,
        max_length=NOTE_LENGTH,
    )

    def __init__(self, *args: Any, scales: QuerySet[Scale], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Scale]", self.fields["scale"]).queryset = scales

    @classmethod
    def of_place(
        cls, place: Place, *, scales: QuerySet[Scale], kept: dict[str, Any]
    ) -> "WeighForm":
        """The form of the next portion, with the tare and the scale of the one before."""
        initial = {
            "event": uuid4(),
            "allocation": place.allocation_id,
            "portion": place.number,
            "tare": kept.get("tare", ""),
            "scale": kept.get("scale"),
        }
        return cls(initial=initial, scales=scales)

    def weighing(self) -> Weighing:
        """What was read; a scale that took its own tare off has none left to take."""
        cleaned = self.cleaned_data
        reading: Reading = cleaned["reading"]
        tare: Reading | None = cleaned["tare"]
        return Weighing(
            event_id=cleaned["event"],
            allocation_id=cleaned["allocation"],
            portion_no=cleaned["portion"],
            gross_g=reading.weight_g,
            tare_g=0 if reading.is_net or tare is None else tare.weight_g,
            scale_id=cleaned["scale"].pk,
            approval_note=cleaned["note"],
        )

    def ask_for_note(self) -> None:
        """Let the supervisor's words be typed next, and not another figure."""
        self.fields["reading"].widget.attrs.pop("autofocus", None)
        self.fields["note"].widget.attrs["autofocus"] = True

    def kept(self) -> dict[str, Any]:
        """What the next portion begins with."""
        return {"tare": self.data.get("tare", ""), "scale": self.cleaned_data["scale"].pk}


class UndoForm(forms.Form):
    """Take one portion out of every sum."""

    event = forms.UUIDField(widget=forms.HiddenInput())
    portion = forms.IntegerField(widget=forms.HiddenInput())
