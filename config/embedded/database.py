"""The project's own embedded database, for commands without DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.places import server_root
from config.embedded.postgres import PostgresServer

DEFAULT_DATABASE = "tuanpei"


@contextmanager
def project_server() -> Iterator[PostgresServer]:
    """The project's own server, running for as long as the enclosed code needs it."""
    server = PostgresServer(server_root("postgres"))
    server.join()
    try:
        yield server
    finally:
        server.leave()


@contextmanager
def embedded_database() -> Iterator[None]:
    """Run the enclosed code with DATABASE_URL at the project's chosen database."""
    with project_server() as server:
        database = chosen_database(server.root)
        server.ensure_database(database)
        os.environ["DATABASE_URL"] = server.url(database)
        yield


def chosen_database(root: Path) -> str:
    """The database that commands use: the one of the last `make demo`."""
    try:
        return (root / "database").read_text().strip()
    except FileNotFoundError:
        return DEFAULT_DATABASE


def choose_database(root: Path, name: str) -> None:
    """Make a database the one that commands use from now on."""
    (root / "database").write_text(name)
