"""Debian's packages, where we may install them."""

import os
import shutil
from collections.abc import Sequence

from install.programs import run_online


def can_apt() -> bool:
    """Tell whether this is root on a machine with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages without asking and without the recommended extras.

    Raises
    ------
    InstallationError
        If apt-get fails every time.
    """
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    run_online(*quiet, "update")
    run_online(*quiet, "install", "--no-install-recommends", *packages)
