"""Runs the installers of others: with patience for the network, and with a home."""

import os
import subprocess
import sys
import time
from pathlib import Path

from install.errors import InstallationError

PROJECT_DIR = Path(__file__).resolve().parent.parent
TOOLS_DIR = PROJECT_DIR / "var" / "tools"
ATTEMPTS = 3
PAUSE_S = 3.0


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(*command: str | Path) -> None:
    """Run an installer that needs no network.

    Raises
    ------
    InstallationError
        If it fails; its own output is on the terminal.
    """
    line = [str(part) for part in command]
    done = subprocess.run(line, cwd=PROJECT_DIR, env=environment(), check=False)
    if done.returncode != 0:
        raise InstallationError(f"failed: {' '.join(line)}")


def run_online(*command: str | Path) -> None:
    """Run an installer that downloads; a failure may be the network's, so try again.

    Raises
    ------
    InstallationError
        If it fails every time.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            run(*command)
        except InstallationError as error:
            say(f"{error}; trying again ({attempt + 1} of {ATTEMPTS})")
            time.sleep(PAUSE_S * attempt)
        else:
            return
    run(*command)


def environment() -> dict[str, str]:
    """The caller's environment, with a home for the installers' caches if there is none."""
    result = dict(os.environ)
    home = Path("~").expanduser()
    if not (home.is_dir() and os.access(home, os.W_OK)):
        substitute = PROJECT_DIR / "var" / "home"
        substitute.mkdir(parents=True, exist_ok=True)
        result["HOME"] = str(substitute)
    result["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return result
