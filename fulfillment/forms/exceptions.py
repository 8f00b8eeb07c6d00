"""Forms of exceptions and of the end of the day."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.day_counts import Counted
from fulfillment.domain.exceptions import NIGHT_STAGES
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, Cause, Stage
from fulfillment.selectors.exceptions import drops_of, skus_of
from fulfillment.services.day_close import Declaration
from fulfillment.services.exceptions import CaseDraft

NOTE_LENGTH = 200
PIECES_MOST = 100_000
FIGURE = {"class": "figure-field__input", "inputmode": "numeric", "autocomplete": "off"}


class CaseForm(forms.Form):
    """What somebody found; the hidden event makes a form that is sent twice count once."""

    event = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    stage = forms.ChoiceField(
        label=_("Where was it found?"),
        choices=[(stage.value, Stage(stage).label) for stage in NIGHT_STAGES],
    )
    cause = forms.ChoiceField(label=_("What is wrong?"), choices=Cause.choices)
    sku = forms.TypedChoiceField(label=_("Goods"), required=False, coerce=int, empty_value=None)
    drop = forms.TypedChoiceField(
        label=_("Slot"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("From loading on, say which slot."),
    )
    qty = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=PIECES_MOST,
        widget=forms.NumberInput(attrs=FIGURE),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Goods that nobody ordered are described here."),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def __init__(self, *args: Any, run: CutoffRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", "—")
        skus = ((sku.pk, f"{sku.code} {sku.name}") for sku in skus_of(run))
        drops = (
            (drop.pk, f"{drop.slot_code} {drop.pickup_point.name}".strip())
            for drop in drops_of(run)
        )
        self._choices("sku", [none, *skus])
        self._choices("drop", [none, *drops])

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def draft(self) -> CaseDraft:
        """What a valid form says."""
        data = self.cleaned_data
        return CaseDraft(
            stage=Stage(data["stage"]),
            cause=Cause(data["cause"]),
            qty=data["qty"],
            sku_id=data["sku"],
            drop_id=data["drop"],
            note=data["note"],
            photo=data["photo"].read() if data["photo"] else None,
            event_id=data["event"],
        )


class DecisionForm(forms.Form):
    """Who bears a case."""

    bearer = forms.ChoiceField(
        label=_("Who bears it?"), choices=Bearer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Why"), max_length=NOTE_LENGTH, required=False)


class ClaimForm(forms.Form):
    """With which purchase order claimed goods came, where there were several."""

    purchase_line = forms.IntegerField(required=False)


class StageForm(forms.Form):
    """A stage whose open cases are decided as proposed."""

    stage = forms.ChoiceField(choices=Stage.choices)


class StageDeclarationForm(StageForm):
    """That no count of a stage was made, and why."""

    reason = forms.CharField(max_length=NOTE_LENGTH)


class DeclarationForm(forms.Form):
    """That a count was never made, and why."""

    stage = forms.ChoiceField(choices=Stage.choices)
    counted = forms.ChoiceField(choices=[(counted.value, counted.value) for counted in Counted])
    pk = forms.IntegerField()
    reason = forms.CharField(max_length=NOTE_LENGTH)

    def declaration(self) -> Declaration:
        """What a valid form says."""
        data = self.cleaned_data
        return Declaration(
            stage=Stage(data["stage"]),
            counted=Counted(data["counted"]),
            pk=data["pk"],
            reason=data["reason"],
        )
