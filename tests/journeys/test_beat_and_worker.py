"""A day that nobody starts: beat ticks, the worker works, through a real broker."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.embedded.programs import worker_program
from config.embedded.supervisor import Supervisor
from config.embedded.valkey import valkey_program
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.selectors.books import books_check
from fulfillment.services.play_day import arrivals_record
from fulfillment.services.schedules import schedules_ensure
from orders.models.campaigns import Campaign, CampaignState
from orders.models.demand import DemandSnapshot
from tests.builders import OPENS_AT, tiny_day
from tests.fulfillment.services.days import imported

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE_S = 90


@pytest.fixture
def campaign() -> Campaign:
    """A campaign with paid orders whose clocks have passed; nobody has opened its run."""
    run = imported(tiny_day())
    campaign = run.campaign
    StepRecord.objects.filter(run=run).delete()
    run.delete()
    return campaign


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """A broker, and the environment of a worker on this test's database."""
    database = connection.settings_dict
    with Supervisor(tmp_path) as supervisor:
        broker, broker_url = valkey_program(tmp_path)
        supervisor.launch(broker)
        supervisor.wait_ready("valkey")
        server = os.environ["DATABASE_URL"].rpartition("/")[0]
        yield (
            supervisor,
            os.environ
            | {
                "DATABASE_URL": f"{server}/{database['NAME']}",
                "BROKER_URL": broker_url,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            },
        )


def wait_until(condition: Callable[[], bool], supervisor: Supervisor) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        supervisor.check()
        assert time.monotonic() < deadline, list(
            StepRecord.objects.values_list("name", "state", "error")
        )
        time.sleep(0.2)


def step_is(step: Step, state: StepState) -> bool:
    return StepRecord.objects.filter(name=step, state=state).exists()


def test_a_due_campaign_is_played_to_its_end_by_the_schedule_alone(
    campaign: Campaign, platform: tuple[Supervisor, dict[str, str]]
) -> None:
    supervisor, environment = platform
    schedules_ensure(every_seconds=1)

    supervisor.launch(worker_program(environment))
    wait_until(lambda: step_is(Step.RECEIVE, StepState.WAITING), supervisor)
    arrivals_record(run=CutoffRun.objects.get(), receipts=tiny_day().receipts, now=OPENS_AT)
    wait_until(lambda: step_is(Step.CHECK, StepState.DONE), supervisor)

    campaign.refresh_from_db()
    assert campaign.state not in {CampaignState.OPEN, CampaignState.CLOSING}
    assert DemandSnapshot.objects.get(campaign=campaign).pieces == 27
    assert [result.name for result in books_check() if result.violations] == []


def test_the_day_of_a_killed_worker_goes_on_with_the_next(
    campaign: Campaign, platform: tuple[Supervisor, dict[str, str]], tmp_path: Path
) -> None:
    supervisor, environment = platform
    schedules_ensure(every_seconds=1)
    with Supervisor(tmp_path / "killed") as killed:
        session = killed.launch(worker_program(environment))
        wait_until(lambda: step_is(Step.FREEZE, StepState.DONE), killed)
        os.killpg(session, signal.SIGKILL)

    supervisor.launch(worker_program(environment))
    wait_until(lambda: step_is(Step.RECEIVE, StepState.WAITING), supervisor)

    assert CutoffRun.objects.get().campaign == campaign
    assert StepRecord.objects.filter(state=StepState.DONE).count() == 2
