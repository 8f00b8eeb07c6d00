"""Who is paid: wording and cleaning; whether a number can be one is the service's question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.domain.identity_numbers import number_cleaned
from leaders.models.payees import Payee, PayeeKind
from leaders.services.payees import PayeeDetails

NUMBER_LENGTH = 40


class NumberField(forms.CharField):
    """A long number as people type it, in groups or not."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}
        super().__init__(max_length=NUMBER_LENGTH, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Leave out blanks and hyphens."""
        return number_cleaned(super().clean(value))


class PayeeForm(forms.Form):
    """The payee of a leader; a number that is stored stays when its field is left empty."""

    kind = forms.ChoiceField(label=_("I earn as"), choices=PayeeKind.choices)
    legal_name = forms.CharField(
        label=_("Name as on the card or licence"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_no = NumberField(
        label=_("Identity number or credit code"),
        required=False,
        help_text=_("18 signs. Kept sealed; pages show the last four."),
    )
    bank_name = forms.CharField(label=_("Bank and branch"), max_length=60, required=False)
    bank_account = NumberField(label=_("Bank card or account"), required=False)
    wechat_openid = forms.CharField(
        label=_("WeChat openid"),
        max_length=64,
        required=False,
        help_text=_("For payouts over WeChat: the mini-program shows it under your account."),
    )
    has_agreed = forms.BooleanField(
        label=_("I agree that you keep these data, sealed, to pay me and for tax, nothing else"),
        error_messages={"required": _("We may keep these data only if you agree.")},
    )

    @classmethod
    def of(cls, payee: Payee | None) -> "PayeeForm":
        """The form with what is stored, but for the numbers."""
        if payee is None:
            return cls()
        names = ("kind", "legal_name", "bank_name", "wechat_openid")
        return cls(initial={name: getattr(payee, name) for name in names})

    def details(self) -> PayeeDetails:
        """What was typed, cleaned."""
        data = self.cleaned_data
        return PayeeDetails(
            kind=PayeeKind(data["kind"]),
            legal_name=data["legal_name"],
            id_no=data["id_no"],
            bank_name=data["bank_name"],
            bank_account=data["bank_account"],
            wechat_openid=data["wechat_openid"],
        )
