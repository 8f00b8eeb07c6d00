"""What the gateway remembers, in one SQLite file: a restart forgets nothing.

Moments are whole seconds since 1970 on the gateway's own clock, as precise as
the real provider's answers, and the clock itself can be set. Amounts are fen.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CHINA = timezone(timedelta(hours=8))
SCHEMA = """
CREATE TABLE IF NOT EXISTS trade (
    out_trade_no TEXT PRIMARY KEY, kind TEXT, description TEXT, amount_fen INTEGER,
    openid TEXT, notify_url TEXT, prepay_id TEXT UNIQUE, created_at INTEGER,
    expires_at INTEGER, paid_at INTEGER, paid_fen INTEGER, transaction_id TEXT,
    closed_at INTEGER, failed_at INTEGER);
CREATE TABLE IF NOT EXISTS refund (
    out_refund_no TEXT PRIMARY KEY, refund_id TEXT, out_trade_no TEXT, amount_fen INTEGER,
    reason TEXT, notify_url TEXT, created_at INTEGER, settles_at INTEGER, status TEXT,
    outcome TEXT, succeeded_at INTEGER);
CREATE TABLE IF NOT EXISTS transfer (
    out_bill_no TEXT PRIMARY KEY, transfer_bill_no TEXT, openid TEXT, amount_fen INTEGER,
    remark TEXT, scene_id TEXT, user_name TEXT, package_info TEXT, created_at INTEGER,
    updated_at INTEGER, state TEXT, reason TEXT);
CREATE INDEX IF NOT EXISTS refund_by_trade ON refund (out_trade_no);
CREATE INDEX IF NOT EXISTS refund_by_settling ON refund (settles_at) WHERE status = 'PROCESSING';
CREATE TABLE IF NOT EXISTS notice (
    at INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, number TEXT, event TEXT,
    resource TEXT, url TEXT, created_at INTEGER, due_at REAL, attempts INTEGER,
    is_held INTEGER, last_answer TEXT, delivered_at INTEGER);
CREATE INDEX IF NOT EXISTS notice_by_due ON notice (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS fault (at INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT);
"""
INSERTS = {
    "trade": """INSERT INTO trade VALUES (
        :out_trade_no, :kind, :description, :amount_fen, :openid, :notify_url, :prepay_id,
        :created_at, :expires_at, NULL, NULL, NULL, NULL, NULL)""",
    "refund": """INSERT INTO refund VALUES (
        :out_refund_no, :refund_id, :out_trade_no, :amount_fen, :reason, :notify_url,
        :created_at, :settles_at, 'PROCESSING', :outcome, NULL)""",
    "transfer": """INSERT INTO transfer VALUES (
        :out_bill_no, :transfer_bill_no, :openid, :amount_fen, :remark, :scene_id, :user_name,
        :package_info, :created_at, :updated_at, 'WAIT_USER_CONFIRM', '')""",
    "notice": """INSERT INTO notice VALUES (
        NULL, :id, :number, :event, :resource, :url, :created_at, :due_at, 0, :is_held,
        NULL, NULL)""",
    "fault": "INSERT INTO fault VALUES (NULL, :rule)",
}
FORGET = """
BEGIN; DELETE FROM trade; DELETE FROM refund; DELETE FROM transfer;
DELETE FROM notice; DELETE FROM fault; DELETE FROM setting; COMMIT;
"""


class Books:
    """The tables and the clock; every block under `writing` is one transaction."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._file.row_factory = sqlite3.Row
        self._file.execute("PRAGMA journal_mode = WAL")
        # Survives the death of the process, which is what tests inflict.
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.executescript(SCHEMA)

    def close(self) -> None:
        """Write everything into the one file and let go of it."""
        with self._lock:
            self._file.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it."""
        with self._lock:
            if self._file.in_transaction:
                yield
                return
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")

    def one(self, query: str, *values: object) -> Row | None:
        """Return the first row of a query."""
        with self._lock:
            row = self._file.execute(query, values).fetchone()
        return None if row is None else dict(row)

    def all(self, query: str, *values: object) -> list[Row]:
        """Return every row of a query."""
        with self._lock:
            return [dict(row) for row in self._file.execute(query, values).fetchall()]

    def run(self, statement: str, *values: object) -> int:
        """Change rows; return how many."""
        with self._lock:
            return self._file.execute(statement, values).rowcount

    def insert(self, table: str, row: Row) -> int:
        """Add one row; return its number in the table."""
        with self._lock:
            return self._file.execute(INSERTS[table], row).lastrowid or 0

    def setting(self, name: str, default: Any) -> Any:
        """Return a value that the control interface has set."""
        row = self.one("SELECT value FROM setting WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def set(self, name: str, value: Any) -> None:
        """Remember a value for good."""
        self.run("REPLACE INTO setting (name, value) VALUES (?, ?)", name, json.dumps(value))

    def forget(self) -> None:
        """Empty every table and set the clock right."""
        with self._lock:
            self._file.executescript(FORGET)

    def precise_now(self) -> float:
        """Return the gateway's time: ours, moved by what was set."""
        return time.time() + float(self.setting("clock_offset_s", 0))

    def now(self) -> int:
        """Return the gateway's time in whole seconds."""
        return int(self.precise_now())

    def signing_now(self) -> float:
        """Return the time that signatures carry: the true one unless they move along."""
        return self.precise_now() if self.setting("signatures_move", False) else time.time()


def moment_text(seconds: int) -> str:
    """Return a moment as the provider writes it: 2026-03-10T23:00:01+08:00."""
    return datetime.fromtimestamp(seconds, CHINA).isoformat()


def moment_seconds(text: str) -> int:
    """Return a moment in RFC 3339 as seconds; raises ValueError if it is none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return int(moment.astimezone(UTC).timestamp())
