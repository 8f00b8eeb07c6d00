"""The files of one embedded database server: its data, password, settings and note."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.accounts import ServerAccount, account_for
from config.embedded.binaries import PostgresBinaries, find_postgres
from config.embedded.errors import EmbeddedServerError
from config.embedded.ports import HOST

OWNER = "tuanpei"

# Two cores shared with Python workers: no parallel queries, no JIT warm-up.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "huge_pages": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# A database that is thrown away needs no promise to survive a power cut.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class NotedServer:
    """What the server's own note (`postmaster.pid`) says; zeros while it is half written."""

    pid: int
    port: int


class Cluster:
    """The root folder of one server; nothing in here starts or stops a server.

    Parameters
    ----------
    root
        An existing folder; holds the data directory, the password, the log
        and the locks.
    throwaway
        True for tests and one-off runs: commits are not flushed to disk, and
        data of another PostgreSQL version are replaced without asking.
    """

    def __init__(self, root: Path, *, throwaway: bool) -> None:
        self.root = root
        self.data = root / "data"
        self.log = root / "server.log"
        self.throwaway = throwaway
        self.account: ServerAccount = account_for(self.data)
        # Names the server in command lines, so that what a crash leaves is found.
        self.mark = f"tuanpei-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"

    def prepare(self) -> PostgresBinaries:
        """Return the programs that fit the data; make the data directory if it is missing.

        Raises
        ------
        EmbeddedServerError
            If no PostgreSQL, or none of the data's version, is on the machine.
        """
        binaries = self._binaries()
        if not self.data.exists():
            self._initialise(binaries)
        return binaries

    def server_command(self, binaries: PostgresBinaries, port: int) -> list[str]:
        """The command line of the server with every setting on it."""
        settings = SETTINGS | (THROWAWAY_SETTINGS if self.throwaway else {})
        settings["cluster_name"] = self.mark
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = str(binaries.folder / "postgres")
        return [program, "-D", str(self.data), "-p", str(port), *options]

    def url(self, port: int, database: str) -> str:
        """The address of one database, password included."""
        return f"postgres://{OWNER}:{self._password()}@{HOST}:{port}/{database}"

    def noted_server(self) -> NotedServer | None:
        """Read the note that a server leaves while it runs, and for good when it is killed."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return NotedServer(pid=int(lines[0]), port=int(lines[3]))
        except FileNotFoundError:
            return None
        except (IndexError, ValueError):
            return NotedServer(pid=0, port=0)

    def remove_note(self) -> None:
        """Remove the note of a server that is dead beyond doubt."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def log_tail(self) -> str:
        """The last lines of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def _binaries(self) -> PostgresBinaries:
        copies = self.root / "binaries"
        needed = self._data_major()
        found = find_postgres(self.account, copies=copies, major=needed)
        if found is None and needed is not None and self.throwaway:
            shutil.rmtree(self.data)
            needed = None
            found = find_postgres(self.account, copies=copies, major=None)
        if found is not None:
            return found
        if needed is None:
            raise EmbeddedServerError(
                "No PostgreSQL found: run `make setup`, install Debian's postgresql, "
                "name its programs in TUANPEI_PG_BIN, or set DATABASE_URL."
            )
        raise EmbeddedServerError(
            f"The data in {self.data} were written by PostgreSQL {needed}, which is not "
            f"on this machine. Install version {needed} (or name it in "
            "TUANPEI_PG_BIN), or move the folder away to begin with an empty database."
        )

    def _data_major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _initialise(self, binaries: PostgresBinaries) -> None:
        # Made beside its final place and renamed at the end: a data directory
        # that exists is complete.
        self.root.chmod(0o711 if self.account.switched else 0o700)
        half = self.root / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self.account.make_own(half)
        with self._password_copy() as password_file:
            command = [str(binaries.folder / "initdb"), "-D", str(half), "-U", OWNER]
            command += ["--encoding=UTF8", "--locale=C", f"--pwfile={password_file}"]
            command += ["--auth-host=scram-sha-256", "--auth-local=reject"]
            command += ["--no-sync"] if self.throwaway else []
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                env=server_environment(),
                **self.account.run_options(),
            )
        if done.returncode != 0:
            raise EmbeddedServerError(f"initdb failed in {half}:\n{done.stderr or done.stdout}")
        half.rename(self.data)

    @contextmanager
    def _password_copy(self) -> Iterator[Path]:
        """The password in a file of the server's account, for as long as initdb runs."""
        with tempfile.NamedTemporaryFile("w", dir=self.root, prefix="initdb-") as copy:
            copy.write(self._password())
            copy.flush()
            self.account.make_own(Path(copy.name))
            yield Path(copy.name)

    def _password(self) -> str:
        path = self.root / "password"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()


def server_environment() -> dict[str, str]:
    """The environment of the server's programs: nothing of the caller's PG* variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
