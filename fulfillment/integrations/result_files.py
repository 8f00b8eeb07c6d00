"""Writes result files: whole or not at all, and inert in every cell.

A reader never sees half a file: it is written under another name beside its
place and moved there in one step. No cell of any file begins a formula.
"""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from orders.domain.inert_cells import inert_row


def table_write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file with a header row; return how many rows it has below it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(inert_row(row))
        count += 1
    file_write(path, buffer.getvalue().encode())
    return count


def document_write(path: Path, document: Mapping[str, object]) -> None:
    """Write a JSON object, its keys in the order given."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    file_write(path, f"{text}\n".encode())


def file_write(path: Path, content: bytes) -> None:
    """Write a file, making the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = _waiting(path)
    waiting.write_bytes(content)
    os.replace(waiting, path)


def file_copy(source: Path, target: Path) -> None:
    """Copy a finished file; a copy of the same size and time is left as it is."""
    before = source.stat()
    if target.exists():
        after = target.stat()
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = _waiting(target)
    shutil.copy2(source, waiting)
    os.replace(waiting, target)


def _waiting(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")
