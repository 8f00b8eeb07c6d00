"""What is typed at the dock: large figures for one hand, blank is never zero."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.receiving import LineCount, StrayOutcome
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.receiving import GoodsReceiptLine
from fulfillment.services.stray_goods import OUTCOME_WORDS, StrayGoods
from leaders.services.photos import BYTES_MAX

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PIECES_MOST = 1_000_000
G_PER_KG = 1000
# Nothing that is sold is warmer or colder; a typed 45 for 4.5 is found out.
COLDEST_C, WARMEST_C = -60, 40
FIGURES = ("packs", "loose_qty", "damaged_qty", "bad_qty")


def _figure(label: "str | _StrPromise", *, maximum: int = PIECES_MOST) -> forms.IntegerField:
    """A whole number that a keypad types."""
    attrs = {
        "class": "figure-field__input",
        "inputmode": "numeric",
        "autocomplete": "off",
        "placeholder": "—",
    }
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=maximum,
        widget=forms.NumberInput(attrs=attrs),
    )


def _measure(
    label: "str | _StrPromise", *, lowest: int, highest: int, places: int
) -> forms.DecimalField:
    """A measured number with decimals."""
    attrs = {"class": "figure-field__input", "inputmode": "decimal", "autocomplete": "off"}
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=lowest,
        max_value=highest,
        decimal_places=places,
        max_digits=10,
        widget=forms.NumberInput(attrs=attrs),
    )


def _words(label: "str | _StrPromise", *, length: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


def _photo() -> forms.FileField:
    attrs = {"accept": "image/*", "capture": "environment"}
    return forms.FileField(label=_("Photo"), required=False, widget=forms.FileInput(attrs=attrs))


def photo_bytes(photo: "UploadedFile[bytes] | None") -> bytes | None:
    """The photo as uploaded; one byte more than allowed is enough to refuse it."""
    return photo.read(BYTES_MAX + 1) if photo else None


class CountForm(forms.Form):
    """The count of one line; the hidden event makes a page that is sent twice count once.

    Nothing typed is no count: that nothing arrived is a button of its own.
    """

    event_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    packs = _figure(_("Full packs"))
    loose_qty = _figure(_("Loose pieces"))
    damaged_qty = _figure(_("Damaged"))
    bad_qty = _figure(_("Rejected for quality"))
    reject_note = _words(_("Why rejected"), length=200)
    photo = _photo()
    temperature_c = _measure(_("Temperature (°C)"), lowest=COLDEST_C, highest=WARMEST_C, places=1)
    weight_kg = _measure(_("Net weight (kg)"), lowest=0, highest=100_000, places=3)
    batch_no = _words(_("Batch no."), length=60)
    origin = _words(_("Origin"), length=60)
    certificate_no = _words(_("Certificate no."), length=60)
    expires_on = forms.DateField(
        label=_("Best before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )
    is_new_arrival = forms.BooleanField(label=_("Came on another truck"), required=False)
    takes_unconfirmed = forms.BooleanField(
        label=_("The buyer agreed to take more than the supplier had confirmed"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Tell a count from a page on which nothing was typed."""
        given = super().clean() or {}
        if "nothing" in self.data:
            if any(given.get(name) for name in FIGURES):
                raise forms.ValidationError(
                    _("Figures are typed here. Clear them, or save the count.")
                )
            return {**given, **dict.fromkeys(FIGURES, 0)}
        if given.get("packs") is None and given.get("loose_qty") is None and not self.errors:
            raise forms.ValidationError(
                _("Type what you counted. If nothing came, press “Nothing arrived”.")
            )
        return given

    def count(self, line: PurchaseOrderLine) -> LineCount:
        """The count of a valid form."""
        given = self.cleaned_data
        packs, loose_qty = given["packs"] or 0, given["loose_qty"] or 0
        damaged_qty = given["damaged_qty"] or 0
        return LineCount(
            purchase_line_id=line.pk,
            packs=packs,
            loose_qty=loose_qty,
            arrived_qty=packs * line.pack_factor + loose_qty,
            damaged_qty=damaged_qty,
            rejected_qty=damaged_qty + (given["bad_qty"] or 0),
            reject_note=given["reject_note"],
            photo=photo_bytes(given["photo"]),
            temperature_dc=_tenths(given["temperature_c"]),
            weight_g=_grams(given["weight_kg"]),
            batch_no=given["batch_no"],
            origin=given["origin"],
            certificate_no=given["certificate_no"],
            expires_on=given["expires_on"],
            is_new_arrival=given["is_new_arrival"],
            takes_unconfirmed=given["takes_unconfirmed"],
        )


