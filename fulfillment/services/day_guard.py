"""The lock of a run: who holds it may change the run, unless its day is closed.

It is the first lock inside a run. Whoever writes anything of a run takes it
before any other row of it, so that nothing is entered while the day is being
closed, and nothing after it.
"""

from django.utils.translation import gettext as _

from fulfillment.errors import DayClosed
from fulfillment.models.cutoff_run import CutoffRun


def run_locked(run_id: int) -> CutoffRun:
    """Lock a run until the commit, closed or not, and return it as it is now."""
    return CutoffRun.objects.select_for_update(no_key=True).get(pk=run_id)


def run_open_locked(run_id: int) -> CutoffRun:
    """Lock a run until the commit and return it as it is now; call it in a transaction.

    Raises `DayClosed` once its day is closed.
    """
    run = run_locked(run_id)
    if run.day_closed_at is not None:
        raise DayClosed(_("This day is closed; its figures stay."), closed_at=run.day_closed_at)
    return run
