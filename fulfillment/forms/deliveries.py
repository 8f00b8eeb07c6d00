"""What a leader types of a delivery: totes, figures that differ, and why."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import (
    CAUSES,
    NOTE_LENGTH,
    PIECES_MAX,
    TOTES_MAX,
    LineCount,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause as CauseWords
from fulfillment.selectors.exceptions import skus_of
from fulfillment.selectors.handover import ReceivedLine
from fulfillment.services.handover_count import LeaderCount

FIGURE = {"class": "figure-field__input", "inputmode": "numeric", "autocomplete": "off"}
CAUSE_CHOICES = [(cause.value, CauseWords(cause.value).label) for cause in CAUSES]


class ReceivedForm(forms.Form):
    """How many totes are there."""

    totes = forms.IntegerField(
        label=_("Totes"), min_value=1, max_value=TOTES_MAX, widget=forms.NumberInput(attrs=FIGURE)
    )


class FiguresForm(forms.Form):
    """Good pieces by SKU, where they differ; an empty field is as delivered.

    The hidden event makes a form that is sent twice count once.
    """

    event = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    stray = forms.TypedChoiceField(
        label=_("Goods that are not on the list"), required=False, coerce=int, empty_value=None
    )
    stray_qty = forms.IntegerField(
        label=_("Pieces"),
        required=False,
        min_value=1,
        max_value=PIECES_MAX,
        widget=forms.NumberInput(attrs=FIGURE),
    )

    def __init__(
        self, *args: Any, run: CutoffRun, lines: Sequence[ReceivedLine], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lines = tuple(lines)
        for line in lines:
            shown = line.last.counted_qty if line.last and line.missing else None
            self.fields[f"qty_{line.sku.pk}"] = forms.IntegerField(
                label=line.sku.name,
                required=False,
                min_value=0,
                max_value=PIECES_MAX,
                initial=shown,
                widget=forms.NumberInput(attrs={**FIGURE, "placeholder": str(line.due.expected)}),
            )
        known = {line.sku.pk for line in lines}
        stray = self.fields["stray"]
        if isinstance(stray, forms.ChoiceField):
            stray.choices = [
                ("", "—"),
                *((sku.pk, sku.name) for sku in skus_of(run) if sku.pk not in known),
            ]

    def clean(self) -> dict[str, Any]:
        """Goods that are not on the list come with their number."""
        data = super().clean() or {}
        if (data.get("stray") is None) != (data.get("stray_qty") is None):
            self.add_error("stray_qty", _("Say which goods, and how many pieces."))
        return data

    @property
    def rows(self) -> list[tuple[ReceivedLine, forms.BoundField]]:
        """Every line with its field."""
        return [(line, self[f"qty_{line.sku.pk}"]) for line in self._lines]

    def differing(self) -> dict[int, int]:
        """SKU → pieces counted, of goods that are not as delivered."""
        data = self.cleaned_data
        counted = {line.sku.pk: data[f"qty_{line.sku.pk}"] for line in self._lines}
        expected = {line.sku.pk: line.due.expected for line in self._lines}
        if data["stray"] is not None:
            counted[data["stray"]] = data["stray_qty"]
        return {
            sku_id: qty
            for sku_id, qty in counted.items()
            if qty is not None and qty != expected.get(sku_id, 0)
        }


class CausesForm(forms.Form):
    """Why goods differ, with a photo of what lies there; `why` tells it from the figures."""

    why = forms.CharField(widget=forms.HiddenInput, initial="1")

    def __init__(
        self,
        *args: Any,
        differing: Mapping[int, int],
        lines: Sequence[ReceivedLine],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._differing = dict(differing)
        self._lines = {line.sku.pk: line for line in lines}
        for sku_id in self._differing:
            self._fields_add(self._lines[sku_id])

    def _fields_add(self, line: ReceivedLine) -> None:
        said = line.due.said
        if self._differing[line.sku.pk] < line.due.expected:
            self.fields[f"cause_{line.sku.pk}"] = forms.ChoiceField(
                label=_("What is wrong?"),
                choices=CAUSE_CHOICES,
                initial=(said.cause if said else None) or Cause.SHORT,
                widget=forms.RadioSelect,
            )
        self.fields[f"photo_{line.sku.pk}"] = forms.FileField(
            label=_("Photo"),
            required=False,
            widget=forms.FileInput(
                attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
            ),
        )
        self.fields[f"note_{line.sku.pk}"] = forms.CharField(
            label=_("Note (may stay empty)"),
            max_length=NOTE_LENGTH,
            required=False,
            initial=said.note if said else "",
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every differing line with its figure and its fields."""
        return [
            {
                "line": self._lines[sku_id],
                "qty": qty,
                "is_stray": self._lines[sku_id].is_stray,
                "over": max(0, qty - self._lines[sku_id].due.expected),
                "missing": max(0, self._lines[sku_id].due.expected - qty),
                "cause": self[f"cause_{sku_id}"] if f"cause_{sku_id}" in self.fields else None,
                "photo": self[f"photo_{sku_id}"],
                "note": self[f"note_{sku_id}"],
            }
            for sku_id, qty in self._differing.items()
        ]

    def point_at(self, sku_id: object, words: str) -> None:
        """Show a refusal of the service at the goods it is about."""
        name = f"photo_{sku_id}"
        self.add_error(name if name in self.fields else None, words)

    def count(self, event: Any) -> LeaderCount:
        """What a valid form says."""
        data = self.cleaned_data
        return LeaderCount(
            event_id=event,
            lines=tuple(
                LineCount(
                    sku_id=sku_id,
                    counted=qty,
                    cause=Cause(cause) if (cause := data.get(f"cause_{sku_id}")) else None,
                    note=data[f"note_{sku_id}"],
                )
                for sku_id, qty in self._differing.items()
            ),
            photos={
                sku_id: data[f"photo_{sku_id}"].read()
                for sku_id in self._differing
                if data[f"photo_{sku_id}"]
            },
        )
