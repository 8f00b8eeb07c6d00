"""Where the embedded servers keep their files."""

import hashlib
import os
import stat
from pathlib import Path

from config.embedded.accounts import account_for
from config.embedded.errors import EmbeddedServerError

# Survives restarts, unlike /tmp, and every user may enter it.
FALLBACK_PARENT = "/var/tmp"
PROJECT_DIR = Path(__file__).resolve().parent.parent.parent


def var_dir() -> Path:
    """The folder of everything that runs produce: TUANPEI_VAR or `<project>/var`."""
    return Path(os.environ.get("TUANPEI_VAR") or PROJECT_DIR / "var").resolve()


def server_root(name: str) -> Path:
    """Create and return the folder of one embedded database server.

    It lies under `var_dir()`. A checkout below a private home (root's, mostly)
    is out of reach for the unprivileged account that runs the server; the
    folder is then `/var/tmp/tuanpei-<hash of the checkout and the user>`.

    Raises
    ------
    EmbeddedServerError
        If TUANPEI_VAR is out of reach, or the folder under /var/tmp was put
        there by another user of the machine.
    """
    root = var_dir() / name
    root.mkdir(parents=True, exist_ok=True)
    account = account_for(root / "data")
    if not account.switched:
        root.chmod(0o700)
        return root
    if account.can_enter(root):
        return root
    if os.environ.get("TUANPEI_VAR"):
        raise EmbeddedServerError(
            f"The database server (user {account.uid}) cannot enter {root}. "
            "Point TUANPEI_VAR at a folder whose parents everybody may enter."
        )
    shared = Path(FALLBACK_PARENT, f"tuanpei-{_place_hash()}")
    _make_own_folder(shared)
    root = shared / name
    root.mkdir(exist_ok=True)
    return root


def _place_hash() -> str:
    place = f"{PROJECT_DIR}:{os.geteuid()}"
    return hashlib.sha256(place.encode()).hexdigest()[:10]


def _make_own_folder(folder: Path) -> None:
    # The name can be guessed, so somebody may have made it, or a link, before us.
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise EmbeddedServerError(
            f"{folder} belongs to another user of this machine. Set TUANPEI_VAR."
        )
