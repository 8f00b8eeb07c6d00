"""Whether the process says truly that it lives and is fit to answer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from config import health
from fulfillment.services.schedules import schedules_ensure
from orders.models.outbox import OutboxMessage, Topic

TOKEN = "t" * 40


def _ticked(seconds_ago: float) -> None:
    schedules_ensure(every_seconds=15)
    moment = timezone.now() - timedelta(seconds=seconds_ago)
    PeriodicTask.objects.filter(name="advance").update(last_run_at=moment)


def _checks(client: Client, settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    checks: dict[str, str] = answer.json()["checks"]
    return checks


def test_alive_asks_nothing(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_everything_is(client: Client, settings: Settings) -> None:
    _ticked(seconds_ago=5)

    answer = client.get("/readyz?strict")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert set(_checks(client, settings).values()) == {"ok"}


@pytest.mark.django_db
def test_a_silent_beat_degrades_and_fails_only_the_strict(client: Client) -> None:
    _ticked(seconds_ago=500)

    lenient, strict = client.get("/readyz"), client.get("/readyz?strict")

    assert (lenient.status_code, lenient.json()["status"]) == (200, "degraded")
    assert (strict.status_code, strict.json()["status"]) == (503, "unready")


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_makes_it_unready(
    client: Client, settings: Settings
) -> None:
    _ticked(seconds_ago=5)
    MigrationRecorder(connection).record_unapplied("orders", "0001_initial")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert _checks(client, settings)["migrations"] == "1 pending"


@pytest.mark.django_db
def test_code_of_the_release_before_is_ready_on_newer_tables(client: Client) -> None:
    _ticked(seconds_ago=5)
    MigrationRecorder(connection).record_applied("orders", "9999_of_the_next_release")

    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.django_db
def test_old_messages_are_told(client: Client, settings: Settings) -> None:
    _ticked(seconds_ago=5)
    OutboxMessage.objects.create(
        topic=Topic.ORDER_PAID,
        dedupe_key="one",
        phone="19900000001",
        facts={},
        available_at=timezone.now() - timedelta(hours=1),
    )

    assert _checks(client, settings)["outbox"] == "1 waiting, the oldest for 3600 s"


@pytest.mark.django_db
def test_without_a_database_it_is_alive_and_unready(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    health._migrations_on_disk()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert _checks(client, settings)["database"] == "no answer"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_without_the_token_there_are_no_details(
    client: Client, settings: Settings, token: str
) -> None:
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/readyz", headers={"Authorization": f"Bearer {token}"})

    assert set(answer.json()) == {"status"}
