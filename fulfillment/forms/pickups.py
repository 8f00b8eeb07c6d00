"""What the page for handing out sends from a phone without scripts."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext as _

from fulfillment.domain.pickups import PickupReport, ReportKind
from fulfillment.models.pickups import PickupMethod


class ReportForm(forms.Form):
    """One tap: an order handed out (`fetch`), or a hand-out taken back (`undo`, order and event).

    All buttons of a page stand in one form. The id of a report is made of the
    page's and the order's, so a tap that is sent twice counts once.
    """

    page = forms.UUIDField()
    method = forms.ChoiceField(choices=PickupMethod.choices, required=False)
    fetch = forms.IntegerField(required=False, min_value=1)
    undo = forms.RegexField(r"^[0-9]{1,18}/[0-9a-f-]{36}$", required=False)

    def clean(self) -> dict[str, Any]:
        """Exactly one button was tapped."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("fetch")) == bool(cleaned.get("undo")):
            raise forms.ValidationError(_("Tap one order."))
        return cleaned

    def report(self, device_at: datetime) -> PickupReport:
        """The report of the button; the form must be valid."""
        page: UUID = self.cleaned_data["page"]
        if self.cleaned_data["undo"]:
            order_id, undoes = self.cleaned_data["undo"].split("/")
            return PickupReport(
                event_id=uuid5(page, f"undo {undoes}"),
                kind=ReportKind.UNDO,
                order_id=int(order_id),
                device_at=device_at,
                undoes=UUID(undoes),
            )
        order_id = self.cleaned_data["fetch"]
        return PickupReport(
            event_id=uuid5(page, f"fetch {order_id}"),
            kind=ReportKind.FETCH,
            order_id=order_id,
            device_at=device_at,
            method=self.cleaned_data["method"] or PickupMethod.NAME,
        )
