"""Forms of the selling kit."""

from django import forms

from orders.models.kit import PostKind
from orders.selectors.orders import campaigns_visible


class PostedForm(forms.Form):
    """What was taken to post, and of which campaign."""

    kind = forms.ChoiceField(choices=PostKind.choices)
    campaign = forms.IntegerField(required=False)

    def clean_campaign(self) -> int | None:
        """Take a campaign that leaders know of."""
        pk: int | None = self.cleaned_data["campaign"]
        if pk is not None and not campaigns_visible().filter(pk=pk).exists():
            raise forms.ValidationError("unknown campaign", code="unknown")
        return pk

    @property
    def what(self) -> PostKind:
        """The kind of a valid form."""
        return PostKind(self.cleaned_data["kind"])

    @property
    def campaign_id(self) -> int | None:
        """The campaign of a valid form, if it is about one."""
        pk: int | None = self.cleaned_data["campaign"]
        return pk
