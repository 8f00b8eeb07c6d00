"""Forms of deeds that two people stand for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.domain.adjustments import DOCUMENT_LENGTH, Adjustment
from orders.domain.money import FEN_PER_YUAN
from orders.models.campaigns import Campaign
from orders.selectors.ledger import accounts_for_adjustment
from orders.selectors.ledger_wording import account_text

REASON_LENGTH = 300


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )


class SignatureForm(forms.Form):
    """The answer of the second person; a refusal says why."""

    SIGN, REFUSE = "sign", "refuse"

    decision = forms.ChoiceField(choices=[(SIGN, SIGN), (REFUSE, REFUSE)])
    note = forms.CharField(
        label=_("Note"), max_length=REASON_LENGTH, required=False, empty_value=""
    )


class FreezeForm(forms.Form):
    """Which campaign ends early, and why."""

    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none())
    reason = _reason(_("Why it has to end now"))

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"] = forms.ModelChoiceField(label=_("Campaign"), queryset=campaigns)


class AdjustmentForm(forms.Form):
    """A transfer between two accounts, with the paper that says so."""

    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    document = forms.CharField(
        label=_("Document"),
        help_text=_("What says so on paper: a bank slip, a tax receipt."),
        max_length=DOCUMENT_LENGTH,
    )
    reason = _reason(_("Why it has to be moved"))
    field_order = ("debit", "credit", "amount", "document", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = [(code, account_text(code)) for code in accounts_for_adjustment()]
        self.fields["debit"] = forms.ChoiceField(
            label=_("Debit"), help_text=_("Where the money is afterwards."), choices=accounts
        )
        self.fields["credit"] = forms.ChoiceField(
            label=_("Credit"), help_text=_("Where it was before."), choices=accounts
        )
        self.order_fields(self.field_order)

    def adjustment(self) -> Adjustment:
        """The transfer as the services take it; the form must be valid."""
        given = self.cleaned_data
        return Adjustment(
            debit=given["debit"],
            credit=given["credit"],
            amount_fen=int(given["amount"] * FEN_PER_YUAN),
            document=given["document"],
        )
