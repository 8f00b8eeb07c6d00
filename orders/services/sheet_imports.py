"""Writes down who brought which spreadsheet in."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from leaders.models.accounts import User
from leaders.services.audit import audit

NAME_LENGTH = 120


def sheet_note(
    *,
    table: str,
    file_name: str,
    content: bytes,
    rows: Mapping[str, int],
    actor: User,
    now: datetime,
) -> None:
    """Note an import in the audit log; call it in the transaction of the import.

    `rows` has how many were new, changed and left alone. The digest says
    later whether a file somebody shows is the one that was brought in.
    """
    audit(
        action="sheet.imported",
        about=actor,
        actor=actor,
        now=now,
        facts={
            "table": table,
            "file": file_name[:NAME_LENGTH],
            "sha256": sha256(content).hexdigest(),
            **rows,
        },
    )
