"""Columns of admin tables: figures, rates and moments in one wording.

A column is a class attribute of the admin page whose name starts with `num_`;
the admin's style sheet aligns such columns right. It reads an own column or
an annotation of the row:

    num_points = figure("points", _("pickup points"))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """Words the value at a path of the row; the admin reads the other attributes."""

    path: str
    short_description: "_StrOrPromise"
    text: Callable[[Any], str]
    admin_order_field: str | None = None

    def __call__(self, row: object) -> str:
        """The cell of a row; nothing is a dash."""
        value = value_of(row, self.path)
        return NOTHING if value is None else self.text(value)


def value_of(row: object, path: str) -> Any:
    """The value at a path of attributes such as `demand__pieces`, or None."""
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name, None)
        if value is None:
            return None
    return value


def figure(path: str, description: "_StrOrPromise", *, is_sorted: bool = True) -> Column:
    """A whole number with separators: 74550 is 74,550."""
    return Column(path, description, "{:,}".format, path if is_sorted else None)


def percent(path: str, description: "_StrOrPromise") -> Column:
    """Basis points as people say them: 850 is 8.5 %."""
    return Column(path, description, percent_text, path)


def moment(path: str, description: "_StrOrPromise") -> Column:
    """A moment in the operator's time zone, short: 2026-03-10 22:58."""
    return Column(path, description, moment_text, path)


def percent_text(rate_bp: int) -> str:
    """Return 850 basis points as '8.5 %' and 1000 as '10 %'."""
    return f"{rate_bp / 100:g} %"


def moment_text(value: Any) -> str:
    """Return an aware moment as the operator's clock shows it, to the minute."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
