"""The print centre: the day's progress and its papers by role."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.selectors.day_progress import StepView, run_progress
from fulfillment.selectors.paper_basis import papers_stale
from fulfillment.selectors.printing import (
    Bundle,
    Pack,
    PaperView,
    bundles_of_pack,
    matching,
    packs_visible,
    papers_newest,
)
from fulfillment.selectors.runs import runs_newest_first, runs_of_newest_days
from fulfillment.services.papers import papers_refresh
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.selectors.clock import database_now

PACK_LABELS = {
    Pack.SUPERVISOR: _("Supervisor"),
    Pack.RECEIVER: _("Receiving"),
    Pack.ROUTE: _("Routes"),
    Pack.LEADER: _("Leaders"),
}
PACK_HINTS = {
    Pack.SUPERVISOR: _("Master list, sow cards and check lists of the wave."),
    Pack.RECEIVER: _("What each supplier brings, to be counted at the dock."),
    Pack.ROUTE: _("Load sheet, route sheet and delivery notes, in load order."),
    Pack.LEADER: _("Delivery note and hand-out list of each leader."),
}
BUNDLES_PER_PAGE = 40
DAYS_OFFERED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTab:
    """One entry of the switch between packs."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The steps of a run and how many are behind it."""

    steps: tuple[StepView, ...]

    @property
    def done(self) -> int:
        """Steps behind the run."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == len(self.steps)

    @property
    def has_failed(self) -> bool:
        """Whether a step needs help."""
        return any(step.state is StepState.FAILED for step in self.steps)

    @property
    def current(self) -> StepView | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.is_done), None)


@require_GET
@role_required(Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER)
def print_centre(request: UserRequest) -> HttpResponse:
    """One day's progress and one pack of its papers; `?run=`, `?pack=` and `?q=` choose."""
    run = _run_asked_for(request)
    if run is None:
        return render(request, "fulfillment/warehouse/print_centre.html", {})
    packs = packs_visible(request.user)
    pack = _pack_asked_for(request, packs)
    query = request.GET.get("q", "").strip()
    papers = papers_newest(request.user, run)
    found = matching(papers, query) if query else papers
    context = {
        "run": run,
        "runs": runs_of_newest_days(DAYS_OFFERED),
        "progress": Progress(steps=run_progress(run)),
        "pack": pack,
        "pack_hint": PACK_HINTS[pack],
        "pack_tabs": [_tab(tab, pack, run, query) for tab in packs],
        "page": _page(request, bundles_of_pack(found, pack)),
        "query": query,
        "page_query": urlencode({"run": run.campaign.code, "pack": pack, "q": query}),
        "papers_count": len(papers),
        "pages_count": _sheets(papers),
        "is_stale": papers_stale(run),
    }
    return render(request, "fulfillment/warehouse/print_centre.html", context)


@require_POST
@role_required(Role.WAREHOUSE)
def print_changes(request: UserRequest, code: str) -> HttpResponse:
    """Draw the papers that are not what they were made from any more."""
    run = get_object_or_404(runs_newest_first(), campaign__code=code)
    try:
        figures = papers_refresh(run=run, actor=request.user, now=database_now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        drawn = figures["drawn"]
        text = ngettext("%(count)d paper is new.", "%(count)d papers are new.", drawn)
        messages.success(request, text % {"count": drawn} if drawn else _("Nothing has changed."))
    return redirect(f"{reverse('print-centre')}?{urlencode({'run': code})}")


@require_GET
@role_required(Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER)
def progress(request: UserRequest, code: str) -> HttpResponse:
    """The steps alone, for a page that keeps itself up to date."""
    run = get_object_or_404(runs_newest_first(), campaign__code=code)
    context = {"run": run, "progress": Progress(steps=run_progress(run))}
    return render(request, "fulfillment/warehouse/_progress.html", context)


def _run_asked_for(request: HttpRequest) -> CutoffRun | None:
    code = request.GET.get("run", "")
    if code:
        return get_object_or_404(runs_newest_first(), campaign__code=code)
    return runs_newest_first().first()


def _pack_asked_for(request: HttpRequest, packs: tuple[Pack, ...]) -> Pack:
    asked = request.GET.get("pack", "")
    return next((pack for pack in packs if pack == asked), packs[0])


def _tab(tab: Pack, current: Pack, run: CutoffRun, query: str) -> PackTab:
    link = urlencode({"run": run.campaign.code, "pack": tab, "q": query})
    return PackTab(label=str(PACK_LABELS[tab]), url=f"?{link}", is_current=tab is current)


def _page(request: HttpRequest, bundles: list[Bundle]) -> Page[Bundle]:
    return Paginator(bundles, BUNDLES_PER_PAGE).get_page(request.GET.get("page"))


def _sheets(papers: list[PaperView]) -> int:
    return sum(view.paper.pages for view in papers)
