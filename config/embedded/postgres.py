"""An embedded PostgreSQL server: found, set up, started, shared and stopped.

Safety on a shared machine: the server listens on 127.0.0.1 only, on a port the
system hands out, and asks for a random password (SCRAM) that lies in a file
only its owner can read; the data directory is closed to everybody but the
server's account. One address of this form works for Django, psql and libpq
alike, which a socket folder in a URL does not.

Sharing: every process that uses the server holds a shared file lock. Whoever
leaves and finds nobody else holding it stops the server. The system drops the
lock of a killed process, so after `kill -9` the server runs on, the next
caller finds it, and the last one to leave stops it.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from config.embedded import processes
from config.embedded.accounts import ServerAccount, account_for
from config.embedded.binaries import PostgresBinaries, find_postgres
from config.embedded.errors import EmbeddedServerError

OWNER = "tuanpei"
HOST = "127.0.0.1"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
ORPHAN_PATIENCE_S = 5.0
LOG_LIMIT_BYTES = 10_000_000

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
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
}


@dataclass(frozen=True, slots=True)
class _Running:
    """A server that answers."""

    pid: int
    port: int


class PostgresServer:
    """The server of one root folder; `join` before use, `leave` after.

    Parameters
    ----------
    root
        Folder of this server (see `places.server_root`); holds the data
        directory, the password, the log and the locks.
    throwaway
        True for tests and one-off runs: commits are not flushed to disk, and
        data of another PostgreSQL version are replaced without asking.
    """

    def __init__(self, root: Path, *, throwaway: bool = False) -> None:
        self.root = root
        self.data = root / "data"
        self.log = root / "server.log"
        self._throwaway = throwaway
        self._mark = f"tuanpei-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"
        self._account: ServerAccount = account_for(self.data)
        self._users: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0

    def join(self) -> None:
        """Start the server, or take part in the one that runs; returns when it answers.

        Raises
        ------
        EmbeddedServerError
            If no PostgreSQL is on the machine, if its version is not the
            data's, or if the server does not come up; the message says what
            to do.
        """
        if self._users is not None:
            return
        with self._start_lock():
            running = self._find_running() or self._start()
            self._port = running.port
            self._users = (self.root / "users.lock").open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Stop the server unless another process still uses it."""
        if self._users is None:
            return
        with self._start_lock():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            self._users.close()
            self._users = None

    def url(self, database: str) -> str:
        """The address of one database of the running server, password included."""
        return f"postgres://{OWNER}:{self._password()}@{HOST}:{self._port}/{database}"

    def ensure_database(self, name: str) -> None:
        """Create a database unless it exists."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if row.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def destroy(self) -> None:
        """Leave, and remove the root folder with everything in it."""
        self.leave()
        shutil.rmtree(self.root)

    # Finding a running server ---------------------------------------------------------

    def _find_running(self) -> _Running | None:
        """Return the server of this data directory, waiting for one that starts or stops."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            listed = self._listed()
            if listed is None:
                return None
            if self._answers(listed.port):
                return listed
            if not self._is_server(listed.pid):
                self._clear_leftovers(listed)
                return None
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The database server (process {listed.pid}) does not answer. "
                    f"Its log is {self.log}."
                )
            time.sleep(0.05)

    def _listed(self) -> _Running | None:
        """Read the server's own note of its process and port."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return _Running(pid=int(lines[0]), port=int(lines[3]))
        except FileNotFoundError:
            return None
        except (IndexError, ValueError):
            return _Running(pid=0, port=0)  # written this very moment, or cut off by a crash

    def _is_server(self, pid: int) -> bool:
        if not processes.PROC.exists():
            return pid > 0 and processes.is_alive(pid)
        return pid in processes.processes_named(self._mark, "postgres")

    def _answers(self, port: int) -> bool:
        if not port:
            return False
        try:
            with psycopg.connect(self._url_at(port), connect_timeout=2) as connection:
                row = connection.execute("SHOW cluster_name").fetchone()
        except psycopg.OperationalError:
            return False
        return row == (self._mark,)

    def _clear_leftovers(self, listed: _Running) -> None:
        """End what a killed server left: its sessions, then its note.

        Sessions outlive a killed server for a moment; a second server beside
        them would ruin the data, so the note goes only after the last of them.
        """
        deadline = time.monotonic() + ORPHAN_PATIENCE_S
        while orphans := processes.processes_named(self._mark, "postgres"):
            if time.monotonic() > deadline:
                processes.send(orphans, signal.SIGKILL)
            time.sleep(0.05)
        # The number in the note may by now be another program's: PostgreSQL
        # would then refuse to start, for fear of a server it cannot see.
        if listed.pid == 0 or processes.PROC.exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    # Starting and stopping ------------------------------------------------------------

    def _start(self) -> _Running:
        binaries = self._binaries()
        if not self.data.exists():
            self._initialise(binaries)
        deadline = time.monotonic() + START_TIMEOUT_S
        port = self._last_port() or _free_port()
        while True:
            self._child = self._launch(binaries, port)
            if self._wait_ready(port, deadline):
                break
            tail = self._log_tail()
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"The database server does not start:\n{tail}")
            if "could not create any TCP/IP sockets" in tail:
                port = _free_port()
            elif "shared memory block" not in tail:
                raise EmbeddedServerError(
                    f"The database server does not start. From {self.log}:\n{tail}"
                )
            time.sleep(0.2)
        (self.root / "port").write_text(str(port))
        return _Running(pid=self._child.pid, port=port)

    def _launch(self, binaries: PostgresBinaries, port: int) -> subprocess.Popen[bytes]:
        settings = SETTINGS | (THROWAWAY_SETTINGS if self._throwaway else {})
        settings["cluster_name"] = self._mark
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.unlink()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [
                    str(binaries.folder / "postgres"),
                    "-D",
                    str(self.data),
                    "-p",
                    str(port),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_server_environment(),
                # Ctrl-C in the terminal is for us: we stop the server in order.
                start_new_session=True,
                **self._account.run_options(),
            )

    def _wait_ready(self, port: int, deadline: float) -> bool:
        """Wait until the new server answers; False when it ended instead."""
        while time.monotonic() < deadline:
            if self._answers(port):
                return True
            if self._child is None or self._child.poll() is not None:
                return False
            time.sleep(0.03)
        return False

    def _stop(self) -> None:
        listed = self._listed()
        if listed is None or not self._is_server(listed.pid):
            return
        processes.send([listed.pid], signal.SIGINT)  # fast shutdown: ends sessions, flushes
        if not self._wait_stopped(listed.pid, STOP_TIMEOUT_S):
            processes.send([listed.pid], signal.SIGQUIT)
            if not self._wait_stopped(listed.pid, ORPHAN_PATIENCE_S):
                leftovers = processes.processes_named(self._mark, "postgres")
                processes.send([listed.pid, *leftovers], signal.SIGKILL)
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _wait_stopped(self, pid: int, timeout_s: float) -> bool:
        if self._child is not None and self._child.pid == pid:
            try:
                self._child.wait(timeout_s)
            except subprocess.TimeoutExpired:
                return False
            return True
        return processes.wait_until_gone(pid, timeout_s=timeout_s)

    # Setting up -----------------------------------------------------------------------

    def _binaries(self) -> PostgresBinaries:
        if self._throwaway and self._data_major() is not None:
            newest = find_postgres(self._account, copies=self.root / "binaries", major=None)
            if newest is not None and newest.major != self._data_major():
                shutil.rmtree(self.data)
        needed = self._data_major()
        found = find_postgres(self._account, copies=self.root / "binaries", major=needed)
        if found is not None:
            return found
        if needed is None:
            raise EmbeddedServerError(
                "No PostgreSQL found: run `make setup`, install Debian's postgresql, "
                "name its programs in TUANPEI_PG_BIN, or set DATABASE_URL."
            )
        raise EmbeddedServerError(
            f"The data in {self.data} were written by PostgreSQL {needed}, which is not "
            f"on this machine any more. Install version {needed} (or name it in "
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
        self.root.chmod(0o711 if self._account.switched else 0o700)
        half = self.root / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._account.make_own(half)
        with self._password_copy() as password_file:
            command = [str(binaries.folder / "initdb"), "-D", str(half), "-U", OWNER]
            command += ["--encoding=UTF8", "--locale=C", f"--pwfile={password_file}"]
            command += ["--auth-host=scram-sha-256", "--auth-local=reject"]
            command += ["--no-sync"] if self._throwaway else []
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                env=_server_environment(),
                **self._account.run_options(),
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
            self._account.make_own(Path(copy.name))
            yield Path(copy.name)

    def _password(self) -> str:
        path = self.root / "password"
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    # Small things ---------------------------------------------------------------------

    @contextmanager
    def _start_lock(self) -> Iterator[None]:
        with (self.root / "start.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _url_at(self, port: int) -> str:
        return f"postgres://{OWNER}:{self._password()}@{HOST}:{port}/postgres"

    def _last_port(self) -> int | None:
        """The port of the last start if it is still free: addresses then stay the same."""
        try:
            port = int((self.root / "port").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return port if _is_free(port) else None

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def _server_environment() -> dict[str, str]:
    # Nothing of the caller's: PG* variables would change what initdb does.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
