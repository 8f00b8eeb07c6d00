"""Forms of the recruiters' board: wording and cleaning, no rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leaders.domain.phones import is_mobile_number, phone_digits
from leaders.models.leaders import Leader
from leaders.selectors.leaders import working_leader
from leaders.services.review import Lead


class LeadForm(forms.Form):
    """Somebody who may become a leader."""

    applicant_name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    community_name = forms.CharField(label=_("Community"), max_length=120, required=False)
    district = forms.CharField(label=_("District"), max_length=60, required=False)
    introduction = forms.CharField(label=_("Note"), max_length=300, required=False)

    def clean_phone(self) -> str:
        """Take a mainland mobile number in any spelling."""
        digits = phone_digits(str(self.cleaned_data["phone"]))
        if not is_mobile_number(digits):
            raise forms.ValidationError(_("This is not a mobile number."))
        return digits

    @property
    def lead(self) -> Lead:
        """The cleaned answers as the service takes them."""
        return Lead(**self.cleaned_data)


class InviteForm(forms.Form):
    """For whom a code is made; empty for the operator's own."""

    inviter = forms.CharField(
        label=_("For leader (code or phone)"),
        max_length=20,
        required=False,
        help_text=_("Empty: a code of the operator’s own."),
    )

    def clean_inviter(self) -> Leader | None:
        """Find the leader; who does not work is not found."""
        typed = self.cleaned_data["inviter"].strip()
        if not typed:
            return None
        found = working_leader(typed)
        if found is None:
            raise forms.ValidationError(_("No leader who works has this code or number."))
        return found
