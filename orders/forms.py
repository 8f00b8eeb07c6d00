"""Forms of the residents' shop: wording and cleaning, no rules."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.models.leaders import Leader
from orders.domain.claims import (
    DEFECT_SHARES_BP,
    DESCRIPTION_LENGTH,
    LIGHT_WEIGHT,
    WHOLE_BP,
    WITHOUT_PHOTO,
)
from orders.domain.shelf import QTY_MAX
from orders.models.claims import ClaimKind
from orders.models.residents import LinkChannel, Resident

# The longest list a group makes, many times over.
CHAIN_LENGTH = 60_000


class PhoneForm(forms.Form):
    """The number a code is sent to, and the consent that comes first."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    has_agreed = forms.BooleanField(
        label=_("I have read the privacy notice and the terms and agree to them"),
        error_messages={"required": _("Please read the privacy notice and tick the box.")},
    )

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class ReceiverForm(forms.Form):
    """Who picks the goods up, and the door they belong to."""

    name = forms.CharField(
        label=_("Name of who picks up"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    building = forms.CharField(
        label=_("Building"),
        max_length=30,
        widget=forms.TextInput(attrs={"placeholder": _("such as 3栋")}),
    )
    room = forms.CharField(
        label=_("Room"),
        max_length=30,
        widget=forms.TextInput(attrs={"placeholder": _("such as 501")}),
    )

    @classmethod
    def of_resident(cls, resident: Resident) -> Self:
        """The form with what the resident wrote last time."""
        return cls(
            initial={
                "name": resident.name,
                "building": resident.building,
                "room": resident.room,
            }
        )


class CheckoutForm(ReceiverForm):
    """Who picks the goods up, and what may be done when something is short."""

    accepts_substitutes = forms.BooleanField(
        label=_("If something is short, you may give me something like it"), required=False
    )

    @property
    def receiver(self) -> dict[str, str]:
        """What stays with the resident for the next order."""
        return {name: self.cleaned_data[name] for name in ("name", "building", "room")}


class NeighbourForm(ReceiverForm):
    """For whom a leader orders; not everybody has a phone."""

    phone = forms.CharField(
        label=_("Mobile number (may stay empty)"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    building = forms.CharField(label=_("Building"), max_length=30, required=False)
    room = forms.CharField(label=_("Room"), max_length=30, required=False)
    field_order = ("name", "phone", "building", "room")

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling, or nothing."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if digits and not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; the service looks into each."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Every file by the rules of one."""
        return [super(PhotosField, self).clean(file, initial) for file in data or []]


# More than a line of an order can weigh: a slip of the finger.
WEIGHT_MOST_G = 1_000_000


class ClaimForm(forms.Form):
    """What was wrong with a line; `key` makes a second press of the button harmless."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ClaimKind.choices)
    qty = forms.IntegerField(
        label=_("How many pieces?"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    defect_bp = forms.TypedChoiceField(
        label=_("How much of them is bad?"),
        choices=[
            (WHOLE_BP, _("All of it")),
            *((share, f"{share // 100} %") for share in reversed(DEFECT_SHARES_BP[:-1])),
        ],
        coerce=int,
        required=False,
        empty_value=None,
        initial=WHOLE_BP,
        widget=forms.RadioSelect,
    )
    weighed_g = forms.IntegerField(
        label=_("What do they weigh? (g)"),
        min_value=0,
        max_value=WEIGHT_MOST_G,
        required=False,
        help_text=_("All of these pieces together; only if they weigh less than sold."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("1 to 6; goods that are missing need none."),
        widget=PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    description = forms.CharField(
        label=_("Tell us more (may stay empty)"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What is missing, light or not said is told as a whole; grams belong to what is light."""
        given = super().clean() or {}
        if given.get("kind") in (WITHOUT_PHOTO, LIGHT_WEIGHT) or given.get("defect_bp") is None:
            given["defect_bp"] = WHOLE_BP
        if given.get("kind") != LIGHT_WEIGHT:
            given["weighed_g"] = None
        elif given.get("weighed_g") is None and "weighed_g" not in self.errors:
            self.add_error("weighed_g", _("Say what the pieces weigh."))
        return given


# A poster hangs for months; what is posted in a group is old in a week.
LINK_DAYS = [(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class ShortLinkForm(forms.Form):
    """Where a link will be posted, for how long, and whose shop it opens."""

    channel = forms.ChoiceField(label=_("Where will you post it?"), choices=LinkChannel.choices)
    label = forms.CharField(
        label=_("Your note (may stay empty)"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("such as group of building 3")}),
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        initial=30,
        choices=LINK_DAYS,
    )
    shop = forms.ChoiceField(label=_("Whose shop?"), required=False)

    def __init__(self, *args: Any, owners: Sequence[Leader], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {owner.code: owner for owner in owners}
        shop = self.fields["shop"]
        if isinstance(shop, forms.ChoiceField):
            named = [(owner.code, owner.name) for owner in owners]
            shop.choices = [("", _("My own")), *named]
        if not owners:
            del self.fields["shop"]

    @property
    def place(self) -> LinkChannel:
        """Where it will be posted."""
        return LinkChannel(self.cleaned_data["channel"])

    @property
    def lifetime(self) -> timedelta:
        """How long it works."""
        return timedelta(days=self.cleaned_data["days"])

    @property
    def owner(self) -> Leader | None:
        """The leader one sells for; None for one's own shop."""
        return self._owners.get(self.cleaned_data.get("shop", ""))


class ResaleForm(forms.Form):
    """Who may sell for a leader, and for which share."""

    reseller = forms.CharField(
        label=_("Code of the other leader"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "L0001"}),
    )
    rate = forms.DecimalField(
        label=_("Their share of the sales (%)"),
        min_value=Decimal("0.01"),
        max_value=30,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}),
    )

    @property
    def rate_bp(self) -> int:
        """The share in basis points."""
        return int(self.cleaned_data["rate"] * 100)


class ChainForm(forms.Form):
    """A chain as it was pasted, or as a text file."""

    text = forms.CharField(
        label=_("Text of the chain"),
        required=False,
        max_length=CHAIN_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "#接龙 …"}),
    )
    file = forms.FileField(
        label=_("Or a text file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file's text where nothing was pasted."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if not cleaned.get("text") and file is not None:
            if file.size > CHAIN_LENGTH * 4:
                raise forms.ValidationError(_("This file is too large for a chain."))
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("This file is no text in UTF-8.")) from None
        if not str(cleaned.get("text", "")).strip():
            raise forms.ValidationError(_("Paste the chain, or choose a file."))
        return cleaned


class ChainRowForm(forms.Form):
    """Who a row of a chain is for."""

    nickname = forms.CharField(label=_("Name in the group"), max_length=60, required=False)
    building = forms.CharField(label=_("Building"), max_length=30, required=False)
    room = forms.CharField(label=_("Room"), max_length=30, required=False)


def quantity(text: str) -> int:
    """Read a quantity somebody typed: 0 for what is no whole number from 1 to 99."""
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text[:3]), QTY_MAX)
