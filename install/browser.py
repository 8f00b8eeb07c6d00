"""Chromium and a Chinese font for the browser tests."""

import os
import shutil
import subprocess

from install.debian import apt_install, can_apt
from install.errors import InstallationError
from install.programs import say


def install_browser() -> None:
    """Install Debian's Chromium and a Chinese font where they are missing and we may.

    Elsewhere the browser tests are skipped, which is said here.

    Raises
    ------
    InstallationError
        If it cannot be installed and CI is set: there the tests must run.
    """
    wanted = ([] if _has_chromium() else ["chromium"]) + (
        [] if _has_chinese_font() else ["fontconfig", "fonts-wqy-microhei"]
    )
    if not wanted:
        return
    try:
        if not can_apt():
            raise InstallationError(f"not installed: {', '.join(wanted)} (only root may)")
        say(f"installing {', '.join(wanted)}")
        apt_install(wanted)
    except InstallationError as error:
        if os.environ.get("CI") and not _has_chromium():
            raise
        say(f"{error}; without Chromium the browser tests are skipped")


def _has_chromium() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser"))


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    done = subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False)
    return bool(done.stdout.strip())
