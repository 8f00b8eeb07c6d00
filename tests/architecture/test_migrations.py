"""Migrations: complete, in one line, and each can be taken back."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.gates import APPS


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    """The migrations as Django reads them, without a database."""
    return MigrationLoader(None)


@pytest.mark.django_db
def test_the_models_have_no_change_without_a_migration() -> None:
    output = io.StringIO()

    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=output)
    except SystemExit:
        pytest.fail(output.getvalue())


@pytest.mark.parametrize("app", APPS)
def test_the_migrations_of_an_app_form_one_line(app: str, loader: MigrationLoader) -> None:
    names = sorted(name for label, name in loader.disk_migrations if label == app)

    for before, name in zip([None, *names], names, strict=False):
        own = {
            needed
            for label, needed in loader.disk_migrations[app, name].dependencies
            if label == app
        }
        assert own == ({before} if before else set())


@pytest.mark.parametrize("app", APPS)
def test_every_step_can_be_taken_back(app: str, loader: MigrationLoader) -> None:
    stuck = [
        f"{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if label == app
        for operation in migration.operations
        if not operation.reversible
    ]

    assert stuck == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_empty_database_goes_all_the_way_back_and_forth() -> None:
    try:
        for app in APPS[::-1]:
            call_command("migrate", app, "zero", verbosity=0)
        tables_left = [
            table
            for table in connection.introspection.table_names()
            if table.partition("_")[0] in APPS
        ]
    finally:
        call_command("migrate", verbosity=0)

    assert tables_left == []
