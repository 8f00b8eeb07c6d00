"""The project's virtual environment, filled from a lock with hashes."""

import sys
from pathlib import Path

from install.debian import apt_install, can_apt
from install.errors import InstallationError
from install.programs import PROJECT_DIR, TOOLS_DIR, run, run_online, say

PYTHON = (3, 11)
VENV_DIR = PROJECT_DIR / ".venv"
PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--require-hashes", "--requirement")
UV_LOCK = PROJECT_DIR / "install" / "uv.txt"


def install_packages(lock: Path) -> None:
    """Make `.venv` hold what the lock names, by uv, or by pip where uv is not to be had.

    Raises
    ------
    InstallationError
        If this is not Python 3.11, or the packages cannot be installed.
    """
    if sys.version_info[:2] != PYTHON:
        raise InstallationError(
            f"Python 3.11 is needed, this is {sys.version.split()[0]}: "
            "set PYTHON=/path/to/python3.11 after make"
        )
    python = VENV_DIR / "bin" / "python"
    if not python.exists():
        make_venv(VENV_DIR)
    say(f"installing the packages of {lock.name}")
    if not _sync_by_uv(python, lock):
        run_online(python, *PIP_INSTALL, lock)


def make_venv(folder: Path) -> None:
    """Create a virtual environment with pip in it.

    Raises
    ------
    InstallationError
        If Python's own `venv` is not on the machine and cannot be fetched.
    """
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
    except InstallationError:
        if not can_apt():
            raise InstallationError(
                "Python's venv module is missing: install Debian's python3-venv"
            ) from None
        apt_install(["python3-venv"])
        run(sys.executable, "-m", "venv", "--clear", folder)


def tool_python() -> Path:
    """The Python of a small environment beside the project's, for installers themselves."""
    python = TOOLS_DIR / "bin" / "python"
    if not python.exists():
        make_venv(TOOLS_DIR)
    return python


def install_tool(lock: Path) -> None:
    """Install the packages of a lock into the installers' environment."""
    run_online(tool_python(), *PIP_INSTALL, lock)


def _sync_by_uv(python: Path, lock: Path) -> bool:
    """Install by uv; False where it is not to be had or does not reach the index.

    It has its own idea of which certificates to trust, so pip may get through
    where uv does not.
    """
    uv = _uv()
    if uv is None:
        return False
    try:
        run_online(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock)
    except InstallationError as error:
        say(f"{error}; going on with pip, which takes longer")
        return False
    return True


def _uv() -> Path | None:
    """The pinned uv, fetched if need be; None where the index or the platform has none."""
    uv = TOOLS_DIR / "bin" / "uv"
    if not uv.exists():
        try:
            install_tool(UV_LOCK)
        except InstallationError as error:
            say(f"{error}; going on with pip, which takes longer")
            return None
    return uv
