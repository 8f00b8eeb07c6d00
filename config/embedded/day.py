"""`make day`: one day bundle on a fresh database that is thrown away afterwards."""

import os
import shutil
import tempfile
from pathlib import Path

from config.embedded.commands import bundle_folder, manage
from config.embedded.places import FALLBACK_PARENT
from config.embedded.postgres import PostgresServer

PREFIX = "tuanpei-day-"


def play_one_day(data: Path, out: Path, options: list[str]) -> None:
    """Play the day of `data` into `out`; nothing else stays.

    Raises
    ------
    EmbeddedServerError
        If the server does not start, or `play_day` ends with an error.
    """
    bundle = bundle_folder(data)
    _sweep()
    root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=FALLBACK_PARENT))
    root.chmod(0o711)
    server = PostgresServer(root, throwaway=True)
    try:
        server.join()
        server.ensure_database("day")
        environment = os.environ | {
            "DATABASE_URL": server.url("day"),
            "PAPERS_ROOT": str(root / "papers"),
        }
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "play_day", "--data", bundle, "--out", out.resolve(), *options)
    finally:
        server.destroy()


def _sweep() -> None:
    """Remove the servers of runs that were killed."""
    for root in Path(FALLBACK_PARENT).glob(f"{PREFIX}*"):
        if root.stat().st_uid != os.geteuid():
            continue
        if not PostgresServer(root, throwaway=True).destroy_if_abandoned() and _is_empty(root):
            shutil.rmtree(root, ignore_errors=True)


def _is_empty(root: Path) -> bool:
    return not (root / "data").exists() and not (root / "data.half").exists()
