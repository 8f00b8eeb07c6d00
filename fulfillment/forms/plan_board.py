"""What a dispatcher does on the board: a stop to another place, a lock."""

from django import forms

from fulfillment.domain.plan_board import Seat
from fulfillment.models.warehouse import DropLock
from fulfillment.services.plan_board import StopMove

POSITION_MAX = 999


class StepForm(forms.Form):
    """A change of the draft as it was when the page was made."""

    step = forms.IntegerField(min_value=0)


class MoveForm(StepForm):
    """Which stop goes to which place of which trip.

    `to` reads `V01/2`, the second trip of a vehicle; empty takes the stop off
    its trip. Without a position it becomes the last.
    """

    stop_key = forms.RegexField(r"^\d+(#\d+)?$")
    to = forms.RegexField(r"^.+/[1-9]\d?$", required=False)
    position = forms.IntegerField(min_value=1, max_value=POSITION_MAX, required=False)

    @property
    def move(self) -> StopMove:
        """The move of a valid form."""
        to = self.cleaned_data["to"]
        if not to:
            return StopMove(stop_key=self.cleaned_data["stop_key"], seat=None)
        code, _slash, trip_no = to.rpartition("/")
        seat = Seat(
            vehicle_code=code,
            trip_no=int(trip_no),
            position=self.cleaned_data["position"] or POSITION_MAX,
        )
        return StopMove(stop_key=self.cleaned_data["stop_key"], seat=seat)


class LockForm(forms.Form):
    """What a new plan must leave as it is about a drop; empty unlocks it."""

    drop_id = forms.IntegerField(min_value=1)
    lock = forms.ChoiceField(choices=[("", ""), *DropLock.choices], required=False)
