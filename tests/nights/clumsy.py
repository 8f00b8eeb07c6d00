"""The control of the nights: an effect that is written down apart from the step it belongs to.

Every worker has it, and it is what the platform never does: it commits first,
and the step notes later that it is done. Who dies in between does it twice,
and the comparison of two lives has to tell.
"""

import os
import signal
from functools import partial
from unittest.mock import patch

from django.db import connection

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services import cutoff_run
from fulfillment.services.cutoff_run import RunOptions, Store

# Nobody has to be lucky to hit the moment: here a process dies of itself.
_compute = cutoff_run._compute


def clumsy_be(*, is_fatal: bool) -> None:
    """Write a note before goods are bought; the first to do so for a campaign may die of it."""
    patch.object(cutoff_run, "_compute", partial(_noted, is_fatal)).start()


def _noted(is_fatal: bool, run: CutoffRun, step: Step, options: RunOptions) -> Store:
    if step is Step.PURCHASE:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO clumsy_effect (campaign) VALUES (%s)", [run.campaign.code])
            cursor.execute(
                "SELECT count(*) FROM clumsy_effect WHERE campaign = %s", [run.campaign.code]
            )
            (times,) = cursor.fetchone()
        if is_fatal and times == 1:
            os.killpg(0, signal.SIGKILL)
    return _compute(run, step, options)
