"""The forms of applicants: wording and cleaning, no rules."""

from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from leaders.domain.coordinates import CoordSystem, Place, looks_swapped, place_in_china
from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.errors import PlaceOutOfRange
from leaders.models.applications import ChecklistItem, DocumentKind, PointKind
from leaders.services.applications import STAFF_KINDS, ApplicationDetails
from leaders.services.photos import BYTES_MAX

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAP_CHOICES = [
    (CoordSystem.WGS84, _("This phone's own position (GPS)")),
    (CoordSystem.GCJ02, _("Amap, Tencent or WeChat map")),
    (CoordSystem.BD09, _("Baidu map")),
]
# WeChat lets nobody lead more; a longer number is a slip.
GROUP_SIZE_MAX = 100_000
PHOTOS_AT_ONCE = 6


def _time(label: "str | _StrPromise") -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class LeaderApplicationForm(forms.Form):
    """What somebody fills in to become a leader; `details` is there once it is valid."""

    applicant_name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    community_name = forms.CharField(label=_("Community you serve"), max_length=120)
    district = forms.CharField(label=_("District"), max_length=60, required=False)
    address = forms.CharField(
        label=_("Address of the pickup point"),
        max_length=200,
        help_text=_("Street, number, building and entrance, so that the driver finds it."),
    )
    point_kind = forms.ChoiceField(label=_("Kind of place"), choices=PointKind.choices)
    # One of the places an address search has found, as "longitude,latitude".
    found = forms.CharField(required=False, max_length=40)
    coord_system = forms.ChoiceField(
        label=_("Where the position comes from"), choices=MAP_CHOICES, initial=CoordSystem.WGS84
    )
    lng = forms.FloatField(
        label=_("Longitude"), required=False, widget=forms.NumberInput(attrs={"step": "any"})
    )
    lat = forms.FloatField(
        label=_("Latitude"), required=False, widget=forms.NumberInput(attrs={"step": "any"})
    )
    opens_at = _time(_("Open from"))
    closes_at = _time(_("Open until"))
    has_fridge = forms.BooleanField(label=_("There is room in a fridge"), required=False)
    is_ground_floor = forms.BooleanField(label=_("It is on the ground floor"), required=False)
    is_experienced = forms.BooleanField(label=_("I have led a buying group before"), required=False)
    group_size = forms.IntegerField(
        label=_("People in your group so far"),
        required=False,
        min_value=0,
        max_value=GROUP_SIZE_MAX,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    introduction = forms.CharField(
        label=_("Something about you"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    invite_code = forms.CharField(
        label=_("Invite code, if you have one"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    has_agreed_to_privacy = forms.BooleanField(
        label=_("I agree that you keep these details to look at my application"),
        error_messages={"required": _("Please read the privacy notice and agree to it.")},
    )

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits

    def clean(self) -> dict[str, Any]:
        """Read the position in its own system; the database knows WGS-84 only."""
        data: dict[str, Any] = super().clean() or {}
        self._clean_hours(data.get("opens_at"), data.get("closes_at"))
        data["place"] = self._place(data)
        return data

    @property
    def details(self) -> ApplicationDetails:
        """The cleaned answers as the service takes them."""
        data = self.cleaned_data
        return ApplicationDetails(
            applicant_name=data["applicant_name"],
            phone=data["phone"],
            community_name=data["community_name"],
            district=data["district"],
            address=data["address"],
            point_kind=PointKind(data["point_kind"]),
            place=data["place"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            has_fridge=data["has_fridge"],
            is_ground_floor=data["is_ground_floor"],
            is_experienced=data["is_experienced"],
            group_size=data["group_size"] or 0,
            introduction=data["introduction"],
            invite_code=data["invite_code"],
            has_agreed_to_privacy=data["has_agreed_to_privacy"],
        )

    def _clean_hours(self, opens_at: time | None, closes_at: time | None) -> None:
        if (opens_at is None) != (closes_at is None):
            self.add_error("closes_at", _("Give both hours, or none."))
        elif opens_at and closes_at and opens_at >= closes_at:
            self.add_error("closes_at", _("The point must open before it closes."))

    def _place(self, data: dict[str, Any]) -> Place | None:
        """The chosen place; a place that was found counts before one that was typed."""
        if data.get("found"):
            lng, _comma, lat = str(data["found"]).partition(",")
            try:
                return _in_china(float(lng), float(lat), CoordSystem.WGS84)
            except ValueError as error:
                raise forms.ValidationError(_("Please choose the place again.")) from error
        if "lng" in self.errors or "lat" in self.errors or "coord_system" in self.errors:
            return None
        if data.get("lng") is None or data.get("lat") is None:
            raise forms.ValidationError(
                _("Show us the place: with the phone's position, by its address, or in numbers.")
            )
        return _in_china(data["lng"], data["lat"], CoordSystem(data["coord_system"]))


class _PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class _PhotosField(forms.FileField):
    """Takes one photo or several."""

    widget = _PhotosInput(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Return the files as a list."""
        clean_one = super().clean
        return [clean_one(file, initial) for file in data or [None]]


class DocumentForm(forms.Form):
    """Photos of one kind."""

    kind = forms.ChoiceField(
        label=_("What the photo shows"),
        choices=[
            (value, label) for value, label in DocumentKind.choices if value not in STAFF_KINDS
        ],
    )
    photos = _PhotosField(
        label=_("Photos"), help_text=_("JPEG, PNG or WebP, at most 10 MB each, six at once.")
    )

    def clean_photos(self) -> "list[UploadedFile[bytes]]":
        """Refuse more than fit into one request."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["photos"]
        if len(files) > PHOTOS_AT_ONCE:
            raise forms.ValidationError(_("At most six photos at once, please."))
        return files

    def photos_read(self) -> list[bytes]:
        """The photos; one byte too many of each is enough to refuse it."""
        return [file.read(BYTES_MAX + 1) for file in self.cleaned_data["photos"]]


class ConsentForm(forms.Form):
    """A name typed under an agreement."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    signed_name = forms.CharField(
        label=_("Type your name to agree"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TickForm(forms.Form):
    """One thing of the checklist."""

    item = forms.ChoiceField(choices=ChecklistItem.choices)


def _in_china(lng: float, lat: float, system: CoordSystem) -> Place:
    if looks_swapped(lng, lat):
        raise forms.ValidationError(_("Longitude and latitude look swapped."))
    try:
        return place_in_china(lng, lat, system)
    except PlaceOutOfRange as error:
        raise forms.ValidationError(_("The place lies outside China.")) from error
