"""What is decided about shortages: a rule, pieces given by hand, something else instead."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.domain.allocation import ShortageRule
from fulfillment.models.allocation import RuleChoice
from fulfillment.selectors.substitution import SubstituteChoice

REASON_LENGTH = 200


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


class RuleForm(forms.Form):
    """Who goes without."""

    rule = forms.ChoiceField(choices=RuleChoice.choices)

    @property
    def chosen(self) -> ShortageRule:
        """The rule of a valid form."""
        return ShortageRule(self.cleaned_data["rule"])


class OverrideForm(forms.Form):
    """Exactly so many pieces for one line, and why."""

    qty = forms.IntegerField(
        label=_("Gets"),
        min_value=0,
        widget=forms.NumberInput(
            attrs={
                "class": "figure-field__input",
                "inputmode": "numeric",
                "autocomplete": "off",
            }
        ),
    )
    reason = _reason()


class SubstituteForm(forms.Form):
    """What is given instead, and why; only what is spare and no cheaper is offered."""

    reason = _reason()

    def __init__(self, *args: Any, choices: Sequence[SubstituteChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"] = forms.TypedChoiceField(
            label=_("Give instead"),
            coerce=int,
            choices=[
                (
                    choice.sku_id,
                    _("%(goods)s, %(count)d spare")
                    % {"goods": choice.name, "count": choice.spare_qty},
                )
                for choice in choices
            ],
        )
        self.order_fields(["substitute", "reason"])


class FinalForm(forms.Form):
    """The clear word that nothing more will come."""

    confirmed = forms.BooleanField(label=_("Nothing more will come. Refund what is short now."))
