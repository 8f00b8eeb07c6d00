"""Forms about one leader: wording and cleaning, no rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.forms.review import CLOCK, DAY
from leaders.domain.coordinates import CoordSystem, looks_swapped, place_in_china
from leaders.errors import PlaceOutOfRange
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from leaders.selectors.leaders import working_leader
from leaders.services.points import PointDetails
from leaders.services.substitutions import Days

REASON_LENGTH = 200


class WorkingLeaderField(forms.CharField):
    """A leader who works, by code or by phone; cleaned to the row, or to nothing."""

    def clean(self, value: Any) -> Any:
        """Find the leader; who does not work is not found."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = working_leader(typed)
        if found is None:
            raise forms.ValidationError(_("No leader who works has this code or number."))
        return found


class MoveForm(forms.Form):
    """Why a leader is suspended, resumed or made active."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)


class HandOverForm(MoveForm):
    """Which point goes to whom, and why."""

    point = forms.ModelChoiceField(PickupPoint.objects.none(), label=_("Pickup point"))
    to = WorkingLeaderField(label=_("New leader (code or phone)"))

    field_order = ("point", "to", "reason")

    def __init__(self, *args: Any, leader: Leader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = PickupPoint.objects.filter(leader=leader)
        self.fields["point"] = forms.ModelChoiceField(points, label=_("Pickup point"))
        self.order_fields(self.field_order)


class SubstituteForm(forms.Form):
    """Who minds which point on which days."""

    point = forms.ModelChoiceField(PickupPoint.objects.none(), label=_("Pickup point"))
    substitute = WorkingLeaderField(label=_("Substitute (code or phone)"))
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY))
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)

    def __init__(self, *args: Any, leader: Leader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = PickupPoint.objects.filter(leader=leader, is_open=True)
        self.fields["point"] = forms.ModelChoiceField(points, label=_("Pickup point"))
        self.order_fields(("point", "substitute", "first", "last", "reason"))

    @property
    def days(self) -> Days:
        """The cleaned span."""
        return Days(self.cleaned_data["first"], self.cleaned_data["last"])


class PointForm(forms.Form):
    """One more place of a leader."""

    community_name = forms.CharField(label=_("Community"), max_length=120)
    district = forms.CharField(label=_("District"), max_length=60, required=False)
    address = forms.CharField(label=_("Address of the pickup point"), max_length=200)
    lng = forms.FloatField(label=_("Longitude"), widget=forms.NumberInput(attrs={"step": "any"}))
    lat = forms.FloatField(label=_("Latitude"), widget=forms.NumberInput(attrs={"step": "any"}))
    coord_system = forms.ChoiceField(
        label=_("Where the position comes from"),
        choices=[
            (CoordSystem.GCJ02, _("Amap, Tencent or WeChat map")),
            (CoordSystem.BD09, _("Baidu map")),
            (CoordSystem.WGS84, _("GPS")),
        ],
    )
    opens_at = forms.TimeField(label=_("Opens at"), widget=forms.TimeInput(attrs=CLOCK))
    closes_at = forms.TimeField(label=_("Closes at"), widget=forms.TimeInput(attrs=CLOCK))

    def clean(self) -> dict[str, object]:
        """Read the position in its own system, and the hours in their order."""
        data = super().clean() or {}
        if {"lng", "lat", "coord_system"} <= data.keys():
            lng, lat = data["lng"], data["lat"]
            if looks_swapped(lng, lat):
                raise forms.ValidationError(_("Longitude and latitude look swapped."))
            try:
                data["place"] = place_in_china(lng, lat, CoordSystem(data["coord_system"]))
            except PlaceOutOfRange as error:
                raise forms.ValidationError(_("The place lies outside China.")) from error
        if {"opens_at", "closes_at"} <= data.keys() and data["opens_at"] >= data["closes_at"]:
            raise forms.ValidationError(_("The point must open before it closes."))
        return data

    @property
    def details(self) -> PointDetails:
        """The cleaned answers as the service takes them."""
        data = self.cleaned_data
        return PointDetails(
            community_name=data["community_name"],
            district=data["district"],
            address=data["address"],
            place=data["place"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
        )


class ReferralForm(forms.Form):
    """Who really brought a leader; empty for nobody."""

    referrer = WorkingLeaderField(label=_("Referrer (code or phone)"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)


class NoticeForm(forms.Form):
    """Who ends it, and why."""

    is_by_operator = forms.BooleanField(
        label=_("The operator ends it, not the leader"), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)


class CompleteForm(forms.Form):
    """Who takes the points; empty to close them."""

    successor = WorkingLeaderField(label=_("Successor (code or phone)"), required=False)
