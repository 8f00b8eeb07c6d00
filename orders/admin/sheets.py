"""Spreadsheets of the admin: which columns a sheet has, and how its rows become rows of a table.

django-import-export finds the rows that a sheet speaks of, tells what would
change and leaves alone what would not; the cells are ours (`sheet_cells`), and
so are the headings, which are understood in every language of the platform.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import tablib
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Choices, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import Widget

from leaders.errors import DomainError
from orders.domain.sheet_cells import (
    clock_cell,
    day_cell,
    fen_cell,
    moment_cell,
    text_cell,
    truth_cell,
    whole_cell,
)
from orders.integrations.sheets import Sheet

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Cells(Widget):
    """Reads a cell by one of the functions of `sheet_cells`; writes what spreadsheets know.

    An empty cell becomes `empty`.
    """

    def __init__(
        self,
        read: Callable[[object], object],
        write: Callable[[Any], object] | None = None,
        *,
        empty: object = None,
    ) -> None:
        super().__init__()
        self.read, self.write, self.empty = read, write, empty

    def clean(self, value: object, row: object = None, **_more: object) -> object:
        """The value of a cell; a refusal is said in the user's words."""
        try:
            found = self.read(value)
        except DomainError as error:
            raise ValueError(_(error.message)) from error
        return self.empty if found is None else found

    def render(self, value: object, obj: object = None, **_more: object) -> object:
        """The cell of a value."""
        return self.write(value) if self.write and value is not None else value


class ChoiceCells(Widget):
    """A value of a choice, by its code or its name in any language."""

    def __init__(self, choices: type[Choices]) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: object, row: object = None, **_more: object) -> object:
        """The code of the choice that a cell names."""
        text = _plain(text_cell(value))
        for language, _name in settings.LANGUAGES:
            with override(language):
                for code, label in self.choices.choices:
                    if text in (_plain(str(code)), _plain(str(label))):
                        return code
        known = "、".join(str(label) for label in self.choices.labels)
        raise ValueError(_("Enter one of these: {known}.").format(known=known))

    def render(self, value: object, obj: object = None, **_more: object) -> object:
        """The name of a choice."""
        return str(self.choices(value).label) if value not in (None, "") else ""


class RowCells(Widget):
    """Another row, by what people call it; all of them are read once.

    `name` gives what a row is called; `is_needed` refuses an empty cell.
    """

    def __init__(
        self,
        rows: Callable[[], QuerySet[Any]],
        name: Callable[[Any], str],
        *,
        is_needed: bool = True,
    ) -> None:
        super().__init__()
        self.rows, self.name, self.is_needed = rows, name, is_needed
        self._known: dict[str, Model] | None = None

    def clean(self, value: object, row: object = None, **_more: object) -> object:
        """The row that a cell names."""
        text = text_cell(value)
        if not text and not self.is_needed:
            return None
        if self._known is None:
            self._known = {self.name(found): found for found in self.rows()}
        if text not in self._known:
            raise ValueError(_("Nothing here is called {name}.").format(name=text or "—"))
        return self._known[text]

    def render(self, value: Any, obj: object = None, **_more: object) -> object:
        """What a row is called."""
        return "" if value is None else self.name(value)


