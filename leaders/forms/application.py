"""The application form: wording and cleaning, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.domain.coordinates import CoordSystem, Place, looks_swapped, place_in_china
from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.errors import PlaceOutOfRange
from leaders.models.applications import PointKind
from leaders.services.recruitment import ApplicationDetails

MAP_CHOICES = [
    (CoordSystem.WGS84, _("This phone's own position (GPS)")),
    (CoordSystem.GCJ02, _("Amap, Tencent or WeChat map")),
    (CoordSystem.BD09, _("Baidu map")),
]


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
    coord_system = forms.ChoiceField(label=_("Where the position comes from"), choices=MAP_CHOICES)
    lng = forms.FloatField(label=_("Longitude"), widget=forms.NumberInput(attrs={"step": "any"}))
    lat = forms.FloatField(label=_("Latitude"), widget=forms.NumberInput(attrs={"step": "any"}))

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits

    def clean(self) -> dict[str, object]:
        """Read the position in its own system; the database knows WGS-84 only."""
        data = super().clean() or {}
        if {"lng", "lat", "coord_system"} <= data.keys():
            data["place"] = _place(data["lng"], data["lat"], CoordSystem(data["coord_system"]))
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
        )


def _place(lng: float, lat: float, system: CoordSystem) -> Place:
    if looks_swapped(lng, lat):
        raise forms.ValidationError(_("Longitude and latitude look swapped."))
    try:
        return place_in_china(lng, lat, system)
    except PlaceOutOfRange as error:
        raise forms.ValidationError(_("The place lies outside China.")) from error
