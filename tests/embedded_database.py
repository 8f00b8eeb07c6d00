"""pytest plugin: one embedded database server for the whole test session.

Loaded with `-p` (see pyproject.toml) because pytest-django reads the settings
before any conftest is imported. Several sessions may run at once: they share
the server, and each takes a database name of its own for as long as it lives.
With DATABASE_URL set, the tests run on that server and nothing is started.
"""

import fcntl
import os
from collections.abc import Generator
from itertools import count
from pathlib import Path
from typing import IO

import pytest

from config.embedded.errors import EmbeddedServerError
from config.embedded.places import server_root
from config.embedded.postgres import PostgresServer

_held: list[tuple[PostgresServer, IO[str]]] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Start or join the server, and name this session's database."""
    if not os.environ.get("DATABASE_URL"):
        try:
            server = PostgresServer(server_root("test-postgres"), throwaway=True)
            server.join()
        except EmbeddedServerError as error:
            raise pytest.UsageError(str(error)) from error
        number, slot = _take_slot(server.root)
        _held.append((server, slot))
        os.environ["DATABASE_URL"] = server.url(f"tuanpei_{number}")
    return (yield)


def pytest_unconfigure() -> None:
    """Free the name, and stop the server if no other session uses it."""
    while _held:
        server, slot = _held.pop()
        slot.close()
        server.leave()
        del os.environ["DATABASE_URL"]


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