class Column(Field):
    """A column of a sheet, with the heading that people read."""

    def __init__(self, attribute: str, heading: "_StrOrPromise", widget: Widget) -> None:
        super().__init__(attribute=attribute, column_name=attribute, widget=widget)
        self.heading = heading

    def clean(self, row: Mapping[str, Any], **kwargs: Any) -> Any:
        """The value of the column's cell; columns know no defaults but their own."""
        return self.widget.clean(row[self.column_name], row=row, **kwargs)

    def save(self, instance: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        """Put the value into the instance."""
        setattr(instance, str(self.attribute), self.clean(row, **kwargs))


def text() -> Widget:
    """Texts; an empty cell is an empty text."""
    return Cells(text_cell)


def whole(*, empty: int | None = None) -> Widget:
    """Whole numbers."""
    return Cells(whole_cell, empty=empty)


def yuan_amount() -> Widget:
    """Fen in the rows, yuan in the sheet."""
    return Cells(fen_cell, lambda fen: Decimal(fen).scaleb(-2))


def truth() -> Widget:
    """Yes and no; an empty cell is yes."""

    def write(is_so: bool) -> str:
        return pgettext("cell", "yes") if is_so else pgettext("cell", "no")

    return Cells(truth_cell, write, empty=True)


def day() -> Widget:
    """Days."""
    return Cells(day_cell, lambda found: found.isoformat())


def clock() -> Widget:
    """Times of day."""
    return Cells(clock_cell, lambda found: f"{found:%H:%M}")


def moment() -> Widget:
    """Moments of the operator's time zone."""

    def read(value: object) -> object:
        found = moment_cell(value)
        return None if found is None else timezone.make_aware(found)

    return Cells(read, lambda found: f"{timezone.localtime(found):%Y-%m-%d %H:%M}")


class SheetDiff:
    """The cells of a row before and after, without any markup of their own."""

    def __init__(self, resource: "SheetResource", instance: Model, new: bool) -> None:
        self.before = ["" for _name in resource.columns] if new else resource.cells_of(instance)
        self.after: list[str] = []

    def compare_with(self, resource: "SheetResource", instance: Model | None) -> None:
        """Take the cells of the row as it is now."""
        self.after = resource.cells_of(instance) if instance is not None else []

    def as_html(self) -> list[dict[str, object]]:
        """Each cell with what it was; the page marks what differs."""
        return [
            {"before": before, "after": after, "is_changed": before != after}
            for before, after in zip(self.before, self.after, strict=True)
        ]


class SheetResource(ModelResource):
    """One kind of sheet; `Meta.import_id_fields` are the columns that name a row.

    A sheet needs these columns and may leave out others: those keep what they
    have. Rows are never deleted by a sheet.
    """

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user: Any = kwargs.get("user")
        self.file_name: str = kwargs.get("file_name", "")
        self._rows: dict[tuple[object, ...], Model] | None = None

    @property
    def columns(self) -> Sequence[Column]:
        """The columns in their order."""
        return [self.fields[name] for name in self.get_import_order()]

    @property
    def key_columns(self) -> Sequence[Column]:
        """The columns that name a row."""
        return [self.fields[name] for name in self.get_import_id_fields()]

    def cells_of(self, instance: Model) -> list[str]:
        """The cells of a row as texts."""
        return ["" if cell is None else str(cell) for cell in self.export_resource(instance)]

    def dataset_of(self, sheet: Sheet) -> tablib.Dataset:
        """The sheet under the names of the columns.

        Raises `ValidationError` with every fault of its headings, and every
        row that stands in it twice.
        """
        names = self._names(sheet.headings)
        rows = [dict(zip(names, row, strict=True)) for _number, row in sheet.rows]
        self._require_once(rows, [number for number, _row in sheet.rows])
        dataset = tablib.Dataset(headers=names)
        for row in rows:
            dataset.append([row[name] for name in names])
        return dataset

    def get_instance(self, instance_loader: object, row: Mapping[str, Any]) -> Model | None:
        """The row of the table that a row of the sheet speaks of; all are read once."""
        try:
            key = tuple(column.clean(row) for column in self.key_columns)
        except ValueError:
            return None  # the column says so when it is read
        if self._rows is None:
            self._rows = {
                tuple(column.get_value(found) for column in self.key_columns): found
                for found in self.get_queryset()
            }
        return self._rows.get(key)

    def get_diff_class(self) -> type[SheetDiff]:
        """Ours: the library's marks changes with styles that our pages refuse."""
        return SheetDiff

    def get_import_fields(self) -> list[Column]:
        """All columns; the library asks those that the sheet has."""
        return list(self.columns)

    def import_field(self, field: Column, instance: Model, row: Any, *_a: Any, **kw: Any) -> None:
        """Leave alone what the sheet has no column for."""
        if field.column_name in row:
            field.save(instance, row, **kw)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Write a row; what a rule refuses is said beside the row."""
        try:
            self.write(instance, is_create=is_create)
        except DomainError as error:
            raise ValidationError(_(error.message)) from error

    def write(self, instance: Any, *, is_create: bool) -> None:
        """Save a row that is new or changed; rows with rules of their own go through a service."""
        instance.save()

    def after_import(self, dataset: object, result: object, **kwargs: Any) -> None:
        """Nothing: keys come from the database's own sequences."""

    def _names(self, headings: Sequence[str]) -> list[str]:
        known = {
            heading: column.column_name
            for column in self.columns
            for heading in _said_in_all_languages(column)
        }
        faults = [
            _("Unknown heading: {heading}.").format(heading=heading or "—")
            for heading in headings
            if _plain(heading) not in known
        ]
        names = [known.get(_plain(heading), heading) for heading in headings]
        faults += [
            _("This heading stands there twice: {heading}.").format(heading=name)
            for name, times in Counter(names).items()
            if times > 1
        ]
        faults += [
            _("The heading {heading} is missing.").format(heading=column.heading)
            for column in self.key_columns
            if column.column_name not in names
        ]
        if faults:
            wanted = "、".join(str(column.heading) for column in self.columns)
            raise ValidationError([*faults, _("Known headings: {known}").format(known=wanted)])
        return names

    def _require_once(self, rows: Iterable[Mapping[str, object]], numbers: Sequence[int]) -> None:
        seen: dict[tuple[str, ...], int] = {}
        faults = []
        for number, row in zip(numbers, rows, strict=True):
            key = tuple(text_cell(row[column.column_name]) for column in self.key_columns)
            if key in seen:
                faults.append(
                    _("Rows {first} and {second} are about the same: {key}.").format(
                        first=seen[key], second=number, key=" · ".join(key)
                    )
                )
            seen.setdefault(key, number)
        if faults:
            raise ValidationError(faults)


def _said_in_all_languages(column: Column) -> set[str]:
    said = {_plain(column.column_name)}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(_plain(str(column.heading)))
    return said


def _plain(text: str) -> str:
    """Without blanks, capitals and the two shapes of brackets."""
    return "".join(text.split()).casefold().replace("（", "(").replace("）", ")").replace("￥", "¥")
