"""Order lines in one table beside the same lines partitioned by campaign, in bare SQL.

python -m benchmarks.partitions --lines 1000000

Measured in seconds, each the median of several: summing one campaign's demand
as the freeze does, finding one order's lines, and getting rid of old campaigns.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from config.embedded.places import PROJECT_DIR, server_root
from config.embedded.postgres import PostgresServer

CAMPAIGNS, LINES_PER_ORDER, OLD, TIMES = 100, 5, 10, 7

PLAIN = """
CREATE TABLE placed (id bigint PRIMARY KEY, campaign_id int NOT NULL, state text NOT NULL);
CREATE TABLE line (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES placed,
                   offer_id int NOT NULL, qty int NOT NULL, unit_price_fen int NOT NULL);
"""
PLAIN_INDEXES = "CREATE INDEX ON placed (campaign_id, state); CREATE INDEX ON line (order_id);"
# Every unique constraint has to hold the column that it is partitioned by.
SPLIT = """
CREATE TABLE placed (id bigint, campaign_id int NOT NULL, state text NOT NULL,
                     PRIMARY KEY (campaign_id, id)) PARTITION BY LIST (campaign_id);
CREATE TABLE line (id bigint, campaign_id int NOT NULL, order_id bigint NOT NULL,
                   offer_id int NOT NULL, qty int NOT NULL, unit_price_fen int NOT NULL,
                   PRIMARY KEY (campaign_id, id),
                   FOREIGN KEY (campaign_id, order_id) REFERENCES placed (campaign_id, id))
    PARTITION BY LIST (campaign_id);
"""
SPLIT_INDEXES = "CREATE INDEX ON placed (state); CREATE INDEX ON line (order_id);"

# Campaigns sell side by side, so their orders lie mixed in a table of all.
LOAD_ORDERS = "INSERT INTO placed SELECT o, o %% %s, 'paid' FROM generate_series(1, %s) AS o"
LOAD_PLAIN = """
INSERT INTO line SELECT n, (n - 1) / %(each)s + 1, n %% 200, 1 + n %% 3, 500
  FROM generate_series(1, %(lines)s) AS n
"""
LOAD_SPLIT = """
INSERT INTO line SELECT n, ((n - 1) / %(each)s + 1) %% %(campaigns)s, (n - 1) / %(each)s + 1,
                        n %% 200, 1 + n %% 3, 500
  FROM generate_series(1, %(lines)s) AS n
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Load both, measure both, print the figures and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    lines = parser.parse_args(arguments).lines
    server = PostgresServer(server_root("bench-postgres"), throwaway=True)
    server.join()
    now, load = datetime.now(UTC), os.getloadavg()[0]
    try:
        report = {
            "at": now.isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before",
            "lines": lines,
            "campaigns": CAMPAIGNS,
            "plain": _in_database(server, lambda session: _plain(session, lines)),
            "partitioned": _in_database(server, lambda session: _split(session, lines)),
        }
    finally:
        server.leave()
    path = PROJECT_DIR / "benchmarks" / "results" / f"partitions-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    print(path.relative_to(PROJECT_DIR))


def _in_database(
    server: PostgresServer, measure: Callable[[psycopg.Connection], dict[str, Any]]
) -> dict[str, Any]:
    name = f"partitions_{os.getpid()}"
    server.ensure_database(name)
    try:
        with psycopg.connect(server.url(name), autocommit=True) as session:
            return measure(session)
    finally:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


def _plain(session: psycopg.Connection, lines: int) -> dict[str, Any]:
    session.execute(PLAIN)
    load_s = _seconds(lambda: _load(session, lines, LOAD_PLAIN))
    session.execute(PLAIN_INDEXES)
    session.execute("VACUUM ANALYZE")

    def freeze() -> None:
        session.execute(
            "SELECT offer_id, sum(qty), sum(qty * unit_price_fen) FROM line JOIN placed"
            " ON placed.id = line.order_id WHERE campaign_id = 50 AND state = 'paid' GROUP BY 1"
        ).fetchall()

    def drop_old() -> None:
        session.execute(
            "DELETE FROM line USING placed WHERE placed.id = order_id AND campaign_id < %s", [OLD]
        )
        session.execute("DELETE FROM placed WHERE campaign_id < %s", [OLD])
        session.execute("VACUUM line")
        session.execute("VACUUM placed")

    return _figures(session, load_s, freeze, drop_old)


def _split(session: psycopg.Connection, lines: int) -> dict[str, Any]:
    session.execute(SPLIT)
    for number in range(CAMPAIGNS):
        for table in ("placed", "line"):
            session.execute(
                sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES IN ({})").format(
                    sql.Identifier(f"{table}_{number}"),
                    sql.Identifier(table),
                    sql.Literal(number),
                )
            )
    load_s = _seconds(lambda: _load(session, lines, LOAD_SPLIT))
    session.execute(SPLIT_INDEXES)
    session.execute("VACUUM ANALYZE")

    def freeze() -> None:
        session.execute(
            "SELECT offer_id, sum(qty), sum(qty * unit_price_fen) FROM line JOIN placed"
            " ON placed.campaign_id = line.campaign_id AND placed.id = line.order_id"
            " WHERE line.campaign_id = 50 AND state = 'paid' GROUP BY 1"
        ).fetchall()

    def drop_old() -> None:
        for number in range(OLD):
            for table in ("line", "placed"):
                names = [sql.Identifier(table), sql.Identifier(f"{table}_{number}")]
                session.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(*names))
                session.execute(sql.SQL("DROP TABLE {}").format(names[1]))

    return _figures(session, load_s, freeze, drop_old)


def _load(session: psycopg.Connection, lines: int, statement: str) -> None:
    orders = lines // LINES_PER_ORDER
    session.execute(LOAD_ORDERS, [CAMPAIGNS, orders])
    session.execute(statement, {"lines": lines, "campaigns": CAMPAIGNS, "each": LINES_PER_ORDER})


def _figures(
    session: psycopg.Connection,
    load_s: float,
    freeze: Callable[[], None],
    drop_old: Callable[[], None],
) -> dict[str, Any]:
    row = session.execute(
        "SELECT sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)) FROM pg_class c"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchone()
    assert row is not None

    def find() -> None:
        session.execute("SELECT * FROM line WHERE order_id = 4242").fetchall()

    return {
        "load_s": load_s,
        "table_mb": round(int(row[0]) / 2**20),
        "index_mb": round(int(row[1]) / 2**20),
        "freeze_of_one_campaign_ms": 1000 * median(_seconds(freeze) for _time in range(TIMES)),
        "lines_of_one_order_ms": 1000 * median(_seconds(find) for _time in range(TIMES)),
        f"drop_{OLD}_campaigns_s": _seconds(drop_old),
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 5)


if __name__ == "__main__":
    main()
