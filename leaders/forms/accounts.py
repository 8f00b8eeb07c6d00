"""The form of a first password."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from leaders.models.accounts import User

if TYPE_CHECKING:
    _PasswordForm = SetPasswordForm[User]
else:
    _PasswordForm = SetPasswordForm


class FirstPasswordForm(_PasswordForm):
    """Django's form, which lists every rule, in one sentence for a phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "At least 8 characters, not only digits, and nothing that is easy to guess."
        )
        self.fields["new_password2"].help_text = ""
