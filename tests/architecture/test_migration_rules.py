"""Migrations since the last release let that release go on running, and lock no big table."""

from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from tests.architecture.migration_rules import (
    APART,
    BIG_TABLES,
    RULES,
    WAIVED,
    Columns,
    columns_of,
    read,
    violations,
)
from tests.upgrade.release_dump import released_migrations, released_tables

GONE, NEEDED, REWRITTEN, INDEXED, CHECKED = RULES
AN_INDEX = models.Index(fields=["order_no", "state"], name="planted")
A_CHECK = models.CheckConstraint(condition=models.Q(order_no__gt=""), name="planted")

BAD: dict[str, tuple[str, Operation]] = {
    "a column goes": (GONE, migrations.RemoveField("order", "order_no")),
    "a column is renamed": (GONE, migrations.RenameField("order", "order_no", "number")),
    "a table goes": (GONE, migrations.DeleteModel("rulepage")),
    "a table is renamed": (GONE, migrations.RenameModel("rulepage", "page")),
    "a default only Django knows": (
        NEEDED,
        migrations.AddField("sku", "depot", models.IntegerField(default=0)),
    ),
    "a column may no longer be empty": (
        NEEDED,
        migrations.AlterField("order", "paid_at", models.DateTimeField()),
    ),
    "a column without a value": (
        NEEDED,
        migrations.RunSQL('ALTER TABLE "orders_sku" ADD COLUMN "depot" int NOT NULL', ""),
    ),
    "another type": (
        REWRITTEN,
        migrations.AlterField("orderline", "line_no", models.BigIntegerField()),
    ),
    "a shorter text": (
        REWRITTEN,
        migrations.AlterField("order", "order_no", models.CharField(max_length=8)),
    ),
    "another value for each row": (
        REWRITTEN,
        migrations.RunSQL(
            'ALTER TABLE "orders_sku" ADD COLUMN "key" uuid NULL DEFAULT gen_random_uuid()', ""
        ),
    ),
    "an index under a lock": (INDEXED, migrations.AddIndex("order", AN_INDEX)),
    "a foreign key with its index": (
        INDEXED,
        migrations.AddField(
            "order", "page", models.ForeignKey("orders.rulepage", models.PROTECT, null=True)
        ),
    ),
    "a check of every row": (CHECKED, migrations.AddConstraint("order", A_CHECK)),
    "a number that is checked": (
        CHECKED,
        migrations.AddField("order", "depot", models.PositiveIntegerField(null=True)),
    ),
}
GOOD: dict[str, Operation] = {
    "an empty column": migrations.AddField("order", "depot", models.IntegerField(null=True)),
    "a default the database knows": migrations.AddField(
        "order", "depot", models.IntegerField(db_default=0)
    ),
    "a longer text": migrations.AlterField("order", "order_no", models.CharField(max_length=400)),
    "an index of a small table": migrations.AddIndex(
        "rulepage", models.Index(fields=["id"], name="planted")
    ),
    "a new table": migrations.CreateModel(
        "depot",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("sku", models.ForeignKey("orders.sku", models.PROTECT)),
        ],
    ),
}


World = tuple[ProjectState, Columns]


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Today's models, and the columns that the release knows.

    Nothing is written; an index beside the shop does not stand a transaction.
    """
    with django_db_blocker.unblock():
        loader = MigrationLoader(connection)
        known = [node for node in released_migrations() if node in loader.graph.nodes]
        yield loader.project_state(), columns_of(loader.project_state(known))


def _planted(*operations: Operation, atomic: bool = True) -> Migration:
    kind = type("Migration", (Migration,), {"operations": list(operations), "atomic": atomic})
    migration: Migration = kind("9999_planted", "orders")
    return migration


def _found(world: World, *migrations: Migration) -> list[str]:
    """The rules that planted migrations break."""
    state, columns = world
    return [line.split(": ")[1] for line in read(migrations, state.clone(), columns)]


def test_the_release_before_could_run_on_todays_tables() -> None:
    assert violations(released_migrations()) == []


@pytest.mark.parametrize("name", BAD)
def test_a_bad_migration_is_caught(name: str, world: World) -> None:
    rule, operation = BAD[name]

    found = _found(world, _planted(operation))

    assert rule in found


@pytest.mark.parametrize("name", GOOD)
def test_a_good_migration_passes(name: str, world: World) -> None:
    assert _found(world, _planted(GOOD[name])) == []


def test_an_index_made_beside_the_shop_passes(world: World) -> None:
    migration = _planted(AddIndexConcurrently("order", AN_INDEX), atomic=False)

    assert _found(world, migration) == []


def test_rows_and_tables_change_apart(world: World) -> None:
    column = migrations.AddField("order", "depot", models.IntegerField(null=True))
    rows = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)
    update = migrations.RunSQL("UPDATE orders_order SET source = source", "")

    assert _found(world, _planted(column, rows)) == [APART]
    assert _found(world, _planted(column, update)) == [APART]
    assert _found(world, _planted(rows)) == []


def test_a_column_that_no_released_model_names_may_go(world: World) -> None:
    added = _planted(migrations.AddField("order", "depot", models.IntegerField(null=True)))
    gone = _planted(migrations.RemoveField("order", "depot"))

    assert _found(world, added, gone) == []


# The mark is what makes the session's database, in a run of this module alone.
@pytest.mark.django_db
def test_every_big_table_is_one_of_ours() -> None:
    assert released_tables() | set(connection.introspection.table_names()) >= BIG_TABLES


def test_whoever_breaks_a_rule_says_why() -> None:
    assert all(len(reason) > 20 for reason in WAIVED.values())
