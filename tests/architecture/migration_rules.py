"""What a migration may do while the release before still runs on the tables.

The rules read the SQL that Django would send, against what the last release
knows: its tables and the columns its models name. Each answers with sentences;
docs/howto/change-a-model.md says what to do instead.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import Field

# Grow with every order, every resident or every deed. An index takes minutes
# here, and a lock on one of them stops the shop.
BIG_TABLES = frozenset(
    {
        "fulfillment_allocation",
        "fulfillment_allocationchange",
        "fulfillment_commissionentry",
        "fulfillment_pickup",
        "fulfillment_sortevent",
        "fulfillment_toteevent",
        "fulfillment_weighedportion",
        "leaders_auditevent",
        "orders_demandline",
        "orders_order",
        "orders_orderevent",
        "orders_orderline",
        "orders_outboxmessage",
        "orders_payment",
        "orders_paymentnotice",
        "orders_refund",
        "orders_refundline",
        "orders_resident",
        "orders_residentquota",
        "orders_subscriptionquota",
        "orders_transfer",
    }
)
# (app, migration, rule): why this one may. Nothing may, so far.
WAIVED: Mapping[tuple[str, str, str], str] = {}

STATEMENT = re.compile(
    r'^(ALTER|CREATE|DROP) (?P<kind>TABLE|UNIQUE INDEX|INDEX)\b[^"]*"(?P<name>[^"]+)"', re.I
)
INDEXED = re.compile(r'\bON "(?P<table>[^"]+)"')
COLUMN = re.compile(r'\b(?:ADD|DROP|ALTER|RENAME) COLUMN "(?P<column>[^"]+)"', re.I)
WIDTH = re.compile(r"\bTYPE varchar\((\d+)\)", re.I)
# Another value for each row: PostgreSQL writes the whole table anew.
VOLATILE = re.compile(
    r"\b(gen_random_uuid|uuid_generate_v4|random|clock_timestamp|timeofday|nextval)\s*\(", re.I
)
CHANGES_ROWS = re.compile(r"^\s*(UPDATE|INSERT INTO|DELETE FROM|MERGE INTO|COPY)\b", re.I | re.M)

Columns = Mapping[str, Mapping[str, "Field[Any, Any]"]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its table, and what the last release knows of both."""

    sql: str
    table: str
    is_released: bool
    known: "Field[Any, Any] | None"

    def says(self, *words: str) -> bool:
        """Whether all these words stand in the statement, in any case."""
        return all(word in self.sql.upper() for word in words)

    @property
    def is_big(self) -> bool:
        """Whether the table is one of the big ones."""
        return self.table in BIG_TABLES


@dataclass(slots=True)
class Reader:
    """Reads migrations in order; remembers the tables that are new since the release."""

    released: Columns
    found: list[str] = field(default_factory=list)

    def read(self, migration: Migration, sql: Iterable[str]) -> None:
        """Apply every rule to one migration."""
        statements = [self._statement(text) for text in sql]
        for name, rule in RULES.items():
            if (migration.app_label, migration.name, name) in WAIVED:
                continue
            self.found += [
                f"{migration.app_label}.{migration.name}: {name}: {statement.sql[:120]}"
                for statement in statements
                if statement.is_released and rule(statement)
            ]
        if _changes_rows(migration) and any(statement.table for statement in statements):
            self.found.append(
                f"{migration.app_label}.{migration.name}: {APART}: rows and tables in one migration"
            )

    def _statement(self, sql: str) -> Statement:
        found = STATEMENT.match(sql)
        table = found["name"] if found else ""
        if found and "INDEX" in found["kind"].upper():
            on = INDEXED.search(sql)
            table = on["table"] if on else ""
        named = COLUMN.search(sql)
        known = self.released.get(table, {}).get(named["column"]) if named else None
        return Statement(sql, table, table in self.released, known)


def _removes(statement: Statement) -> bool:
    if statement.says("DROP TABLE") or statement.says(" RENAME TO "):
        return True
    # A column that the release's models do not name any more may go.
    return (
        statement.says("DROP COLUMN") or statement.says("RENAME COLUMN")
    ) and statement.known is not None


def _needs_value(statement: Statement) -> bool:
    if statement.says("SET NOT NULL") or statement.says("DROP DEFAULT"):
        return True
    return (
        statement.says("ADD COLUMN", " NOT NULL")
        and not statement.says(" DEFAULT ")
        and not statement.says("GENERATED")
    )


def _rewrites(statement: Statement) -> bool:
    if statement.says("ADD COLUMN"):
        return statement.says("GENERATED") or VOLATILE.search(statement.sql) is not None
    if not statement.says("ALTER COLUMN", " TYPE "):
        return False
    width = WIDTH.search(statement.sql)
    before = statement.known.max_length if statement.known else None
    return not (width and before and int(width[1]) >= before)


def _locks_while_indexing(statement: Statement) -> bool:
    builds = statement.says("CREATE", "INDEX") and not statement.says("CONCURRENTLY")
    adds = statement.says("ADD CONSTRAINT", " UNIQUE") and not statement.says("USING INDEX")
    return statement.is_big and (builds or adds)


def _locks_while_checking(statement: Statement) -> bool:
    checks = statement.says(" CHECK (") or statement.says(" FOREIGN KEY ")
    adds = statement.says("ADD CONSTRAINT") or statement.says("ADD COLUMN")
    return statement.is_big and adds and checks and not statement.says("NOT VALID")


RULES: Mapping[str, Callable[[Statement], bool]] = {
    "what the last release uses goes away": _removes,
    "the last release cannot write without it": _needs_value,
    "the whole table is written anew": _rewrites,
    "an index locks a big table": _locks_while_indexing,
    "a check locks a big table": _locks_while_checking,
}
APART = "rows change apart from tables"


def violations(released: Iterable[tuple[str, str]]) -> list[str]:
    """What the migrations on disk do that the release, knowing only its own, would not survive."""
    loader = MigrationLoader(connection)
    known = [node for node in released if node in loader.graph.nodes]
    state = loader.project_state(known)
    return read(_since(loader, set(known)), state, columns_of(state))


def read(migrations: Iterable[Migration], state: ProjectState, released: Columns) -> list[str]:
    """What is wrong with these migrations, applied to this state in order."""
    reader = Reader(released)
    for migration in migrations:
        state, sql = migration_sql(migration, state)
        reader.read(migration, sql)
    return reader.found


def columns_of(state: ProjectState) -> Columns:
    """The tables of the models, each with the fields of its columns."""
    return {
        model._meta.db_table: {
            field.column: field for field in model._meta.local_fields if field.column
        }
        for model in state.apps.get_models(include_auto_created=True)
    }


def migration_sql(migration: Migration, before: ProjectState) -> tuple[ProjectState, list[str]]:
    """The state after a migration, and its statements; what Python would do is left out."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        after = migration.apply(before, editor, collect_sql=True)
    text = "\n".join(line for line in editor.collected_sql if not line.startswith("--"))
    return after, [part.strip() for part in re.split(r";\s*\n", text + "\n") if part.strip()]


def _since(loader: MigrationLoader, released: set[tuple[str, str]]) -> Iterator[Migration]:
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    yield from (loader.graph.nodes[node] for node in plan if node not in released)


def _changes_rows(migration: Migration) -> bool:
    return any(
        isinstance(operation, RunPython)
        or (isinstance(operation, RunSQL) and CHANGES_ROWS.search(str(operation.sql)))
        for operation in migration.operations
    )
