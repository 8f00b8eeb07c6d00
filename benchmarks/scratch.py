"""Programs on a migrated database of their own, for benchmarks that use the services directly."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.programs import run_program
from config.embedded.commands import manage
from config.embedded.places import server_root
from config.embedded.postgres import PostgresServer


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database that is dropped when the benchmark ends."""

    environment: Mapping[str, str]

    def run(self, function: str, *arguments: object) -> Any:
        """Call `module:function` in a program of its own; return the JSON it prints.

        The function finds its arguments in `sys.argv`.
        """
        return run_program(self.environment, function, *arguments)


@contextmanager
def scratch_database(name: str) -> Iterator[Scratch]:
    """A migrated database on a server that promises nothing about power cuts."""
    server = PostgresServer(server_root("bench-postgres"), throwaway=True)
    server.join()
    database = f"{name}_{os.getpid()}"
    try:
        server.ensure_database(database)
        environment = os.environ | {
            "DATABASE_URL": server.url(database),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOG_LEVEL": "CRITICAL",
        }
        manage(environment, "migrate", "--skip-checks", "--verbosity", "0")
        yield Scratch(environment)
    finally:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(database)))
        server.leave()
