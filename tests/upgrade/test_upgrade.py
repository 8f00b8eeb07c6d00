"""The last release's database under today's code, and its code on today's tables."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoDbBlocker

from fulfillment.selectors.books import books_check
from leaders.models.accounts import User
from tests.upgrade.release_dump import dump_load, released_migrations, released_tables
from tests.upgrade.scenes import django_uses, empty_database

pytestmark = pytest.mark.slow

# What `migrate` itself writes: the list of what is applied, and who may do what.
WRITTEN_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
# Each says something of a played day; a dump without it would prove little.
PLAYED = {
    "paid": "SELECT sum(amount_fen) FROM orders_payment WHERE state = 'succeeded'",
    "refunded": "SELECT sum(amount_fen) FROM orders_refund WHERE state = 'succeeded'",
    "transferred": "SELECT sum(amount_fen) FROM orders_transfer",
    "reserved": "SELECT sum(reserved_qty) FROM orders_offerstock",
    "allocated": "SELECT sum(allocated_qty) FROM fulfillment_allocation",
    "paid_out": "SELECT sum(amount_fen) FROM fulfillment_payout WHERE state = 'paid'",
    "papers": "SELECT count(*) FROM fulfillment_paper",
    "claims": "SELECT count(*) FROM orders_claim",
}
PAGES = {
    "l1": ("/", "/leader/", "/leader/orders/"),
    "buyer": ("/admin/orders/campaign/", "/admin/orders/sku/", "/admin/fulfillment/cutoffrun/"),
}

Columns = dict[str, list[str]]
Totals = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The release's columns by table, its totals before, and the same totals after."""

    columns: Columns
    before: Totals
    after: Totals


@pytest.fixture(scope="module")
def upgrade(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Upgrade]:
    """The release's database brought to today's tables; Django is led to it meanwhile."""
    with empty_database("upgrade") as url:
        with psycopg.connect(url) as raw:
            dump_load(raw)
        with django_db_blocker.unblock(), django_uses(url):
            columns = _columns()
            before = _totals(columns)
            call_command("migrate", verbosity=0)
            after = _totals(columns)
            call_command("sync_roles", stdout=io.StringIO())
            yield Upgrade(columns, before, after)


def test_the_release_played_whole_days(upgrade: Upgrade) -> None:
    played = {name: _value(query) for name, query in PLAYED.items()}

    assert all(played.values()), played


def test_every_law_holds_after_the_upgrade(upgrade: Upgrade) -> None:
    broken = [result for result in books_check() if result.violations]

    assert broken == []


def test_no_row_and_no_figure_of_the_release_is_lost_or_changed(upgrade: Upgrade) -> None:
    changed = {
        name: (before, after)
        for name, before in upgrade.before.items()
        if (after := upgrade.after.get(name)) != before
    }
    assert changed == {}
    assert len(upgrade.before) > 100


@pytest.mark.parametrize("name", PAGES)
def test_its_people_find_their_pages(name: str, upgrade: Upgrade, client: Client) -> None:
    client.force_login(User.objects.get(username=name))

    answers = {path: client.get(path, follow=True).status_code for path in PAGES[name]}

    assert answers == dict.fromkeys(PAGES[name], 200)


def test_its_code_can_go_on_writing(upgrade: Upgrade) -> None:
    refused = _refused_rows(upgrade.columns)

    assert refused == []


@pytest.mark.control
def test_a_column_its_code_does_not_know_would_be_noticed(upgrade: Upgrade) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_order ADD COLUMN depot int NOT NULL DEFAULT 0")
        cursor.execute("ALTER TABLE orders_order ALTER COLUMN depot DROP DEFAULT")
        cursor.execute("ALTER TABLE leaders_agreement ADD COLUMN depot int NOT NULL DEFAULT 0")
        cursor.execute("ALTER TABLE leaders_agreement ALTER COLUMN depot DROP DEFAULT")
        refused = _refused_rows(upgrade.columns)
        transaction.set_rollback(True)

    assert [line.split(":")[0] for line in refused] == ["leaders_agreement", "orders_order"]


def test_the_dump_knows_its_migrations_and_tables() -> None:
    assert {("orders", "0001_initial"), ("leaders", "0001_initial")} <= released_migrations()
    assert {"orders_order", "leaders_leader", "fulfillment_stop"} <= released_tables()


def _columns() -> Columns:
    """The columns of every table that a program writes, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)
              FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
               AND c.is_generated = 'NEVER'
             GROUP BY c.table_name ORDER BY c.table_name
            """
        )
        return dict(cursor.fetchall())


def _totals(columns: Columns) -> Totals:
    """How many rows each table has, and the sum of each column of whole numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('smallint', 'integer', 'bigint')"
        )
        whole = set(cursor.fetchall())
        totals: Totals = {}
        for table in sorted(set(columns) - WRITTEN_BY_MIGRATE):
            summed = [name for name in columns[table] if (table, name) in whole]
            query = SQL("SELECT {} FROM {}").format(
                SQL(", ").join(
                    [SQL("count(*)"), *(SQL("sum({})").format(Identifier(n)) for n in summed)]
                ),
                Identifier(table),
            )
            cursor.execute(query)
            totals[table] = dict(zip(["rows", *summed], cursor.fetchone(), strict=True))
    return totals


def _refused_rows(columns: Columns) -> list[str]:
    """Write a row of each table again, naming only the columns the release knows.

    The row is taken out first, so that nothing but the tables' own rules can
    refuse it; triggers and references rest, and everything is rolled back.
    A table without rows is judged by its columns.
    """
    refused = []
    for table in sorted(set(columns) - WRITTEN_BY_MIGRATE):
        names = SQL(", ").join(map(Identifier, columns[table]))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(
                    SQL(
                        "WITH taken AS (DELETE FROM {table} WHERE ctid ="
                        " (SELECT min(ctid) FROM {table}) RETURNING {names})"
                        " SELECT {names} FROM taken"
                    ).format(table=Identifier(table), names=names)
                )
                row = cursor.fetchone()
                if row is None:
                    refused += _unknown_and_needed(table, columns[table])
                else:
                    cursor.execute(
                        SQL("INSERT INTO {} ({}) VALUES ({})").format(
                            Identifier(table), names, SQL(", ").join(SQL("%s") for _ in row)
                        ),
                        row,
                    )
                transaction.set_rollback(True)
        except DatabaseError as error:
            refused.append(f"{table}: {error}")
    return refused


def _unknown_and_needed(table: str, known: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'
               AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'
               AND NOT column_name = ANY(%s)
            """,
            [table, known],
        )
        return [f"{table}: {name} is needed and has no default" for (name,) in cursor.fetchall()]


def _value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
