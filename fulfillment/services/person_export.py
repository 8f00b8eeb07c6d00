"""A copy of everything known about a person, to take along: JSON, tables and photos in a ZIP."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from fulfillment.integrations.zip_streams import zip_streamed
from fulfillment.selectors.persons import pickup_tables
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.domain.inert_cells import inert_row
from orders.models.claims import ClaimPhoto
from orders.models.personal_data import PersonRequest
from orders.models.residents import Resident
from orders.selectors.person_export import Row, Tables, person_photos, person_tables
from orders.selectors.persons import rows_of_person
from orders.services.personal_data import person_request_handle


def person_copy(*, request: PersonRequest, actor: User | None, now: datetime) -> Iterator[bytes]:
    """Answer a request for a copy and return the ZIP, piece by piece.

    `data.json` holds every table, `<table>.csv` each of them with inert cells,
    `photos/` the photos of claims. Who took the copy is written down. Raises
    `PersonRequestAnswered`.
    """
    resident = request.resident
    tables, photos = _recorded(request, actor, now)
    return zip_streamed(_members(tables, photos, resident, now), now)


@transaction.atomic
def _recorded(
    request: PersonRequest, actor: User | None, now: datetime
) -> tuple[Tables, list[ClaimPhoto]]:
    resident = request.resident
    person_request_handle(request=request, actor=actor, now=now)
    ids = list(rows_of_person(resident).values_list("pk", flat=True))
    tables = {**person_tables(resident), **pickup_tables(ids)}
    audit(
        action="person.exported",
        about=resident,
        actor=actor,
        now=now,
        facts={"rows": sum(len(rows) for rows in tables.values())},
    )
    return tables, person_photos(resident)


def _members(
    tables: Tables, photos: Sequence[ClaimPhoto], resident: Resident, now: datetime
) -> Iterator[tuple[str, Iterable[bytes]]]:
    document = {"resident": resident.code, "made_at": now.isoformat(), **tables}
    yield "data.json", [json.dumps(document, ensure_ascii=False, indent=1).encode()]
    for name, rows in tables.items():
        if rows:
            yield f"{name}.csv", [_csv(rows)]
    for photo in photos:
        yield f"photos/claim-{photo.claim_id}-{photo.pk}.jpg", _chunks(photo)


def _chunks(photo: ClaimPhoto) -> Iterator[bytes]:
    """The photo's bytes; none if its file is gone."""
    name = str(photo.photo.name)
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            yield file.read()


def _csv(rows: Sequence[Row]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(inert_row(_cells(row)) for row in rows)
    # The mark at the start tells spreadsheets that the text is UTF-8.
    return buffer.getvalue().encode("utf-8-sig")


def _cells(row: Mapping[str, object]) -> list[object]:
    return [
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for value in row.values()
    ]
