"""What is typed at the slots: differences only, in large figures for one hand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from fulfillment.domain import exceptions as rules
from fulfillment.domain.sort_entry import Difference
from fulfillment.models.exceptions import Cause
from fulfillment.models.sorting import SortStage
from fulfillment.models.warehouse import SortMethod
from fulfillment.services.sort_card import ALL_ROUTES, Sorter
from fulfillment.services.sort_entry import BlockEntry
from leaders.models.accounts import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# What can be found out at a slot; too many is refused, nothing comes back here.
SLOT_CAUSES = (Cause.SHORT, Cause.DAMAGED, Cause.QUALITY, Cause.WEIGHT, Cause.WRONG)
PIECES_MOST = 100_000
DEVICE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A slot or a route of a form, and the pieces the page says lie there."""

    key: int
    label: str
    qty: int


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """The fields of one place, ready to draw."""

    place: Place
    qty: BoundField
    cause: BoundField
    seen: BoundField


def pieces_field(
    label: "_StrOrPromise", *, placeholder: str = " ", required: bool = False
) -> forms.IntegerField:
    """A number of pieces that a keypad types."""
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        max_value=PIECES_MOST,
        widget=forms.NumberInput(
            attrs={
                "class": "figure-field__input",
                "inputmode": "numeric",
                "autocomplete": "off",
                "placeholder": placeholder,
            }
        ),
    )


class SorterForm(forms.Form):
    """Who did it; the hidden event makes a page that is sent twice count once."""

    event = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    sorter_name = forms.CharField(
        label=_("Sorter"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def sorter(self, actor: User, device: str) -> Sorter:
        """The sorter of a valid form."""
        return Sorter(
            name=self.cleaned_data["sorter_name"],
            actor=actor,
            event_key=self.cleaned_data["event"],
            device=device[:DEVICE_LENGTH],
        )


class FiguresForm(SorterForm):
    """A figure and a cause per place; empty means: as the page says.

    What the page says comes back with it (`seen_…`), so that whatever was
    shared out again in the meantime is noticed.
    """

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        places: Iterable[Place],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.places = tuple(places)
        causes = [("", _("cause")), *((cause.value, cause.label) for cause in SLOT_CAUSES)]
        for place in self.places:
            self.fields[f"qty_{place.key}"] = pieces_field(place.label, placeholder=str(place.qty))
            self.fields[f"cause_{place.key}"] = forms.ChoiceField(
                label=_("Cause"),
                required=False,
                choices=causes,
                widget=forms.Select(attrs={"class": "figure-cause", "aria-label": place.label}),
            )
            self.fields[f"seen_{place.key}"] = forms.IntegerField(
                min_value=0, required=False, initial=place.qty, widget=forms.HiddenInput
            )

    def rows(self) -> Iterator[PlaceFields]:
        """The places with their fields, in the order of the walk."""
        for place in self.places:
            key = place.key
            yield PlaceFields(place, self[f"qty_{key}"], self[f"cause_{key}"], self[f"seen_{key}"])

    def differences(self) -> dict[int, Difference]:
        """What was typed, by place."""
        return {
            place.key: Difference(qty, _cause(self.cleaned_data[f"cause_{place.key}"]))
            for place in self.places
            if (qty := self.cleaned_data[f"qty_{place.key}"]) is not None
        }

    def seen(self) -> dict[int, int]:
        """What the page said, by place; a place that came since is missing."""
        return {
            place.key: qty
            for place in self.places
            if (qty := self.cleaned_data[f"seen_{place.key}"]) is not None
        }


class BlockForm(FiguresForm):
    """One block of a card, or a whole card."""

    stage = forms.ChoiceField(choices=SortStage.choices, widget=forms.HiddenInput)
    route_no = forms.IntegerField(min_value=ALL_ROUTES, max_value=9_999, widget=forms.HiddenInput)
    left_over_qty = pieces_field(_("Left over"))

    def entry(self) -> BlockEntry:
        """The block of a valid form."""
        return BlockEntry(
            stage=SortStage(self.cleaned_data["stage"]),
            route_no=self.cleaned_data["route_no"],
            differences=self.differences(),
            seen=self.seen(),
            left_over_qty=self.cleaned_data["left_over_qty"],
        )


class LeftOverForm(SorterForm):
    """What lies on the pallet at the end."""

    left_over_qty = pieces_field(_("Left over"), required=True)


class MoveForm(SorterForm):
    """Pieces that lie in the wrong slot."""

    from_slot = forms.TypedChoiceField(label=_("From slot"), coerce=int)
    to_slot = forms.TypedChoiceField(label=_("To slot"), coerce=int)
    qty = pieces_field(_("Pieces"), required=True)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        slots: Iterable[tuple[int, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="move_%s")
        choices = list(slots)
        for name in ("from_slot", "to_slot"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
                field.widget.attrs["class"] = "input"


class MethodForm(forms.Form):
    """How a SKU is sorted."""

    method = forms.ChoiceField(label=_("Method"), choices=SortMethod.choices)


class CheckForm(FiguresForm):
    """One slot: who sorted it, who checked it, and what they found."""

    checker_name = forms.CharField(
        label=_("Checker"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


def _cause(value: str) -> rules.Cause | None:
    return rules.Cause(value) if value else None
