"""Money in the admin: fen in the rows, yuan before people's eyes."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leaders.admin.columns import Column
from orders.domain.money import FEN_PER_YUAN, yuan_text

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin
    from django.utils.functional import _StrOrPromise

    _AdminClass = BaseModelAdmin[Any]
else:
    _AdminClass = object

# The largest amount a column of whole numbers holds.
FEN_MAX = 2_147_483_647


def yuan(path: str, description: "_StrOrPromise") -> Column:
    """A column with an amount of fen as ¥."""
    return Column(path, description, yuan_text, path)


class YuanField(forms.Field):
    """Typed in yuan with up to two decimals, kept as a whole number of fen."""

    default_error_messages = {
        "not_yuan": _("Enter an amount such as 12.50."),
        "out_of_range": _("The amount is negative or too large."),
    }

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan; what a person typed stays as typed."""
        return f"{Decimal(value) / FEN_PER_YUAN:.2f}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Return fen, exactly; more than two decimals are refused, not rounded."""
        if value in self.empty_values:
            return None
        try:
            fen = Decimal(str(value).strip().lstrip("¥").replace(",", "")) * FEN_PER_YUAN
        except InvalidOperation:
            raise ValidationError(self.error_messages["not_yuan"], code="not_yuan") from None
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValidationError(self.error_messages["not_yuan"], code="not_yuan")
        if not 0 <= fen <= FEN_MAX:
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return int(fen)


class YuanForms(_AdminClass):
    """Gives the named columns of a form a field in yuan.

    `yuan_labels` maps the column to its label; the column's own label speaks
    of fen. To be mixed in before an admin class.
    """

    yuan_labels: Mapping[str, "_StrOrPromise"] = {}

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Replace the form field of a column of fen."""
        if db_field.name in self.yuan_labels:
            return YuanField(
                label=self.yuan_labels[db_field.name],
                required=not db_field.blank,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "yuan", "size": 10}),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
