"""A database whose clock is set by hand: everybody who asks it lives in the same night.

Nothing in the platform decides by the clock of a host, so this one is enough:
a function of the name `clock_timestamp` stands in front of PostgreSQL's own in
the search path of this one database.
"""

from datetime import datetime

import psycopg
from django.db import connection
from psycopg import sql

SCHEMA = """
CREATE SCHEMA nights;
CREATE TABLE nights.clock (shown_at timestamptz NOT NULL, set_at timestamptz NOT NULL,
                           pace float NOT NULL);
INSERT INTO nights.clock VALUES (now(), now(), 1);
CREATE TABLE nights.round (part text NOT NULL, began_at timestamptz NOT NULL,
                           failed text[] NOT NULL);
CREATE TABLE public.clumsy_effect (id bigserial PRIMARY KEY, campaign text NOT NULL);
CREATE FUNCTION nights.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT shown_at + (pg_catalog.clock_timestamp() - set_at) * pace FROM nights.clock';
"""


def clock_install(url: str) -> None:
    """Give the database at this address a clock that can be set; for sessions from now on."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(SCHEMA)
        path = sql.SQL("ALTER DATABASE {} SET search_path = nights, pg_catalog, public")
        session.execute(path.format(sql.Identifier(session.info.dbname)))


def clock_set(moment: datetime, *, pace: float = 1.0) -> None:
    """Show this moment from now on; `pace` is how many seconds pass in one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE nights.clock SET shown_at = %s, pace = %s,"
            " set_at = pg_catalog.clock_timestamp()",
            [moment, pace],
        )


def round_note(part: str, began_at: datetime, failed: tuple[str, ...]) -> None:
    """Write down that a worker has done a part of the schedule from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO nights.round VALUES (%s, %s, %s)", [part, began_at, list(failed)]
        )


def real_now() -> datetime:
    """The time outside the nights."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def rounds_since(moment: datetime) -> set[str]:
    """The parts that were done from end to end by somebody who began after a real moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT part FROM nights.round WHERE began_at >= %s", [moment])
        return {row[0] for row in cursor.fetchall()}


def parts_failed() -> list[str]:
    """The parts of the schedule that ended with an error, each once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unnest(failed) FROM nights.round ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]
