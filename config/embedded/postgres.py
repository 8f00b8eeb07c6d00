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
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from config.embedded import processes
from config.embedded.binaries import PostgresBinaries
from config.embedded.cluster import Cluster, NotedServer, server_environment
from config.embedded.errors import EmbeddedServerError
from config.embedded.ports import free_port, is_free

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
ORPHAN_PATIENCE_S = 5.0
LOG_LIMIT_BYTES = 10_000_000


class PostgresServer:
    """The server of one root folder; `join` before use, `leave` after.

    Parameters
    ----------
    root
        Folder of this server (see `places.server_root`).
    throwaway
        True for tests and one-off runs: fast, and not safe against power cuts.
    """

    def __init__(self, root: Path, *, throwaway: bool = False) -> None:
        self.root = root
        self._cluster = Cluster(root, throwaway=throwaway)
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
        return self._cluster.url(self._port, database)

    def is_up(self) -> bool:
        """Tell whether the server process runs; cheap, asks no query."""
        noted = self._cluster.noted_server()
        return noted is not None and processes.is_alive(noted.pid)

    def ensure_database(self, name: str) -> bool:
        """Create a database unless it exists; tell whether it was created."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if row.fetchone() is not None:
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True

    def destroy(self) -> None:
        """Leave, and remove the root folder with everything in it."""
        self.leave()
        shutil.rmtree(self.root)

    def destroy_if_abandoned(self) -> bool:
        """Stop and remove a server whose users were all killed; tell whether it was one."""
        users_path = self.root / "users.lock"
        with self._start_lock():
            if not users_path.exists():
                return False  # somebody is making it right now
            with users_path.open("a") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                self._stop()
                shutil.rmtree(self.root)
        return True

    # Finding a running server ---------------------------------------------------------

    def _find_running(self) -> NotedServer | None:
        """Return the server of this data directory, waiting for one that starts or stops."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            noted = self._cluster.noted_server()
            if noted is None:
                return None
            if self._answers(noted.port):
                return noted
            if not self._is_server(noted.pid):
                self._clear_leftovers()
                return None
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The database server (process {noted.pid}) does not answer. "
                    f"Its log is {self._cluster.log}."
                )
            time.sleep(0.05)

    def _is_server(self, pid: int) -> bool:
        if processes.can_list():
            return pid in self._server_processes()
        return pid > 0 and processes.is_alive(pid)

    def _server_processes(self) -> list[int]:
        return processes.processes_named(self._cluster.mark, "postgres")

    def _answers(self, port: int) -> bool:
        if not port:
            return False
        try:
            url = self._cluster.url(port, "postgres")
            with psycopg.connect(url, connect_timeout=2) as connection:
                row = connection.execute("SHOW cluster_name").fetchone()
        except psycopg.OperationalError:
            return False
        return row == (self._cluster.mark,)

    def _clear_leftovers(self) -> None:
        """End what a killed server left: its sessions, then its note.

        Sessions outlive a killed server for a moment; a second server beside
        them would ruin the data, so the note goes only after the last of them.
        """
        deadline = time.monotonic() + ORPHAN_PATIENCE_S
        while orphans := self._server_processes():
            if time.monotonic() > deadline:
                processes.send(orphans, signal.SIGKILL)
            time.sleep(0.05)
        # The number in the note may by now be another program's: PostgreSQL
        # would then refuse to start, for fear of a server it cannot see.
        if processes.can_list():
            self._cluster.remove_note()

    # Starting and stopping ------------------------------------------------------------

    def _start(self) -> NotedServer:
        binaries = self._cluster.prepare()
        deadline = time.monotonic() + START_TIMEOUT_S
        port = self._last_port() or free_port()
        while True:
            self._child = self._launch(binaries, port)
            if self._wait_ready(port, deadline):
                break
            tail = self._cluster.log_tail()
            if "could not create any TCP/IP sockets" in tail and time.monotonic() < deadline:
                port = free_port()
            elif "shared memory block" not in tail or time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"The database server does not start. From {self._cluster.log}:\n{tail}"
                )
            time.sleep(0.2)
        (self.root / "port").write_text(str(port))
        return NotedServer(pid=self._child.pid, port=port)

    def _launch(self, binaries: PostgresBinaries, port: int) -> subprocess.Popen[bytes]:
        log_path = self._cluster.log
        if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_BYTES:
            log_path.unlink()
        with log_path.open("ab") as log:
            return subprocess.Popen(
                self._cluster.server_command(binaries, port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=server_environment(),
                # Ctrl-C in the terminal is for us: we stop the server in order.
                start_new_session=True,
                **self._cluster.account.run_options(),
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
        noted = self._cluster.noted_server()
        if noted is None or not self._is_server(noted.pid):
            return
        processes.send([noted.pid], signal.SIGINT)  # fast shutdown: ends sessions, flushes
        if not self._wait_stopped(noted.pid, STOP_TIMEOUT_S):
            processes.send([noted.pid], signal.SIGQUIT)
            if not self._wait_stopped(noted.pid, ORPHAN_PATIENCE_S):
                processes.send([noted.pid, *self._server_processes()], signal.SIGKILL)
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

    @contextmanager
    def _start_lock(self) -> Iterator[None]:
        with (self.root / "start.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _last_port(self) -> int | None:
        """The port of the last start if it is still free: addresses then stay the same."""
        try:
            port = int((self.root / "port").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return port if is_free(port) else None
