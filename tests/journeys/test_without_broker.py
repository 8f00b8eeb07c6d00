"""P15: with the broker gone for a whole cut-off, the same command by hand or cron does the work."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from config.embedded.places import PROJECT_DIR
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import StepRecord, StepState
from orders.models.demand import DemandSnapshot
from tests.builders import tiny_day
from tests.fulfillment.services.days import imported

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOBODY = "redis://127.0.0.1:1/0"


def advance_by_hand() -> str:
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "manage.py", "advance"],
        cwd=PROJECT_DIR,
        env=os.environ
        | {
            "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "BROKER_URL": NOBODY,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_cut_off_happens_without_a_broker_and_only_once() -> None:
    run = imported(tiny_day())
    campaign = run.campaign
    StepRecord.objects.filter(run=run).delete()
    run.delete()

    advance_by_hand()
    first = list(StepRecord.objects.order_by("pk").values_list("name", "state"))
    advance_by_hand()

    assert DemandSnapshot.objects.get(campaign=campaign).pieces == 27
    assert (Step.RECEIVE, StepState.WAITING) in first
    assert list(StepRecord.objects.order_by("pk").values_list("name", "state")) == first
