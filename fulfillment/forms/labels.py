"""Which labels, and on what they are printed."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.label_codes import Labelled
from fulfillment.papers.labels.sizes import MEDIA, LabelGrid, Offset, Printing, printer_offsets
from fulfillment.selectors.labels.choice import LabelChoice
from leaders.models.leaders import Leader

USUAL_SIZE = {
    Labelled.TOTE: "80x60",
    Labelled.PORTION: "60x40",
    Labelled.PALLET: "100x100",
    Labelled.HOUSEHOLD: "80x60",
    Labelled.ITEM: "60x40",
}
# The names of the kinds in addresses.
KIND_NAMES = {
    "pallet": Labelled.PALLET,
    "weigh": Labelled.PORTION,
    "tote": Labelled.TOTE,
    "household": Labelled.HOUSEHOLD,
    "item": Labelled.ITEM,
}


def kind_name(kind: Labelled) -> str:
    """The name of a kind in addresses."""
    return next(name for name, known in KIND_NAMES.items() if known is kind)


class LabelForm(forms.Form):
    """One order to the label printer; everything left empty is not narrowed by."""

    kind = forms.ChoiceField(choices=[(name, name) for name in KIND_NAMES])
    of = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    slot = forms.CharField(label=_("Slot"), required=False, max_length=12)
    route = forms.IntegerField(label=_("Route"), required=False, min_value=1, max_value=9999)
    leader = forms.CharField(label=_("Leader's code"), required=False, max_length=20)
    sku = forms.CharField(label=_("SKU"), required=False, max_length=30)
    size = forms.ChoiceField(label=_("Printed on"), required=False)
    start = forms.IntegerField(
        label=_("First free label"),
        required=False,
        min_value=1,
        max_value=max(medium.per_page for medium in MEDIA.values()),
        help_text=_("Of a part-used sheet, along the rows."),
    )
    printer = forms.ChoiceField(label=_("Printer"), required=False)
    reprint = forms.BooleanField(
        label=_("Reprint: mark every label with R"),
        required=False,
    )

    def __init__(self, *args: Any, kinds: Sequence[Labelled], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offsets = {"": Offset(), **printer_offsets(settings.LABEL_PRINTERS)}
        self._offer("kind", [(kind_name(kind), kind_name(kind)) for kind in kinds])
        self._offer("size", [(name, medium.title) for name, medium in MEDIA.items()])
        self._offer("printer", [(name, name or "—") for name in self.offsets])
        if len(self.offsets) == 1:
            self.fields["printer"].widget = forms.HiddenInput()

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Let a field be chosen from these."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Take a position only where the sheet has it; single labels know none."""
        cleaned = super().clean() or {}
        medium = MEDIA.get(cleaned.get("size") or "")
        start = cleaned.get("start") or 1
        if isinstance(medium, LabelGrid) and start > medium.per_page:
            self.add_error(
                "start",
                forms.ValidationError(
                    _("This sheet has %(count)d labels."), params={"count": medium.per_page}
                ),
            )
        return cleaned

    def choice(self, leader: Leader | None) -> LabelChoice:
        """Which labels are meant; a leader only ever chooses among the leader's own."""
        cleaned = self.cleaned_data
        return LabelChoice(
            kind=KIND_NAMES[cleaned["kind"]],
            of=cleaned["of"],
            slot=cleaned["slot"],
            route_no=cleaned["route"],
            leader_code=cleaned["leader"],
            sku_code=cleaned["sku"],
            leader=leader,
        )

    def printing(self) -> Printing:
        """On what they are printed."""
        cleaned = self.cleaned_data
        size = cleaned["size"] or USUAL_SIZE[KIND_NAMES[cleaned["kind"]]]
        medium = MEDIA[size]
        is_sheet = isinstance(medium, LabelGrid)
        return Printing(
            medium=medium,
            start=(cleaned["start"] or 1) if is_sheet else 1,
            offset=self.offsets[cleaned["printer"]],
            is_reprint=cleaned["reprint"],
        )
