"""Fields that take a value as its own JSON type, and none that only looks like it."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers


class TextField(serializers.CharField):
    """A string; a number is none, though it could be written as one."""

    def to_internal_value(self, data: object) -> str:
        """Refuse what is not a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FilledField(TextField):
    """A string with something to read in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(
            RegexValidator(r"[^\s\x00-\x1F]", message=self.error_messages["blank"])
        )


class WholeField(serializers.IntegerField):
    """A whole number; digits in quotes are none."""

    def to_internal_value(self, data: object) -> int:
        """Refuse what is not a number, and the truth values that Python counts as some."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)
