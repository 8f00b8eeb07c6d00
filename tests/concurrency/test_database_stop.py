"""P16, small: who was told that an order is paid finds it after the database has crashed."""

import os
import uuid
from collections.abc import Iterator

import pytest

from benchmarks.programs import run_program
from config.embedded.commands import manage
from config.embedded.places import server_root
from config.embedded.postgres import PostgresServer

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server that flushes its commits, for this test alone."""
    server = PostgresServer(server_root(f"stopped-{uuid.uuid4().hex[:6]}"))
    server.join()
    yield server
    server.destroy()


def test_no_acknowledged_order_is_lost_when_the_database_stops_at_once(
    server: PostgresServer,
) -> None:
    server.ensure_database("stopped")
    environment = os.environ | {
        "DATABASE_URL": server.url("stopped"),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    manage(environment, "migrate", "--skip-checks", "--verbosity", "0")

    stop = run_program(environment, "tests.concurrency.database_stop:main", server.root, 4)

    assert stop["acknowledged"] > 20
    assert (stop["lost"], stop["doubled"], stop["left_out"]) == (0, 0, 0)
    assert stop["errors_seen"] > 0
    assert stop["frozen_orders"] >= stop["acknowledged"]
    assert stop["broken_laws"] == []
