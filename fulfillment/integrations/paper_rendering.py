"""Papers drawn and written to disk in processes of their own.

The processes are started fresh (spawned), so they share no database
connection with their parent, and they die with it, however it dies. They know
settings and translations, and none of the apps: papers are drawn from plain
values, and a process without models and solvers is a third of the size.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import translation

from fulfillment.papers.fonts import register_fonts
from fulfillment.papers.paper import RenderedPaper

# From <sys/prctl.h>: the signal a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileJob:
    """A file to write: `render(*content)` gives its bytes."""

    path: Path
    render: Callable[..., RenderedPaper]
    content: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFigures:
    """What was printed in a file."""

    pages: int
    lines: int
    pieces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """How papers are drawn: where the fonts lie, in which language, by how many."""

    fonts_dir: Path
    language: str
    processes: int


def files_render(jobs: Sequence[FileJob], workshop: Workshop) -> Iterator[tuple[int, FileFigures]]:
    """Draw and write every file; give its index and figures as each is done.

    A file appears whole under its name or not at all. Raises
    `BrokenProcessPool` if a process was killed, and what a renderer raises.
    """
    if workshop.processes <= 1:
        register_fonts(workshop.fonts_dir)
        with translation.override(workshop.language):
            for index, job in enumerate(jobs):
                yield index, file_render(job)
        return
    pool = ProcessPoolExecutor(
        workshop.processes,
        mp_context=get_context("spawn"),
        initializer=_process_start,
        initargs=(os.getpid(), workshop),
    )
    with pool:
        futures = {pool.submit(file_render, job): index for index, job in enumerate(jobs)}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def file_render(job: FileJob) -> FileFigures:
    """Draw one file and put it in its place."""
    paper = job.render(*job.content)
    file_write(job.path, paper.pdf)
    return FileFigures(pages=paper.pages, lines=paper.lines, pieces=paper.pieces)


def file_write(path: Path, data: bytes) -> None:
    """Write a file so that its name never shows a part of it, not even after a power cut."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)


def folder_settle(folder: Path) -> None:
    """Make the names in a folder last, and sweep what a killed process left half written."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _process_start(parent_pid: int, workshop: Workshop) -> None:
    """Prepare a fresh process: end with the parent, then language and fonts.

    Translations ask for a registry that is ready; an empty one is enough, as
    all of ours lie in LOCALE_PATHS.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        # The parent died before the line above took effect.
        os.kill(os.getpid(), signal.SIGKILL)
    apps.populate(())
    translation.activate(workshop.language)
    register_fonts(workshop.fonts_dir)
