"""What a supplier types: what it brings, when, and the papers for it."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.dock_slots import dock_slots
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.supplier_papers import SupplierPaperKind
from fulfillment.selectors.supplier_orders import SupplierOrder
from fulfillment.services.supplier_papers import BYTES_MAX

LINE_PREFIX = "line-"
ACCEPTED_FILES = "application/pdf,image/jpeg,image/png,image/webp"


def _slots() -> list[tuple[str, object]]:
    """The half hours at the dock, and none of them."""
    slots = dock_slots(
        time.fromisoformat(settings.DOCK_OPENS), time.fromisoformat(settings.DOCK_CLOSES)
    )
    return [("", _("as arranged")), *((f"{slot:%H:%M}", f"{slot:%H:%M}") for slot in slots)]


class ConfirmationForm(forms.Form):
    """Pieces by line, a slot at the dock and a note.

    The button "all" confirms every line as ordered, whatever stands in the
    fields; otherwise every line needs a figure, because a blank is no zero.
    """

    slot = forms.TypedChoiceField(
        label=_("We are at the dock at"),
        required=False,
        choices=_slots,
        coerce=time.fromisoformat,
        empty_value=None,
        widget=forms.Select(attrs={"class": "input"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, shown: SupplierOrder, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.is_all = "all" in self.data
        for line in shown.lines:
            self.fields[f"{LINE_PREFIX}{line.pk}"] = self._figure(line)

    def _figure(self, line: PurchaseOrderLine) -> forms.IntegerField:
        return forms.IntegerField(
            label=line.sku.name,
            required=not self.is_all,
            min_value=0,
            max_value=line.ordered_qty,
            initial=line.confirmed_qty,
            error_messages={"required": _("Type how many you bring; 0 if none.")},
            widget=forms.NumberInput(
                attrs={
                    "class": "figure-field__input",
                    "inputmode": "numeric",
                    "autocomplete": "off",
                }
            ),
        )

    def rows(self) -> list[tuple[PurchaseOrderLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[f"{LINE_PREFIX}{line.pk}"]) for line in self.shown.lines]

    def quantities(self) -> dict[int, int]:
        """Pieces by purchase line id."""
        if self.is_all:
            return {line.pk: line.ordered_qty for line in self.shown.lines}
        return {line.pk: self.cleaned_data[f"{LINE_PREFIX}{line.pk}"] for line in self.shown.lines}


class PaperForm(forms.Form):
    """A licence or certificate with what it says."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SupplierPaperKind.choices)
    number = forms.CharField(label=_("Number"), required=False, max_length=60)
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    file = forms.FileField(
        label=_("PDF or photo"), widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES})
    )

    def __init__(self, lines: Sequence[PurchaseOrderLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goods = [(line.sku_id, f"{line.sku.code} {line.sku.name}") for line in lines]
        self.fields["sku"] = forms.TypedChoiceField(
            label=_("For"),
            required=False,
            choices=[("", _("all goods")), *goods],
            coerce=int,
            empty_value=None,
        )
        self.order_fields(["kind", "sku", "number", "expires_on", "file"])
        for shown in self.fields.values():
            shown.widget.attrs.setdefault("class", "input")

    def data_read(self) -> bytes:
        """The file; one byte too many is enough to refuse it."""
        data: bytes = self.cleaned_data["file"].read(BYTES_MAX + 1)
        return data
