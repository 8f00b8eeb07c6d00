"""Forms of the service desk and of the leader's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.services.claim_bearers import BearerChoice
from orders.domain.claims import DEFECT_SHARES_BP, WHOLE_BP
from orders.domain.money import FEN_PER_YUAN
from orders.models.claims import Claim, LeaderStance, LossBearer
from orders.services.claims import ClaimDecision

NOTE_LENGTH = 200
OTHER_AMOUNT = "0"


class LeaderAnswerForm(forms.Form):
    """What the leader says; silence agrees."""

    stance = forms.ChoiceField(choices=LeaderStance.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What do you know of it?"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReplyForm(forms.Form):
    """A first word to the resident."""

    words = forms.CharField(
        label=_("First word to the resident"),
        max_length=NOTE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class BearerForm(forms.Form):
    """Who bears it; of several suppliers, with which order the goods came."""

    bearer = forms.ChoiceField(
        label=_("Who bears it"), choices=LossBearer.choices, widget=forms.RadioSelect
    )
    bearer_note = forms.CharField(
        label=_("Why they bear it"), max_length=NOTE_LENGTH, required=False
    )

    def __init__(self, *args: Any, sources: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purchase_line"] = forms.TypedChoiceField(
            label=_("They came with"),
            choices=sources,
            required=False,
            coerce=int,
            empty_value=None,
            widget=forms.Select if len(sources) > 1 else forms.HiddenInput,
        )

    def choice(self) -> BearerChoice:
        """The choice as the services take it; the form must be valid."""
        return BearerChoice(
            bearer=LossBearer(self.cleaned_data["bearer"]),
            note=self.cleaned_data["bearer_note"],
            purchase_line_id=self.cleaned_data["purchase_line"],
        )


class AnswerForm(BearerForm):
    """The answer to a claim: a share of what is asked or an amount, words, and the bearer."""

    share = forms.ChoiceField(
        label=_("Pay back"),
        choices=[
            (WHOLE_BP, _("All that is asked")),
            *((share, f"{share // 100} %") for share in reversed(DEFECT_SHARES_BP[:-1])),
            (OTHER_AMOUNT, _("Another amount")),
        ],
        widget=forms.RadioSelect,
        initial=WHOLE_BP,
    )
    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Answer to the resident"), max_length=NOTE_LENGTH, required=False
    )
    for_finance = forms.CharField(
        label=_("Why so much goes back"),
        help_text=_("For finance, who has to sign it; the resident does not read this."),
        max_length=NOTE_LENGTH,
        required=False,
    )

    def decision(self, claim: Claim, *, approve: bool) -> ClaimDecision:
        """The decision as the services take it; the form must be valid."""
        given = self.cleaned_data
        if given["share"] == OTHER_AMOUNT:
            refund_fen = int((given["amount"] or 0) * FEN_PER_YUAN)
        else:
            refund_fen = claim.asked_fen * int(given["share"]) // WHOLE_BP
        return ClaimDecision(
            approve=approve,
            refund_fen=refund_fen if approve else 0,
            note=given["note"],
            for_finance=given["for_finance"],
        )
