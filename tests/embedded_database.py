"""pytest plugin: one embedded database server for the whole test session.

Loaded with `-p` (see pyproject.toml) because pytest-django reads the settings
before any conftest is imported. Several sessions may run at once: they share
the server, and each takes a database name of its own for as long as it lives.
With DATABASE_URL set, the tests run on that server and nothing is started.

The tables are made once for each state of the migrations, in a database that
every session copies: a tenth of a second instead of ten. The workers of one
session (pytest-xdist) count as sessions of their own.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Generator
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
import pytest
from psycopg import sql

from config.embedded.errors import EmbeddedServerError
from config.embedded.places import PROJECT_DIR, server_root
from config.embedded.postgres import PostgresServer

MIGRATED = "migrated_"
# Tells workers that the address they inherit is of a server they may share.
OURS = "TUANPEI_TEST_SERVER"
_held: list[tuple[PostgresServer, IO[str]]] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Start or join the server, and name this session's database."""
    if OURS in os.environ or not os.environ.get("DATABASE_URL"):
        try:
            server = PostgresServer(server_root("test-postgres"), throwaway=True)
            server.join()
        except EmbeddedServerError as error:
            raise pytest.UsageError(str(error)) from error
        number, slot = _take_slot(server.root)
        _held.append((server, slot))
        os.environ |= {OURS: "1", "DATABASE_URL": server.url(f"tuanpei_{number}")}
    return (yield)


def pytest_unconfigure() -> None:
    """Free the name, and stop the server if no other session uses it."""
    while _held:
        server, slot = _held.pop()
        slot.close()
        server.leave()
        del os.environ["DATABASE_URL"], os.environ[OURS]


def migrated_database() -> str | None:
    """Return a database with every table and no row, to be copied; None on a foreign server."""
    if not _held:
        return None
    server, _ = _held[0]
    name = f"{MIGRATED}{_migrations_digest()}"
    with (server.root / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
            known = [row[0] for row in rows if row[0].startswith(MIGRATED)]
            if name not in known:
                for old in known:
                    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
                _migrate(server, connection, name)
    return name


def _migrate(server: PostgresServer, connection: psycopg.Connection, name: str) -> None:
    half = f"{MIGRATED}half"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=PROJECT_DIR,
        env=os.environ | {"DATABASE_URL": server.url(half)},
        check=False,
    )
    if done.returncode != 0:
        raise pytest.UsageError("the migrations fail on an empty database")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(half), sql.Identifier(name)))


def _migrations_digest() -> str:
    files = [PROJECT_DIR / "requirements.txt", *PROJECT_DIR.glob("*/migrations/*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _take_slot(root: Path) -> tuple[int, IO[str]]:
    """Lock the first free number; the system frees it when the session dies."""
    for number in count(1):
        slot = (root / f"slot-{number}.lock").open("a")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
            continue
        return number, slot
    raise AssertionError("count() never ends")
