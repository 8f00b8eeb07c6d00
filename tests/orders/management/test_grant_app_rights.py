"""The application's role: enough for every flow, and nothing on append-only tables."""

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Stage
from fulfillment.selectors.books import books_check
from fulfillment.services.day_close import counts_declare_unrecorded, day_close
from fulfillment.services.exceptions import cases_decide_as_proposed
from fulfillment.services.leftovers import leftovers_use
from leaders.models.accounts import Role
from orders.services.app_rights import append_only_tables
from tests.factories.busy_day import BusyDay
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

# Written down once more, so that one that loses its trigger is seen.
APPEND_ONLY = {
    "fulfillment_allocationchange",
    "fulfillment_allocationrun",
    "fulfillment_goodsreceiptline",
    "fulfillment_leftovermovement",
    "fulfillment_paperopening",
    "fulfillment_receiptlinevoid",
    "fulfillment_routeblock",
    "fulfillment_sortevent",
    "fulfillment_totecount",
    "fulfillment_toteevent",
    "fulfillment_unrecordedcount",
    "fulfillment_weighedportion",
    "orders_account",
    "orders_billcheck",
    "orders_bookscheck",
    "orders_dailybalance",
    "orders_demandline",
    "orders_demandsnapshot",
    "orders_orderevent",
    "orders_paymentnotice",
    "orders_pricelog",
    "orders_residentbinding",
    "orders_transfer",
}


@pytest.fixture
def role() -> str:
    """A role without any rights; it goes with the transaction of the test."""
    name = f"app_of_{connection.settings_dict['NAME']}"
    execute("CREATE ROLE {role}", name)
    return name


@pytest.fixture
def as_role(role: str) -> Iterator[str]:
    """Everything in the test is done by the role, once it has its rights."""
    call_command("grant_app_rights", role=role, stdout=StringIO())
    execute("SET LOCAL ROLE {role}", role)
    yield role
    execute("RESET ROLE", role)


def execute(statement: str, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL(statement).format(role=Identifier(role)))


def closed_night() -> CutoffRun:
    """A night on paper, played and closed."""
    run, now = played(), timezone.now()
    actor = UserFactory.create(role=Role.WAREHOUSE)
    cases_decide_as_proposed(run_id=run.pk, stage=Stage.RECEIVE, note="", actor=actor, now=now)
    for stage in Stage:
        counts_declare_unrecorded(run=run, stage=stage, reason="paper", actor=actor, now=now)
    return day_close(run=run, actor=actor, now=now)


def next_night() -> CutoffRun:
    """The run of the day after."""
    run: CutoffRun = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 12))
    return run


def may_update(role: str, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, 'UPDATE')", [role, table])
        (may,) = cursor.fetchone()
    return bool(may)


def test_a_whole_day_is_sold_paid_and_closed_with_these_rights(as_role: str) -> None:
    BusyDay()

    assert [result.name for result in books_check() if result.violations] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (as_role,)


def test_a_night_is_worked_and_closed_with_these_rights(as_role: str) -> None:
    run = closed_night()
    (sku_id, kept), *_others = run.leftovers.values_list("sku_id", "qty")

    used = leftovers_use(run=next_night(), needs={sku_id: kept}, now=timezone.now())

    assert run.day_closed_at is not None
    assert used == {sku_id: kept}


@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_what_is_append_only_it_cannot_change(as_role: str, change: str) -> None:
    refused = []
    for table in append_only_tables():
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(SQL(change).format(table=Identifier(table)))
        refused.append(table)

    assert {"orders_transfer", "orders_account", "fulfillment_sortevent"} <= set(refused)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER orders_transfer_append_only ON orders_transfer",
        "ALTER TABLE orders_transfer DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "CREATE TABLE mine (id int)",
        "TRUNCATE orders_order CASCADE",
    ],
)
def test_it_cannot_get_round_its_rights(as_role: str, change: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_triggers_say_which_tables_are_only_added_to() -> None:
    assert set(append_only_tables()) >= APPEND_ONLY


def test_a_table_that_gets_its_trigger_is_protected_by_the_next_grant(role: str) -> None:
    call_command("grant_app_rights", role=role, stdout=StringIO())
    before = may_update(role, "orders_category")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER orders_category_append_only BEFORE UPDATE ON orders_category"
            " FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change()"
        )

    call_command("grant_app_rights", role=role, stdout=StringIO())

    assert (before, may_update(role, "orders_category")) == (True, False)


def test_what_an_append_only_trigger_guards_cannot_be_emptied_either() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%no_truncate'")
        kept_full = {name.removesuffix("_no_truncate") for (name,) in cursor.fetchall()}

    assert kept_full == set(append_only_tables())


def test_granting_again_changes_nothing(role: str) -> None:
    said = StringIO()

    for _again in range(2):
        call_command("grant_app_rights", role=role, stdout=said)

    first, second = said.getvalue().splitlines()
    assert first == second
    assert first.endswith(f"{len(append_only_tables())} of them only to be added to")


def test_a_role_that_is_not_there_is_not_made() -> None:
    with pytest.raises(CommandError, match="no such role"):
        call_command("grant_app_rights", role="nobody_here")


def test_the_owner_of_the_tables_cannot_be_bound() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()

    with pytest.raises(CommandError, match="owns the tables"):
        call_command("grant_app_rights", role=owner)
