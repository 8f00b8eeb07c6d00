"""Pictures kept by what stands on them, so that each is drawn once.

A figure that changes makes another picture; what nobody asked for since two
days is thrown away. Losing the folder loses nothing.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

KEPT_DAYS = 2


def picture_kept(root: Path, content: str, today: date, draw: Callable[[], bytes]) -> bytes:
    """The picture of a content: from the folder, or drawn and put there.

    A folder that cannot be written to makes pictures slow, not impossible.
    """
    folder = root / today.isoformat()
    path = folder / f"{hashlib.sha256(content.encode()).hexdigest()}.png"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    data = draw()
    with contextlib.suppress(OSError):
        if not folder.is_dir():
            folder.mkdir(parents=True)
            pictures_forget(root, today - timedelta(days=KEPT_DAYS))
        _write(path, data)
    return data


def pictures_forget(root: Path, before: date, *, is_real: bool = True) -> int:
    """Delete the pictures of days before this one; return how many days there were."""
    folders = root.iterdir() if root.is_dir() else ()
    days = [folder for folder in folders if _is_before(folder, before)]
    for folder in days if is_real else ():
        shutil.rmtree(folder, ignore_errors=True)
    return len(days)


def _is_before(folder: Path, day: date) -> bool:
    try:
        return date.fromisoformat(folder.name) < day
    except ValueError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Put a file in place whole; another process may read it at this moment."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)
