"""The files of reports: written whole or not at all, found safely, removed in time."""

import os
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from fulfillment.report_errors import ReportNotReady


def report_write(root: Path, name: str, content: bytes) -> None:
    """Write a file that only our own processes read; a killed process leaves no half of it."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=root, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(root / name)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def report_path(root: Path, name: str) -> Path:
    """The file of a report; raises `ReportNotReady` if there is none of that name."""
    path = (root / name).resolve()
    if not name or path.parent != root.resolve() or not path.is_file():
        raise ReportNotReady(_("The file of this report is gone; ask for it again."))
    return path


def report_forget(root: Path, name: str) -> None:
    """Remove a file, if it is there."""
    try:
        report_path(root, name).unlink(missing_ok=True)
    except ReportNotReady:
        return
