"""The pages of spreadsheets: choose a file, see what it would change, confirm; and the way out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.admin.sheets import SheetResource
from orders.integrations.sheets import (
    BYTES_MAX,
    KEPT_SECONDS,
    ROWS_MAX,
    Sheet,
    csv_bytes,
    sheet_keep,
    sheet_read,
    sheet_take,
    workbook_bytes,
)
from orders.services.sheet_imports import sheet_note

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _AdminClass = ModelAdmin[Any]
else:
    _AdminClass = object

ROWS_SHOWN = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"
_KINDS = {
    RowResult.IMPORT_TYPE_NEW: NEW,
    RowResult.IMPORT_TYPE_UPDATE: CHANGED,
    RowResult.IMPORT_TYPE_SKIP: SAME,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A sheet held against the table: what would change, and what speaks against it."""

    sheet: Sheet
    resource: SheetResource
    result: Result

    @property
    def is_good(self) -> bool:
        """Whether every row can be written."""
        return not (self.result.has_errors() or self.result.has_validation_errors())

    @property
    def numbers(self) -> dict[str, int]:
        """How many rows are of which kind."""
        kinds = [kind_of(row) for row in self.result.rows]
        return {kind: kinds.count(kind) for kind in (NEW, CHANGED, SAME, FAULTY)}

    def rows(self) -> Iterator[dict[str, object]]:
        """The rows that say something, under their numbers in the file; faulty ones first."""
        numbered = list(zip(self.sheet.rows, self.result.rows, strict=True))
        numbered.sort(key=lambda pair: kind_of(pair[1]) != FAULTY)
        for (number, cells), row in numbered:
            kind = kind_of(row)
            if kind == FAULTY:
                yield {
                    "number": number,
                    "kind": kind,
                    "values": ["" if cell is None else str(cell) for cell in cells],
                    "faults": self._faults(row),
                }
            elif kind != SAME:
                yield {"number": number, "kind": kind, "cells": row.diff}

    def _faults(self, row: RowResult) -> list[str]:
        if row.validation_error is None:
            return [_("This row could not be written.")]
        if not hasattr(row.validation_error, "error_dict"):
            return list(row.validation_error.messages)
        headings = {column.attribute: str(column.heading) for column in self.resource.columns}
        return [
            f"{headings[name]}: {words}" if name in headings else words
            for name, said in row.validation_error.message_dict.items()
            for words in said
        ]


def kind_of(row: RowResult) -> str:
    """Whether a row is new, changed, the same or faulty."""
    return _KINDS.get(row.import_type, FAULTY)


