"""`python3.11 -m install packages LOCK | front-end | browser`: one step of the Makefile."""

import argparse
import sys
from pathlib import Path

from install.browser import install_browser
from install.errors import InstallationError
from install.front_end import install_front_end
from install.packages import install_packages


def main() -> None:
    """Do one installation step; on failure say why and exit with status 1."""
    parser = argparse.ArgumentParser(prog="python3.11 -m install")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("packages").add_argument("lock", type=Path)
    steps.add_parser("front-end")
    steps.add_parser("browser")
    chosen = parser.parse_args()
    try:
        if chosen.step == "packages":
            install_packages(chosen.lock)
        elif chosen.step == "front-end":
            install_front_end()
        else:
            install_browser()
    except InstallationError as error:
        sys.exit(f"install: {error}")


main()
