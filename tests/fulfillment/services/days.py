"""Played days for the tests of the services."""

from fulfillment.domain.bundle import DayBundle
from fulfillment.domain.cutoff_run import Step
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.services.cutoff_run import RunOptions, run_advance
from fulfillment.services.day_import import day_import
from fulfillment.services.delivery import PlanBudget
from fulfillment.services.play_day import arrivals_record, day_play
from tests.builders import OPENS_AT, tiny_day

# The quickest engine: these tests look at the rows, not at the routes.
BUDGET = PlanBudget(seconds=1, seed=1, engine="savings")


def silent(_step: Step, _done: int, _total: int) -> None:
    """Show no progress."""


def imported(day: DayBundle | None = None) -> CutoffRun:
    """The run of an imported day, before its first step."""
    bundle = day or tiny_day()
    run = day_import(bundle=bundle, notes={}, now=OPENS_AT).run
    return CutoffRun.objects.select_related("campaign", "warehouse").get(pk=run.pk)


def played(day: DayBundle | None = None, *, print_papers: bool = False) -> CutoffRun:
    """The run of a day that was played to its end."""
    bundle = day or tiny_day()
    run = imported(bundle)
    day_play(run=run, bundle=bundle, budget=BUDGET, print_papers=print_papers, on_progress=silent)
    return run


def sharing(day: DayBundle | None = None, *, print_papers: bool = False) -> CutoffRun:
    """A run with sort lists and routes whose shortages may still change."""
    bundle = day or tiny_day()
    run = imported(bundle)
    options = RunOptions(
        clock=lambda run, _step: run.campaign.freeze_at, plan=BUDGET, print_papers=print_papers
    )
    run_advance(run=run, options=options)
    arrivals_record(run=run, receipts=bundle.receipts, now=run.campaign.freeze_at)
    assert run_advance(run=run, options=options) is Step.REFUND
    run.refresh_from_db()
    return run