class SheetPages(_AdminClass):
    """Brings the rows of a table in and out as a spreadsheet; to be mixed in before an admin.

    Who brings rows in needs to add and to change them; a file is written as a
    whole or not at all.
    """

    sheet_resource: type[SheetResource]
    change_list_template = "admin/sheets/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The sheet's pages beside Django's own."""
        guard, name = self.admin_site.admin_view, self._sheet_name()
        return [
            path("sheet/", guard(self.sheet_view), name=name),
            path("sheet/confirm/", guard(self.sheet_confirm_view), name=f"{name}_confirm"),
            path("sheet/xlsx/", guard(self.sheet_xlsx_view), name=f"{name}_xlsx"),
            path("sheet/csv/", guard(self.sheet_csv_view), name=f"{name}_csv"),
            *super().get_urls(),
        ]

    def has_sheet_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may bring rows in."""
        opts = self.sheet_resource._meta.model._meta
        return all(
            request.user.has_perm(f"{opts.app_label}.{get_permission_codename(verb, opts)}")
            for verb in ("add", "change")
        )

    def sheet_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What a sheet shows of the rows that a list shows."""
        shown: QuerySet[Any] = self.sheet_resource(user=None).get_queryset()
        return shown.filter(pk__in=rows.order_by().values("pk"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Put the ways in and out over the list."""
        name = self._sheet_name()
        ways = {
            "may_import": self.has_sheet_permission(request),
            "import_url": reverse(f"admin:{name}"),
            "xlsx_url": reverse(f"admin:{name}_xlsx"),
            "csv_url": reverse(f"admin:{name}_csv"),
            "query": request.META.get("QUERY_STRING", ""),
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheet": ways})

    def sheet_xlsx_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, as an Excel file."""
        headings, rows = self._exported(request)
        content = workbook_bytes(str(self.opts.verbose_name_plural), headings, rows)
        return self._file(content, "xlsx", XLSX)

    def sheet_csv_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, as a csv file."""
        return self._file(csv_bytes(*self._exported(request)), "csv", "text/csv; charset=utf-8")

    def sheet_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; its rows are tried and nothing is kept."""
        self._require_sheet_permission(request)
        if request.method != "POST":
            return self._page(request)
        upload = request.FILES.get("file")
        if upload is None:
            return self._page(request, faults=[_("Choose a file.")])
        if (upload.size or 0) > BYTES_MAX:
            return self._page(request, faults=[_("The file is larger than 5 MB.")])
        content, file_name = upload.read(), Path(upload.name or "").name
        try:
            trial = self._try(request, content, file_name, is_kept=False)
        except ValidationError as error:
            return self._page(request, faults=error.messages)
        ticket = ""
        if trial.is_good and trial.numbers[NEW] + trial.numbers[CHANGED]:
            key = sheet_keep(_folder(), content)
            about = {"key": key, "name": file_name, "user": request.user.pk}
            ticket = signing.dumps(about, salt=self._sheet_name())
        return self._page(request, trial=trial, ticket=ticket, file_name=file_name)

    def sheet_confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Write the file that was looked at, all of it or nothing, and say who brought it."""
        self._require_sheet_permission(request)
        back = HttpResponseRedirect(reverse(f"admin:{self._sheet_name()}"))
        try:
            ticket = request.POST.get("ticket", "")
            about = signing.loads(ticket, salt=self._sheet_name(), max_age=KEPT_SECONDS)
            content = sheet_take(_folder(), about["key"])
        except (signing.BadSignature, DomainError):
            text = _("The file was kept for an hour only; choose it again.")
            self.message_user(request, text, messages.ERROR)
            return back
        if about["user"] != request.user.pk:
            raise PermissionDenied
        try:
            with transaction.atomic():
                trial = self._try(request, content, about["name"], is_kept=True)
                if trial.is_good:
                    self._note(request, trial, content, about["name"])
        except ValidationError as error:
            return self._page(request, faults=error.messages)
        if not trial.is_good:
            return self._page(request, trial=trial, file_name=about["name"])
        text = _("{new} new, {changed} changed, {same} left as they were.")
        self.message_user(request, text.format(**trial.numbers), messages.SUCCESS)
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(f"admin:{name}"))

    def _try(self, request: HttpRequest, content: bytes, file_name: str, *, is_kept: bool) -> Trial:
        resource = self.sheet_resource(user=request.user, file_name=file_name)
        try:
            sheet = sheet_read(content)
        except DomainError as error:
            raise ValidationError(_(error.message)) from error
        result = resource.import_data(
            resource.dataset_of(sheet),
            dry_run=not is_kept,
            use_transactions=True,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=True,
        )
        return Trial(sheet, resource, result)

    def _note(self, request: HttpRequest, trial: Trial, content: bytes, file_name: str) -> None:
        actor, numbers = cast(User, request.user), trial.numbers
        sheet_note(
            table=trial.resource._meta.model._meta.label_lower,
            file_name=file_name,
            content=content,
            rows={kind: numbers[kind] for kind in (NEW, CHANGED, SAME)},
            actor=actor,
            now=timezone.now(),
        )
        for kind, flag in ((NEW, ADDITION), (CHANGED, CHANGE)):
            rows = [row.instance for row in trial.result.rows if kind_of(row) == kind]
            if rows:
                words = _("By spreadsheet: {file}").format(file=file_name)
                LogEntry.objects.log_actions(actor.pk, rows, flag, words)

    def _page(
        self,
        request: HttpRequest,
        *,
        faults: Sequence[str] = (),
        trial: Trial | None = None,
        ticket: str = "",
        file_name: str = "",
    ) -> HttpResponse:
        resource = trial.resource if trial else self.sheet_resource(user=request.user)
        rows = list(trial.rows()) if trial else []
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring in a spreadsheet"),
            "opts": self.opts,
            "columns": resource.columns,
            "keys": [column.attribute for column in resource.key_columns],
            "faults": faults,
            "trial": trial,
            "rows": rows[:ROWS_SHOWN],
            "rows_hidden": max(0, len(rows) - ROWS_SHOWN),
            "headings": trial.sheet.headings if trial else (),
            "ticket": ticket,
            "file_name": file_name,
            "confirm_url": reverse(f"admin:{self._sheet_name()}_confirm"),
            "xlsx_url": reverse(f"admin:{self._sheet_name()}_xlsx"),
            "rows_max": ROWS_MAX,
        }
        status = 422 if faults or (trial is not None and not trial.is_good) else 200
        return TemplateResponse(request, "admin/sheets/import.html", context, status=status)

    def _exported(self, request: HttpRequest) -> tuple[list[str], list[list[object]]]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = self.get_changelist_instance(request).get_queryset(request)
        resource = self.sheet_resource(user=request.user)
        rows = [resource.export_resource(row) for row in self.sheet_rows(shown)]
        return [str(column.heading) for column in resource.columns], rows

    def _file(self, content: bytes, ending: str, content_type: str) -> HttpResponse:
        name = f"{self.sheet_resource._meta.model._meta.model_name}-{timezone.localdate()}.{ending}"
        response = HttpResponse(content, content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _require_sheet_permission(self, request: HttpRequest) -> None:
        if not self.has_sheet_permission(request):
            raise PermissionDenied

    def _sheet_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_sheet"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "sheets"
