"""The metrics page: for whom, what it says, what it costs, and the alerts that read it."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from config.embedded.places import PROJECT_DIR
from fulfillment.models.cutoff_run import StepRecord, StepState
from fulfillment.selectors.operations import operation_figures
from fulfillment.services.schedules import schedules_ensure
from orders.integrations.gateway_faults import gateway_fault_count
from orders.models.campaigns import Campaign, CampaignState
from orders.models.gateway_faults import GatewayFault, GatewayFaultKind
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.orders import CampaignFactory, PaymentFactory, RefundFactory

pytestmark = pytest.mark.django_db

TOKEN = "t" * 40
ALERTS = PROJECT_DIR / "deploy" / "prometheus" / "alerts.yaml"


@pytest.fixture
def token(settings: Settings) -> dict[str, str]:
    """The header that opens the page."""
    settings.METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def no_faults_yet(db: None) -> None:
    """Faults that threads of earlier tests have counted are there for good."""
    GatewayFault.objects.all().delete()


def _values(client: Client, token: dict[str, str]) -> dict[str, float]:
    page = client.get("/metrics", headers=token)
    return {
        "/".join(
            [sample.name, *(sample.labels[name] for name in sorted(sample.labels))]
        ): sample.value
        for family in text_string_to_metric_families(page.content.decode())
        for sample in family.samples
    }


def test_whoever_has_no_token_finds_nothing(client: Client, settings: Settings) -> None:
    unset = client.get("/metrics", headers={"Authorization": "Bearer "})
    settings.METRICS_TOKEN = TOKEN
    wrong = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"})

    assert (unset.status_code, wrong.status_code, client.get("/metrics").status_code) == (404,) * 3


def test_a_quiet_platform_has_nothing_late(client: Client, token: dict[str, str]) -> None:
    values = _values(client, token)

    ours = {name: value for name, value in values.items() if name.startswith("tuanpei_")}
    assert len(ours) == 14
    assert set(ours.values()) == {0.0}


def test_what_is_late_or_broken_is_counted(client: Client, token: dict[str, str]) -> None:
    now = timezone.now()
    clocks = {
        name: now - timedelta(minutes=minutes)
        for name, minutes in (
            ("opens_at", 60),
            ("orders_close_at", 20),
            ("payments_close_at", 11),
            ("freeze_at", 10),
        )
    }
    late = CampaignFactory.create(state=CampaignState.CLOSING, **clocks)
    run = CutoffRunFactory.create()
    StepRecord.objects.create(
        run=run, name="route", position=5, state=StepState.FAILED, attempts=5, error="x"
    )
    payment = PaymentFactory.create()
    RefundFactory.create(payment=payment, next_attempt_at=now - timedelta(minutes=2))
    Campaign.objects.exclude(pk=late.pk).update(state=CampaignState.FROZEN, frozen_at=now)
    schedules_ensure(every_seconds=15)
    for _fault in range(2):
        gateway_fault_count(provider="wechatpay", kind=GatewayFaultKind.SILENT)

    values = _values(client, token)

    assert values["tuanpei_freeze_lag_seconds"] == pytest.approx(600, abs=60)
    assert values["tuanpei_runs_open"] == 1
    assert (values["tuanpei_steps_failed"], values["tuanpei_steps_given_up"]) == (1, 1)
    assert values["tuanpei_refunds_waiting"] == 1
    assert values["tuanpei_refunds_waiting_age_seconds"] == pytest.approx(120, abs=60)
    assert values["tuanpei_gateway_faults_total/silent/wechatpay"] == 2
    assert "tuanpei_tick_age_seconds" not in values


def test_a_scrape_asks_the_same_however_much_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _run in range(3):
        CutoffRunFactory.create()

    with django_assert_num_queries(12):
        operation_figures(now=timezone.now())


def test_the_age_of_the_backup_is_the_age_of_its_stamp(
    client: Client, token: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    stamp = tmp_path / "last"
    stamp.touch()
    hour_ago = (timezone.now() - timedelta(hours=1)).timestamp()
    os.utime(stamp, (hour_ago, hour_ago))
    settings.BACKUP_STAMP = str(stamp)

    assert _values(client, token)["tuanpei_backup_age_seconds"] == pytest.approx(3600, abs=60)


def test_every_alert_reads_a_metric_that_is_told(
    client: Client, token: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    stamp = tmp_path / "last"
    stamp.touch()
    settings.BACKUP_STAMP = str(stamp)
    gateway_fault_count(provider="wechatpay", kind=GatewayFaultKind.SILENT)
    client.get("/healthz")
    told = {name.split("/")[0] for name in _values(client, token)} | {"tuanpei_tick_age_seconds"}

    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    read = {
        name for rule in rules for name in re.findall(r"\b(?:tuanpei|django)_\w+", rule["expr"])
    }

    assert read - told == set()
    assert len(rules) >= 10
    assert all(rule["annotations"]["summary"] for rule in rules)
