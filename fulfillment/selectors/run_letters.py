"""Which letter the papers of a run carry: cities that deliver on one day share none."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from fulfillment.domain.wave_letters import wave_letter
from fulfillment.models.cutoff_run import CutoffRun


def run_letter(run: CutoffRun) -> str:
    """The letter of a run among those that deliver on its day, in the order they were opened.

    Runs are never deleted, so it stays what it is.
    """
    return run_letters([run])[run.pk]


def run_letters(runs: Iterable[CutoffRun]) -> Mapping[int, str]:
    """The letter of each of these runs by its key, in one query."""
    days = {run.campaign.delivery_date for run in runs}
    rows = CutoffRun.objects.filter(campaign__delivery_date__in=days).order_by("pk")
    before: Counter[date] = Counter()
    letters = {}
    for key, day in rows.values_list("pk", "campaign__delivery_date"):
        letters[key] = wave_letter(before[day])
        before[day] += 1
    return letters


def letter_fits(asked_for: str, letter: str) -> bool:
    """Whether a code with a letter, or with none, may be of the run that has this letter.

    The papers for the suppliers of a day's first run carry none.
    """
    return asked_for == letter or (asked_for == "" and letter == wave_letter(0))
