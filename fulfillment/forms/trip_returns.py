"""What is typed from a route's papers when its vehicle is back."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.exceptions import Cause as CauseRule
from fulfillment.domain.lifecycle import StopState as Ending
from fulfillment.domain.trip_returns import (
    EMPTIES_MAX,
    NOTE_LENGTH,
    LineDifference,
    StopResult,
)
from fulfillment.models.exceptions import Cause
from fulfillment.selectors.totes import PackedSku

ENDINGS = [
    (Ending.DELIVERED.value, _("Delivered, nothing missing")),
    (Ending.PARTLY.value, _("Delivered in part")),
    (Ending.REFUSED.value, _("Refused")),
    (Ending.FAILED.value, _("Not delivered")),
]
HANDED, BACK, LOST = "handed", "back", "lost"
FATES = [(HANDED, _("handed over")), (BACK, _("back full")), (LOST, _("gone"))]
PIECES_MAX = 9999


def _empties() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Empties taken along"),
        min_value=0,
        max_value=EMPTIES_MAX,
        widget=forms.NumberInput(attrs={"class": "figure-field__input", "inputmode": "numeric"}),
    )


class RestForm(forms.Form):
    """Empties of every stop that is open; everything else was as planned."""

    empties_in = forms.IntegerField(
        label=_("Empty totes off the vehicle"),
        min_value=0,
        max_value=EMPTIES_MAX * 10,
        widget=forms.NumberInput(
            attrs={
                "class": "figure-field__input",
                "inputmode": "numeric",
                "placeholder": "—",
            }
        ),
    )

    def __init__(self, *args: Any, stop_ids: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stop_ids = tuple(stop_ids)
        for stop_id in self._stop_ids:
            field = _empties()
            field.initial = 0
            self.fields[f"empties_{stop_id}"] = field

    def empties(self) -> dict[int, int]:
        """Stop → empty totes taken along."""
        return {stop_id: self.cleaned_data[f"empties_{stop_id}"] for stop_id in self._stop_ids}

    def empties_field(self, stop_id: int) -> forms.BoundField | None:
        """The field of one stop, if the stop is open."""
        return self[f"empties_{stop_id}"] if stop_id in self._stop_ids else None


class StopForm(forms.Form):
    """How one stop ended: its totes, empties, goods that were not handed over."""

    state = forms.ChoiceField(label=_("Result"), choices=ENDINGS, widget=forms.RadioSelect)
    is_unsigned = forms.BooleanField(label=_("Left without a signature"), required=False)
    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)

    def __init__(
        self, *args: Any, tote_ids: Collection[int], goods: Sequence[PackedSku], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._tote_ids = tuple(tote_ids)
        self._goods = tuple(goods)
        self.fields["empties"] = _empties()
        self.initial.setdefault("empties", 0)
        for tote_id in self._tote_ids:
            self.fields[f"fate_{tote_id}"] = forms.ChoiceField(choices=FATES, initial=HANDED)
        for sku in self._goods:
            self.fields[f"qty_{sku.sku_id}"] = forms.IntegerField(
                min_value=0,
                max_value=PIECES_MAX,
                required=False,
                widget=forms.NumberInput(
                    attrs={
                        "class": "figure-field__input",
                        "inputmode": "numeric",
                        "placeholder": "—",
                    }
                ),
            )
            self.fields[f"cause_{sku.sku_id}"] = forms.ChoiceField(
                choices=Cause.choices, initial=Cause.SHORT
            )

    def fate_field(self, tote_id: int) -> forms.BoundField:
        """Where one tote ended."""
        return self[f"fate_{tote_id}"]

    @property
    def goods_fields(self) -> list[tuple[PackedSku, forms.BoundField, forms.BoundField]]:
        """Goods with the fields for their missing pieces and the cause."""
        return [
            (sku, self[f"qty_{sku.sku_id}"], self[f"cause_{sku.sku_id}"]) for sku in self._goods
        ]

    def result(self, stop_id: int) -> StopResult:
        """The result as the service takes it; raises `ReturnNotPossible` if it cannot be."""
        return StopResult(
            stop_id=stop_id,
            state=Ending(self.cleaned_data["state"]),
            brought_back=self._totes(BACK),
            lost=self._totes(LOST),
            empties=self.cleaned_data["empties"],
            differences=tuple(self._differences()),
            is_signed=not self.cleaned_data["is_unsigned"],
            note=self.cleaned_data["note"],
        )

    def _totes(self, fate: str) -> frozenset[int]:
        return frozenset(
            tote_id for tote_id in self._tote_ids if self.cleaned_data[f"fate_{tote_id}"] == fate
        )

    def _differences(self) -> list[LineDifference]:
        return [
            LineDifference(
                sku_id=sku.sku_id,
                qty=qty,
                cause=CauseRule(self.cleaned_data[f"cause_{sku.sku_id}"]),
            )
            for sku in self._goods
            if (qty := self.cleaned_data[f"qty_{sku.sku_id}"])
        ]
