"""Forms of recalls: which goods, why, and what came back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.models.purchasing import Supplier
from fulfillment.selectors.recall_reach import RecallScope
from orders.models.catalogue import Sku

_DAY = forms.DateInput(attrs={"type": "date"})


class RecallScopeForm(forms.Form):
    """The goods: a SKU by its code, of a batch or supplier if known, delivered in these days."""

    sku = forms.ModelChoiceField(
        label=_("SKU"),
        queryset=Sku.objects.all(),
        to_field_name="code",
        widget=forms.TextInput,
        error_messages={"invalid_choice": _("There is no such SKU.")},
    )
    batch_no = forms.CharField(
        label=_("Batch no."), max_length=60, required=False, help_text=_("Empty: every batch.")
    )
    supplier = forms.ModelChoiceField(
        label=_("Supplier"),
        queryset=Supplier.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Any"),
    )
    from_on = forms.DateField(label=_("Delivered from"), widget=_DAY)
    until_on = forms.DateField(label=_("Delivered until"), widget=_DAY)

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        given = super().clean() or {}
        first, last = given.get("from_on"), given.get("until_on")
        if first and last and first > last:
            raise forms.ValidationError(_("The first day is not after the last."))
        return given

    @property
    def scope(self) -> RecallScope:
        """The goods as the services take them; only of a form that is valid."""
        given = self.cleaned_data
        return RecallScope(
            sku_id=given["sku"].pk,
            supplier_id=given["supplier"].pk if given["supplier"] else None,
            batch_no=given["batch_no"].strip(),
            from_on=given["from_on"],
            until_on=given["until_on"],
        )


class RecallForm(RecallScopeForm):
    """The goods, why they are called back, and what people should do."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    advice = forms.CharField(
        label=_("What residents should do"),
        max_length=300,
        help_text=_("Do not eat it; bring it back."),
    )


class ReturnForm(forms.Form):
    """How many pieces of a line have come back, in all."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    qty = forms.IntegerField(label=_("Brought back"), min_value=0, max_value=100_000)
