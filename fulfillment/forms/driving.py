"""What a driver enters at a door, on a phone without scripts; with scripts the same names travel.

Every form gives the body of one event (`domain.driving` says what is in it).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.driving import EventKind, FailReason
from fulfillment.domain.handover import TOTES_MAX, HandoverMethod
from fulfillment.domain.handover_codes import CODE_LENGTH
from fulfillment.domain.trip_returns import EMPTIES_MAX, NOTE_LENGTH
from fulfillment.models.exceptions import Cause
from fulfillment.selectors.driver_pages import StopPage

METHODS = [
    (HandoverMethod.CODE.value, _("Code from the leader's page")),
    (HandoverMethod.TAP.value, _("Leader tapped received")),
    (HandoverMethod.SIGNATURE.value, _("Signature on the phone")),
    (HandoverMethod.LEFT.value, _("Nobody there: left at the agreed place")),
]
REASONS = [
    (FailReason.ABSENT.value, _("Nobody there")),
    (FailReason.REFUSED.value, _("Refused")),
    (FailReason.NO_ACCESS.value, _("Could not get there")),
    (FailReason.VEHICLE.value, _("Vehicle broke down")),
    (FailReason.NOTHING_LOADED.value, _("Nothing was loaded")),
    (FailReason.OTHER.value, _("Something else: write a note")),
]
HANDED, BACK, LOST = "handed", "back", "lost"
FATES = [(HANDED, _("handed over")), (BACK, _("comes back")), (LOST, _("is missing"))]
CAUSES = [
    (cause.value, cause.label)
    for cause in (Cause.SHORT, Cause.DAMAGED, Cause.QUALITY, Cause.WRONG, Cause.RETURNED)
]
PIECES_MAX = 9999


class EventForm(forms.Form):
    """The id of one doing: sent twice, it counts once."""

    event_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def body(self) -> dict[str, object]:
        """What was entered, as JSON's own kinds."""
        return {}


class TripEventForm(EventForm):
    """Something about the whole trip."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in (EventKind.DEPART.value, EventKind.RETURN.value)]
    )


class UndoForm(EventForm):
    """What is taken back."""

    event = forms.UUIDField(widget=forms.HiddenInput)

    def body(self) -> dict[str, object]:
        """The event that is taken back."""
        return {"event": str(self.cleaned_data["event"])}


class PictureForm(EventForm):
    """A note, and a picture under a number of its own."""

    proof = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    note = forms.CharField(label=_("Note"), max_length=NOTE_LENGTH, required=False)

    def clean_proof(self) -> UUID:
        """The picture's number; a page that has none gives it a new one."""
        return self.cleaned_data["proof"] or uuid4()

    def body(self) -> dict[str, object]:
        """The note, and the picture's number if there is one."""
        said: dict[str, object] = {"note": self.cleaned_data["note"]}
        if self.cleaned_data["photo"]:
            said["proof"] = str(self.cleaned_data["proof"])
        return said


class FailForm(PictureForm):
    """Why nothing could be handed over."""

    reason = forms.ChoiceField(label=_("Why"), choices=REASONS, widget=forms.RadioSelect)

    def body(self) -> dict[str, object]:
        """The reason with its proof."""
        return super().body() | {"reason": self.cleaned_data["reason"]}


class HandOverForm(PictureForm):
    """How goods were handed over: counted, proved, and what of them was not."""

    method = forms.ChoiceField(
        label=_("Proved by"),
        choices=METHODS,
        widget=forms.RadioSelect,
        initial=HandoverMethod.CODE.value,
    )
    code = forms.CharField(
        label=_("Code from the leader's page"),
        required=False,
        max_length=CODE_LENGTH + 4,
        widget=forms.TextInput(
            attrs={
                "class": "code-field",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "pattern": "[0-9 ]*",
                "placeholder": "000000",
            }
        ),
    )

    def __init__(self, *args: Any, page: StopPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page = page
        self.fields["totes"] = _figure(_("Totes counted"), TOTES_MAX)
        self.fields["empties"] = _figure(_("Empties taken along"), EMPTIES_MAX, initial=0)
        for tote, _position in page.totes:
            self.fields[f"fate_{tote.pk}"] = forms.ChoiceField(
                choices=FATES, initial=HANDED, required=False
            )
        for sku in page.goods:
            self.fields[f"qty_{sku.sku_id}"] = _figure("", PIECES_MAX, is_required=False)
            self.fields[f"cause_{sku.sku_id}"] = forms.ChoiceField(choices=CAUSES, required=False)

    @property
    def tote_fields(self) -> list[tuple[object, object, forms.BoundField]]:
        """Totes with their number on the label and the field for where they ended."""
        return [(tote, at, self[f"fate_{tote.pk}"]) for tote, at in self._page.totes]

    @property
    def goods_fields(self) -> list[tuple[object, forms.BoundField, forms.BoundField]]:
        """Goods with the fields for missing pieces and their cause."""
        return [
            (sku, self[f"qty_{sku.sku_id}"], self[f"cause_{sku.sku_id}"])
            for sku in self._page.goods
        ]

    def body(self) -> dict[str, object]:
        """The whole handover."""
        said = self.cleaned_data
        return super().body() | {
            "method": said["method"],
            "code": said["code"],
            "totes": said["totes"],
            "empties": said["empties"],
            "back": self._totes(BACK),
            "lost": self._totes(LOST),
            "differences": self._differences(said),
        }

    def _totes(self, fate: str) -> list[int]:
        return [
            tote.pk
            for tote, _position in self._page.totes
            if self.cleaned_data[f"fate_{tote.pk}"] == fate
        ]

    def _differences(self, said: Mapping[str, Any]) -> Sequence[Mapping[str, object]]:
        return [
            {"sku": sku.sku_id, "qty": qty, "cause": said[f"cause_{sku.sku_id}"]}
            for sku in self._page.goods
            if (qty := said[f"qty_{sku.sku_id}"])
        ]


def _figure(
    label: Any, most: int, *, is_required: bool = True, initial: int | None = None
) -> forms.IntegerField:
    attrs = {"class": "figure-field__input", "inputmode": "numeric", "placeholder": "—"}
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=is_required,
        initial=initial,
        widget=forms.NumberInput(attrs=attrs),
    )
