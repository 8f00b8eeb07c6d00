"""Tables as files to download."""

from django.http import HttpResponse

from fulfillment.services.statement_files import Sheet


def sheet_response(sheet: Sheet, name: str, form: str) -> HttpResponse:
    """A table to download, as `csv` or `xlsx`."""
    kinds = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    content = sheet.csv() if form == "csv" else sheet.xlsx().getvalue()
    response = HttpResponse(content, content_type=kinds[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