class CorrectionForm(CountForm):
    """The right figures of a count, and why the old ones are taken back."""

    reason = forms.CharField(
        label=_("Why is the count corrected?"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    @classmethod
    def of_count(cls, row: GoodsReceiptLine) -> "CorrectionForm":
        """The form with the figures as they were counted."""
        batch = row.batch
        return cls(
            initial={
                "event_id": uuid4(),
                "packs": row.packs,
                "loose_qty": row.loose_qty,
                "damaged_qty": row.damaged_qty,
                "bad_qty": row.rejected_qty - row.damaged_qty - row.excess_qty,
                "reject_note": row.reject_note,
                "temperature_c": _degrees(row.temperature_dc),
                "weight_kg": _kilograms(row.weight_g),
                "batch_no": batch.batch_no,
                "origin": batch.origin,
                "certificate_no": batch.certificate_no,
                "expires_on": batch.expires_on,
            }
        )

    def clean(self) -> dict[str, Any]:
        """Figures may stay away if the count is only taken back."""
        if "void" in self.data:
            return self.cleaned_data
        return super().clean()


class StrayForm(forms.Form):
    """Goods that nobody ordered."""

    event_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    description = forms.CharField(
        label=_("What is it?"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    qty = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=PIECES_MOST,
        widget=forms.NumberInput(
            attrs={"class": "figure-field__input", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    brought_by = forms.ChoiceField(label=_("Who brought it?"), required=False)
    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=list(OUTCOME_WORDS.items()), widget=forms.RadioSelect
    )
    photo = _photo()

    def __init__(self, *args: Any, suppliers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brought_by"] = forms.ChoiceField(
            label=_("Who brought it?"),
            required=False,
            choices=[("", "—"), *((name, name) for name in suppliers)],
        )

    def goods(self) -> StrayGoods:
        """The goods of a valid form."""
        given = self.cleaned_data
        return StrayGoods(
            description=given["description"],
            qty=given["qty"],
            outcome=StrayOutcome(given["outcome"]),
            brought_by=given["brought_by"],
            photo=photo_bytes(given["photo"]),
        )


class CloseForm(forms.Form):
    """The word that nothing more is awaited."""

    confirmed = forms.BooleanField(
        label=_("These lines did not arrive. What is short is shared out now."),
        error_messages={"required": _("Please confirm that these lines did not arrive.")},
    )


class TraceForm(forms.Form):
    """What a batch is searched by."""

    batch_no = _words(_("Batch no."), length=60)
    sku_code = _words(_("SKU (of this night)"), length=30)
    certificate_no = _words(_("Certificate no."), length=60)


def _tenths(degrees: Decimal | None) -> int | None:
    return None if degrees is None else int(degrees * 10)


def _degrees(temperature_dc: int | None) -> Decimal | None:
    return None if temperature_dc is None else Decimal(temperature_dc) / 10


def _grams(weight_kg: Decimal | None) -> int | None:
    return None if weight_kg is None else int(weight_kg * G_PER_KG)


def _kilograms(weight_g: int | None) -> Decimal | None:
    return None if weight_g is None else Decimal(weight_g) / G_PER_KG
