"""The database of the last release, as `make_release_dump` wrote it."""

import lzma
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
from psycopg.sql import SQL

RELEASE = "v0.5.0"
FILE = Path(__file__).resolve().parent / f"{RELEASE}.sql.xz"
COPY = re.compile(r"^COPY (\S+) .*FROM stdin;$")
END_OF_COPY = "\\.\n"


def dump_load(connection: psycopg.Connection) -> None:
    """Bring the rows and tables of the release into an empty database."""
    for statement, rows in _parts():
        if rows is None:
            connection.execute(SQL("{}").format(SQL(statement)))
            continue
        with connection.cursor().copy(SQL("{}").format(SQL(statement))) as copy:
            copy.write(rows)
    connection.commit()


@cache
def released_migrations() -> frozenset[tuple[str, str]]:
    """Every migration the release has applied: (app, name)."""
    (rows,) = (rows for statement, rows in _parts() if rows and ".django_migrations " in statement)
    return frozenset(
        (app, name) for _id, app, name, *_ in (line.split("\t") for line in rows.splitlines())
    )


@cache
def released_tables() -> frozenset[str]:
    """The names of the release's tables."""
    return frozenset(
        statement.split()[1].removeprefix("public.")
        for statement, rows in _parts()
        if rows is not None
    )


def _parts() -> Iterator[tuple[str, str | None]]:
    """The dump in order: statements without rows, and each COPY with its rows."""
    statements: list[str] = []
    lines = iter(lzma.decompress(FILE.read_bytes()).decode().splitlines(keepends=True))
    for line in lines:
        if COPY.match(line.rstrip("\n")) is None:
            statements.append(line)
            continue
        yield "".join(statements), None
        statements.clear()
        rows = list(iter(lambda: next(lines), END_OF_COPY))
        yield line, "".join(rows)
    yield "".join(statements), None
