"""Runs the project's management commands in processes of their own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR


def manage(environment: Mapping[str, str], *arguments: str | Path, quiet: bool = False) -> str:
    """Run `manage.py` with these arguments; return its output if `quiet`, else show it.

    Raises
    ------
    EmbeddedServerError
        If the command fails; its error output is on the terminal.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=PROJECT_DIR,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stdout or "")
        raise EmbeddedServerError(f"manage.py {arguments[0]} failed (status {done.returncode}).")
    return done.stdout or ""


def bundle_folder(given: Path) -> Path:
    """Return the absolute path of a day bundle.

    Raises
    ------
    EmbeddedServerError
        If the folder holds no `campaign.json`.
    """
    folder = given.resolve()
    if not (folder / "campaign.json").is_file():
        raise EmbeddedServerError(f"{folder} is not a day bundle: it has no campaign.json.")
    return folder
