"""What a database holds, told without the keys and moments that differ between two lives.

Every table of the three apps is compared row by row; a reference to a row is
told by what that row holds. So each effect counts, also those of tables that
are made next year, and the order of rows and gaps in keys do not.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

APPS = ("leaders_", "orders_", "fulfillment_")
CONTROL = ("clumsy_",)
# A moment is told by whether it is there; a random number and raw bytes by nothing.
MOMENTS = {"timestamp with time zone"}
RANDOM = {"uuid", "bytea"}
# How often a thing was tried, and how long it took: what hangs on who was killed when.
# The details of a plan tell how its search went from second to second; the body of
# a notice holds the very moment of the payment; a provider numbers refunds as they come.
PASSING = {
    ("fulfillment_steprecord", "attempts"),
    ("fulfillment_steprecord", "seconds"),
    ("fulfillment_plandraft", "details"),
    # Names drops by their keys; what became of it is compared stop by stop.
    ("fulfillment_plandraft", "duties"),
    ("fulfillment_deliveryrun", "details"),
    ("orders_outboxmessage", "attempts"),
    ("orders_paymentnotice", "body_hash"),
    ("orders_refund", "attempts"),
    ("orders_refund", "provider_refund_id"),
}
# Tables that tell of looks and not of effects: how often somebody looked what may be cleared
# away, sealed or added up again, hangs on who was alive when. What they are made of is compared.
LOOKS = {
    "fulfillment_campaignfigures",
    "fulfillment_cohortfigures",
    "fulfillment_leaderfigures",
    "fulfillment_pointfigures",
    "fulfillment_skufigures",
    "leaders_auditseal",
    "orders_retentionrecord",
}

Contents = Mapping[str, Counter[str]]


def contents_read(url: str, *, prefixes: tuple[str, ...] = APPS) -> Contents:
    """The rows of every table of the apps at this address, as canonical texts."""
    with psycopg.connect(url, row_factory=dict_row) as session:
        return _Reader(session, prefixes).contents()


def contents_differ(ours: Contents, theirs: Contents) -> list[str]:
    """What only one of two databases holds, in sentences; empty if they hold the same."""
    told = []
    for table in sorted({*ours, *theirs}):
        surplus = ours.get(table, Counter()) - theirs.get(table, Counter())
        missing = theirs.get(table, Counter()) - ours.get(table, Counter())
        told += [f"{table}: {count} too many of {row}" for row, count in sorted(surplus.items())]
        told += [f"{table}: {count} missing of {row}" for row, count in sorted(missing.items())]
    return told


class _Reader:
    """Tells rows; each row's text is made once."""

    def __init__(
        self, session: psycopg.Connection[dict[str, Any]], prefixes: tuple[str, ...]
    ) -> None:
        self._session = session
        self._prefixes = prefixes
        self._columns = self._columns_read()
        self._targets = self._targets_read()
        self._rows = {table: self._rows_read(table) for table in self._columns}
        self._digests: dict[tuple[str, Any], str] = {}

    def contents(self) -> Contents:
        return {
            table: Counter(self._text(table, row) for row in rows.values())
            for table, rows in self._rows.items()
            if rows and table not in LOOKS
        }

    def _columns_read(self) -> dict[str, dict[str, str]]:
        columns: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in self._session.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY table_name, column_name"
        ):
            if row["table_name"].startswith(self._prefixes):
                columns[row["table_name"]][row["column_name"]] = row["data_type"]
        return columns

    def _targets_read(self) -> dict[tuple[str, str], str]:
        """The table that each reference of one column leads to."""
        found = self._session.execute(
            "SELECT c.conrelid::regclass::text AS source, a.attname AS name,"
            " c.confrelid::regclass::text AS target"
            " FROM pg_constraint c JOIN pg_attribute a"
            "   ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND cardinality(c.conkey) = 1"
        )
        return {
            (row["source"], row["name"]): row["target"]
            for row in found
            if row["target"].startswith(self._prefixes)
        }

    def _rows_read(self, table: str) -> dict[Any, dict[str, Any]]:
        key = "id" if "id" in self._columns[table] else next(iter(self._columns[table]))
        rows = self._session.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        return {row[key]: row for row in rows}

    def _text(self, table: str, row: Mapping[str, Any]) -> str:
        told = {
            name: self._told(table, name, kind, row[name])
            for name, kind in self._columns[table].items()
            if name != "id" and kind not in RANDOM and (table, name) not in PASSING
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)

    def _told(self, table: str, name: str, kind: str, value: Any) -> Any:
        if kind in MOMENTS:
            return value is not None
        target = self._targets.get((table, name))
        return value if target is None or value is None else self._digest(target, value)

    def _digest(self, table: str, key: Any) -> str:
        """A row that is referred to, in a dozen letters."""
        if (table, key) not in self._digests:
            text = self._text(table, self._rows[table][key])
            self._digests[table, key] = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self._digests[table, key]
