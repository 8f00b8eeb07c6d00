"""Which operating-system user runs the database server, and what it can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.embedded.errors import EmbeddedServerError

# Debian's own account first: no other service runs under it.
UNPRIVILEGED_NAMES = ("postgres", "nobody")


class RunOptions(TypedDict, total=False):
    """The keyword arguments of `subprocess` that switch to another user."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The user that owns the data directory and runs the server.

    PostgreSQL refuses user 0, so root hands over to an unprivileged account;
    everybody else runs the server as themselves (`switched` is false).
    """

    uid: int
    gid: int
    switched: bool

    def run_options(self) -> RunOptions:
        """Options for `subprocess` that run a program as this account."""
        if not self.switched:
            return {"cwd": "/"}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account gets through every parent of an existing folder."""
        probe = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        done = subprocess.run(probe, stderr=subprocess.DEVNULL, check=False, **self.run_options())
        return done.returncode == 0

    def make_own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def account_for(data: Path) -> ServerAccount:
    """Choose the account for a data directory: its owner if it exists already.

    Raises
    ------
    EmbeddedServerError
        If the data belongs to somebody else than the ordinary user who calls,
        or if root finds no unprivileged account on this machine.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise EmbeddedServerError(
                f"{data} belongs to user {owner.st_uid}, not to you. "
                "Set TUANPEI_VAR to a folder of your own."
            )
        return ServerAccount(os.geteuid(), os.getegid(), switched=False)
    if owner is not None and owner.st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid, switched=True)
    for name in UNPRIVILEGED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(entry.pw_uid, entry.pw_gid, switched=True)
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this machine has neither a user "
        "'postgres' nor 'nobody'. Add one, or set DATABASE_URL."
    )
