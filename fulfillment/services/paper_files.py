"""The files of a run's papers: where they lie, and how many are drawn at once."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from fulfillment.integrations.paper_rendering import (
    FileFigures,
    FileJob,
    Workshop,
    files_render,
    folder_settle,
)

# More than two processes gain little: the files are then ready before the
# printer is.
PROCESSES_MAX = 2
# A few papers are drawn before two fresh processes have loaded their fonts.
LINES_OF_SMALL_DAY = 1000
FILES_OF_SMALL_PRINT = 12
SAFE_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")

OnProgress = Callable[[int, int], None]


def paper_folder(campaign_code: str) -> Path:
    """Where the files of a campaign's papers lie."""
    return Path(settings.PAPERS_ROOT) / campaign_code


def paper_file_name(document: str, scope: str, revision: int) -> str:
    """The name of a paper's file; scopes no file system should see become a hash."""
    plain = scope
    if not SAFE_NAME.fullmatch(scope):
        plain = hashlib.sha256(scope.encode()).hexdigest()[:16]
    return f"{document}-{plain}-r{revision}.pdf"


def paper_files_write(
    *, folder: Path, files: Sequence[FileJob], is_small: bool, on_progress: OnProgress
) -> list[FileFigures]:
    """Draw every file into the folder; return what each holds, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    workshop = Workshop(
        fonts_dir=Path(settings.FONTS_DIR),
        language=settings.LANGUAGE_CODE,
        processes=1 if is_small else min(PROCESSES_MAX, os.cpu_count() or 1),
    )
    figures: dict[int, FileFigures] = {}
    on_progress(0, len(files))
    for index, done in files_render(files, workshop):
        figures[index] = done
        on_progress(len(figures), len(files))
    folder_settle(folder)
    return [figures[index] for index in range(len(files))]
