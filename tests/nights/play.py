"""Plays nights with a crew of processes; a program of its own that prints one JSON object.

DATABASE_URL names a migrated database with a clock (`tests.nights.clock`) that
nobody else uses, BROKER_URL a broker, and so does nobody else.
"""

import json
import os
import random
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from django.test import override_settings

from fulfillment.selectors.books import books_check
from fulfillment.services import advance
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.schedules import schedules_ensure
from orders.integrations import providers
from orders.integrations.sandbox import SandboxGateway
from orders.selectors.clock import database_now
from tests.nights.clock import parts_failed
from tests.nights.crew import Crew, Job, beat_job, forked, worker_job
from tests.nights.people import nights_live

TICK_S = 1
# Every process may be killed anywhere; what it waited for is asked again at once.
SETTINGS = {
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "SOLVER_SECONDS": 1,
}


def quiet() -> None:
    """One worker, one beat, nobody is killed: LOG NIGHTS CITIES SEED."""
    _play([partial(worker_job, is_fatal=False), beat_job], kill_pause_s=None)


def harassed() -> None:
    """Two workers, two beats, killed at random: LOG NIGHTS CITIES SEED PAUSE_S."""
    worker = partial(worker_job, is_fatal=True)
    _play([worker, worker, beat_job, beat_job], kill_pause_s=float(sys.argv[5]))


def _play(jobs: list[Job], kill_pause_s: float | None) -> None:
    log = Path(sys.argv[1])
    nights, cities, seed = (int(number) for number in sys.argv[2:5])
    with (
        override_settings(**SETTINGS),
        patch.object(providers, "_sandbox", lambda: SandboxGateway(database_now)),
        # The same plan on a busy machine as on a quiet one.
        patch.object(advance, "PlanBudget", partial(PlanBudget, engine="savings")),
    ):
        status = os.waitstatus_to_exitcode(
            os.waitpid(forked(partial(schedules_ensure, every_seconds=TICK_S), log), 0)[1]
        )
        crew = Crew(jobs=jobs, log=log)
        started = perf_counter()
        crew.start()
        people = forked(partial(nights_live, nights=nights, cities=cities, seed=seed), log)
        try:
            if kill_pause_s is None:
                status = crew.look_on(people)
            else:
                status = crew.harass(people, random.Random(seed), kill_pause_s)
        finally:
            crew.stop()
        if status:
            raise SystemExit(f"the nights came to no end; see {log}")
        report = {
            "seconds": round(perf_counter() - started, 1),
            "kills": crew.kills,
            "parts_failed": parts_failed(),
            "broken_laws": [each.name for each in books_check() if each.violations],
        }
    sys.stdout.write(json.dumps(report, ensure_ascii=False))
