"""What is typed at the vehicle: counts, the driver, and why totes are missing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.sealing import TOTES_MAX
from fulfillment.services.loading import REASON_LENGTH, MissingTotes

DRIVER_LENGTH = 60
PIECES_MAX = 9999


class ScanForm(forms.Form):
    """A scanned or typed code."""

    code = forms.CharField(max_length=60)
    event_id = forms.UUIDField()


class StopCountForm(forms.Form):
    """How many totes of a slot somebody counted on the vehicle."""

    count = forms.IntegerField(min_value=0, max_value=3 * TOTES_MAX)
    event_id = forms.UUIDField()


class FoundForm(ScanForm):
    """A tote found after the signature, and who drives."""

    driver_name = forms.CharField(max_length=DRIVER_LENGTH, required=False)


class SignForm(forms.Form):
    """Who drives, why totes are missing, and what was in those nobody can know.

    `asked` says tote → SKU → most pieces for every missing tote whose goods
    have to be named.
    """

    driver_name = forms.CharField(
        label=_("Driver"),
        max_length=DRIVER_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("Why totes are missing"), max_length=REASON_LENGTH)
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        is_complete: bool,
        asked: Mapping[int, Mapping[int, int]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("event_id", uuid4())
        self._asked = asked or {}
        if is_complete:
            del self.fields["reason"]
        for tote_id, held in self._asked.items():
            for sku_id, most in held.items():
                self.fields[_pieces_name(tote_id, sku_id)] = forms.IntegerField(
                    min_value=0,
                    max_value=min(most, PIECES_MAX),
                    required=False,
                    widget=forms.NumberInput(
                        attrs={
                            "class": "figure-field__input",
                            "inputmode": "numeric",
                            "placeholder": "—",
                        }
                    ),
                )

    def pieces_fields(self, tote_id: int) -> Sequence[tuple[int, forms.BoundField]]:
        """SKU and field for the goods of one missing tote."""
        return [
            (sku_id, self[_pieces_name(tote_id, sku_id)]) for sku_id in self._asked.get(tote_id, {})
        ]

    def missing(self) -> MissingTotes | None:
        """The reason with the goods that were named; nothing for a complete load."""
        if "reason" not in self.fields:
            return None
        return MissingTotes(
            reason=self.cleaned_data["reason"],
            contents={
                tote_id: {
                    sku_id: qty
                    for sku_id in held
                    if (qty := self.cleaned_data.get(_pieces_name(tote_id, sku_id)))
                }
                for tote_id, held in self._asked.items()
            },
        )


def _pieces_name(tote_id: int, sku_id: int) -> str:
    return f"pieces_{tote_id}_{sku_id}"
