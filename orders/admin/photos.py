"""Photos in the admin: what is uploaded is encoded anew before it is kept."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Field, ImageField
from django.http import HttpRequest
from django.utils.translation import gettext

from leaders.errors import PhotoRefused
from leaders.services.photos import BYTES_MAX, photo_file

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _AdminClass = BaseModelAdmin[Any]
else:
    _AdminClass = object


class PhotoField(forms.FileField):
    """Takes a photo and hands on our own copy of it, under a name nobody can guess."""

    widget = AdminFileWidget

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the cleaned photo; what was there before passes as it is."""
        kept = super().clean(data, initial)
        if not isinstance(kept, UploadedFile):
            return kept
        try:
            # One byte too many is enough to refuse; nobody reads a film into memory.
            return photo_file(kept.read(BYTES_MAX + 1))
        except PhotoRefused as error:
            raise ValidationError(gettext(error.message), code=error.code) from error


class PhotoForms(_AdminClass):
    """Gives every photo of a form a `PhotoField`; to be mixed in before an admin class."""

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Replace the form field of a photo."""
        if isinstance(db_field, ImageField):
            return PhotoField(label=db_field.verbose_name, required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
