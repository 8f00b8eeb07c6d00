"""What a buyer types on the purchase board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrder, PurchaseOrderLine, Supplier

ACTIONS = ("approve", "buy_up", "give_up", "move")


class DecisionForm(forms.Form):
    """One decision about one order: which, about which lines, to whom, and why."""

    action = forms.ChoiceField(choices=[(action, action) for action in ACTIONS])
    order = forms.ModelChoiceField(queryset=PurchaseOrder.objects.none())
    lines = forms.ModelMultipleChoiceField(
        queryset=PurchaseOrderLine.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Choose lines of this order.")},
    )
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.filter(is_active=True), required=False
    )
    reason = forms.CharField(label=_("reason"), required=False, max_length=200)

    def __init__(self, run: CutoffRun, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = PurchaseOrder.objects.filter(run=run).select_related("supplier")
        self._limit("order", orders)
        self._limit("lines", PurchaseOrderLine.objects.filter(purchase_order__run=run))

    def clean(self) -> dict[str, Any]:
        """What a decision needs besides its order."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        action = given.get("action")
        if action in ("give_up", "move") and not given.get("lines"):
            raise forms.ValidationError(_("Tick the lines it is about."))
        if action == "move" and given.get("supplier") is None:
            raise forms.ValidationError(_("Choose the supplier to move to."))
        return given

    def _limit(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows
