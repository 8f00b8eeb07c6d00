"""What a dispatcher asks a planner for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.plan_drafts import PlanOrigin

NOTE_LENGTH = 120
SECONDS = (10, 20, 30, 60, 120)


class Wish(TextChoices):
    """What happened, or what somebody wants to know."""

    VEHICLE_OUT = "vehicle_out", _("A vehicle is out")
    LEADER_OUT = "leader_out", _("A leader is out")
    LATE_DROPS = "late_drops", _("Late drops")
    ONE_LESS = "one_less", _("One vehicle less")
    AFRESH = "afresh", _("Everything anew")


# What only asks a question; the rest answers something that has happened.
_QUESTIONS = (Wish.ONE_LESS, Wish.AFRESH)


class AskForm(forms.Form):
    """A wish with what it is about; vehicles and drops are those of the plan."""

    wish = forms.ChoiceField(choices=Wish.choices)
    seconds = forms.TypedChoiceField(
        coerce=int, choices=[(seconds, _("%d s") % seconds) for seconds in SECONDS]
    )
    transships = forms.BooleanField(required=False)
    note = forms.CharField(max_length=NOTE_LENGTH, required=False)

    def __init__(
        self, *args: Any, vehicles: Iterable[str], drops: Iterable[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vehicle"] = forms.ChoiceField(
            choices=[(code, code) for code in vehicles], required=False
        )
        self.fields["drop"] = forms.TypedChoiceField(
            coerce=int, choices=[(drop, drop) for drop in drops], required=False, empty_value=None
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the vehicle or the leader where the wish is about one."""
        cleaned = super().clean() or {}
        wish = cleaned.get("wish")
        if wish == Wish.VEHICLE_OUT and not cleaned.get("vehicle"):
            raise forms.ValidationError(_("Choose the vehicle that is out."))
        if wish == Wish.LEADER_OUT and not cleaned.get("drop"):
            raise forms.ValidationError(_("Choose the leader who is out."))
        return cleaned

    @property
    def origin(self) -> PlanOrigin:
        """Whether a valid form asks what if, or for another plan."""
        is_question = self.cleaned_data["wish"] in _QUESTIONS
        return PlanOrigin.WHAT_IF if is_question else PlanOrigin.REPLAN

    def request(self, *, vehicles_used: int) -> PlanRequest:
        """What a valid form asks for; one vehicle less is less than `vehicles_used`."""
        asked = self.cleaned_data
        wish = Wish(asked["wish"])
        return PlanRequest(
            seconds=asked["seconds"],
            keeps_plan=wish not in _QUESTIONS,
            vehicles_out=frozenset({asked["vehicle"]} if wish == Wish.VEHICLE_OUT else ()),
            drops_out=frozenset({asked["drop"]} if wish == Wish.LEADER_OUT else ()),
            transships=wish == Wish.VEHICLE_OUT and asked["transships"],
            max_vehicles=max(1, vehicles_used - 1) if wish == Wish.ONE_LESS else None,
            note=asked["note"] or str(wish.label),
        )
