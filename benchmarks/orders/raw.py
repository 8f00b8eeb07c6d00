"""The raw rate: pgbench sends the statements that one prepaid order really sent.

PostgreSQL's own log gives them, BEGIN and COMMIT included, with every value
in place. Values that belong to that one order become variables: keys of rows
that an INSERT returns are read back with `\\gset`, numbers and offers are drawn
at random. What is left is the work of the database alone: no HTTP, no Python.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.orders.load import percentiles_ms
from benchmarks.orders.stack import DATABASE, Stack
from config.embedded.places import var_dir

# "2026-11-22 08:00:00.000 UTC [123] LOG:  statement: …", continued by lines with a tab.
LOGGED = re.compile(
    r"^\S+ \S+ \S+ \[(?P<session>\d+)\] LOG:  statement: (?P<text>.*(?:\n\t.*)*)", re.MULTILINE
)
# Statements that end by returning the key of the row they insert: Django's, and our own.
RETURNED = re.compile(
    r'^(?:WITH placed AS \(\s*)?INSERT INTO "?(?P<table>\w+)"?\s.*'
    r'(?:RETURNING "\w+"\."id"|SELECT id FROM placed)$',
    re.DOTALL,
)
COMMAND_END = re.compile(r"(?:;| \\gset \w+)$", re.MULTILINE)
NOISE = ("SET ", "ALTER DATABASE", "SELECT set_config('TimeZone'", "SELECT pg_catalog.set_config")


@dataclass(frozen=True, slots=True)
class RawRate:
    """What pgbench measured."""

    orders_per_s: float
    latency_ms: Mapping[str, float]
    statements: int
    errors: int
    version: str


def statements_since(log: Path, position: int) -> list[str]:
    """The statements that were logged after a position in the log, in order."""
    with log.open("rb") as file:
        file.seek(position)
        text = file.read().decode(errors="replace")
    found = [match["text"].replace("\n\t", "\n").strip() for match in LOGGED.finditer(text)]
    return [text for text in found if not text.startswith(NOISE)]


def script(statements: Sequence[str], *, draws: Sequence[str], variables: Mapping[str, str]) -> str:
    """A pgbench script of these statements.

    Parameters
    ----------
    statements
        As they were sent.
    draws
        Lines `\\set …` that come first.
    variables
        From a literal as it stands in the statements to what replaces it.
        Longer literals are replaced first; a literal is never part of a
        longer number.
    """
    lines = [*draws]
    for statement in statements:
        text = statement
        for literal, variable in sorted(variables.items(), key=lambda pair: -len(pair[0])):
            text = re.sub(rf"(?<![0-9]){re.escape(literal)}(?![0-9])", variable, text)
        returned = RETURNED.match(text)
        wanted = returned and f":{returned['table']}_id" in variables.values()
        if returned and wanted:
            lines.append(f"{text} \\gset {returned['table']}_")
        else:
            lines.append(f"{text};")
    return "\n".join(lines) + "\n"


def pgbench(of: Stack, text: str, *, clients: int, seconds: int) -> RawRate:
    """Let pgbench run a script on the stack's database."""
    folder = var_dir() / "bench-orders"
    path = folder / "order.sql"
    path.write_text(text, encoding="utf-8")
    for old in folder.glob("pgbench_log.*"):
        old.unlink()
    program = _program(of)
    done = subprocess.run(
        [
            program, "--no-vacuum", "--file", str(path), "--client", str(clients),
            "--jobs", "1", "--time", str(seconds), "--log", "--max-tries", "3",
            of.server.url(DATABASE),
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"pgbench failed:\n{done.stderr[-2000:]}")
    # One line per transaction: client, number, microseconds, file, epoch, …
    times_s = []
    failed = 0
    for log in folder.glob("pgbench_log.*"):
        for line in log.read_text().splitlines():
            latency = line.split()[2]
            if latency.isdigit():
                times_s.append(int(latency) / 1e6)
            else:
                failed += 1
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return RawRate(
        orders_per_s=len(times_s) / seconds,
        latency_ms=percentiles_ms(times_s),
        statements=len(COMMAND_END.findall(text)),
        errors=failed,
        version=version.stdout.strip(),
    )


def _program(of: Stack) -> str:
    """The pgbench that came with the server, else the one on PATH."""
    with of.admin() as connection:
        row = connection.execute("SELECT setting FROM pg_config() WHERE name = 'BINDIR'").fetchone()
    beside = Path(row[0]) / "pgbench" if row else None
    return str(beside) if beside and beside.exists() else "pgbench"
