"""Plans of a day under work: asked for, watched, compared, accepted, published."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.plan_drafts import SECONDS, AskForm
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.selectors.plan_board import (
    accepted_board,
    board_ground,
    board_verdict,
    draft_board,
)
from fulfillment.selectors.plan_board_view import board_view
from fulfillment.selectors.plan_compare import compared
from fulfillment.selectors.plan_desk import PlanDesk, plan_desk
from fulfillment.services.plan_acceptance import draft_accept, plan_publish
from fulfillment.services.plan_drafts import draft_cancel, draft_drop, draft_request
from fulfillment.services.travel import travel_provider
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(Role.DISPATCHER)
def drafts(request: UserRequest, run_no: str) -> HttpResponse:
    """The accepted plan, every draft with its progress, and what can be asked for."""
    desk = plan_desk(_delivery_run(run_no))
    if request.htmx:
        return render(request, "fulfillment/board/_drafts.html", {"desk": desk})
    return _desk_page(request, desk, _ask_form(desk))


@require_POST
@role_required(Role.DISPATCHER)
def ask(request: UserRequest, run_no: str) -> HttpResponse:
    """Ask for another plan; a worker searches for it."""
    delivery_run = _delivery_run(run_no)
    desk = plan_desk(delivery_run)
    form = _ask_form(desk, request.POST)
    if not form.is_valid():
        return _desk_page(request, desk, form, status=422)
    draft_request(
        cutoff_run_id=delivery_run.cutoff_run_id,
        warehouse_id=delivery_run.warehouse_id,
        origin=form.origin,
        request=form.request(vehicles_used=len(desk.vehicles)),
        actor=request.user,
        now=timezone.now(),
    )
    return redirect("plan-drafts", run_no)


@require_POST
@role_required(Role.DISPATCHER)
def cancel(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Stop a search."""
    draft = _draft(_delivery_run(run_no), pk)
    try:
        draft_cancel(draft_id=draft.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("plan-drafts", run_no)


@require_POST
@role_required(Role.DISPATCHER)
def drop(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Drop a draft; the accepted plan holds."""
    draft = _draft(_delivery_run(run_no), pk)
    try:
        draft_drop(draft_id=draft.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("plan-drafts", run_no)


@require_GET
@role_required(Role.DISPATCHER)
def compare(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """The accepted plan and a draft side by side, and the way to accept it."""
    delivery_run = _delivery_run(run_no)
    draft = _draft(delivery_run, pk)
    if draft.state not in (PlanDraftState.READY, PlanDraftState.ACCEPTED, PlanDraftState.DROPPED):
        return redirect("plan-drafts", run_no)
    travel = travel_provider(draft.warehouse)
    board = board_view(
        draft, board_verdict(board_ground(draft, travel), draft_board(draft), accepted_board(draft))
    )
    context = {
        "delivery_run": delivery_run,
        "draft": draft,
        "board": board,
        "faults": board.faults,
        "compared": compared(draft, board.verdict, travel),
        "is_ready": draft.state == PlanDraftState.READY,
        "is_outdated": draft.based_on_revision != delivery_run.revision,
    }
    return render(request, "fulfillment/board/compare.html", context)


@require_POST
@role_required(Role.DISPATCHER)
def accept(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Make a draft the plan that holds."""
    draft = _draft(_delivery_run(run_no), pk)
    try:
        accepted = draft_accept(draft_id=draft.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect("plan-compare", run_no, pk)
    text = _("The plan holds now as revision %(revision)d. Papers it changes are printed again.")
    messages.success(request, text % {"revision": accepted.revision})
    return redirect("route-plan-run", run_no)


@require_POST
@role_required(Role.DISPATCHER)
def publish(request: UserRequest, run_no: str) -> HttpResponse:
    """Show the plan to its drivers."""
    delivery_run = _delivery_run(run_no)
    plan_publish(delivery_run_id=delivery_run.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Published: drivers see their trips."))
    return redirect("route-plan-run", run_no)


def _delivery_run(run_no: str) -> DeliveryRun:
    runs = DeliveryRun.objects.select_related(
        "cutoff_run__campaign", "cutoff_run__warehouse", "warehouse", "published_by"
    )
    return get_object_or_404(runs, run_no=run_no)


def _draft(delivery_run: DeliveryRun, pk: int) -> PlanDraft:
    return get_object_or_404(
        PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse"),
        pk=pk,
        cutoff_run=delivery_run.cutoff_run_id,
        warehouse=delivery_run.warehouse_id,
    )


def _ask_form(desk: PlanDesk, typed: QueryDict | None = None) -> AskForm:
    return AskForm(
        typed,
        vehicles=[vehicle.code for vehicle in desk.vehicles],
        drops=[drop.pk for drop in desk.drops],
    )


def _desk_page(
    request: UserRequest, desk: PlanDesk, form: AskForm, *, status: int = 200
) -> HttpResponse:
    context = {"desk": desk, "form": form, "seconds": SECONDS}
    return render(request, "fulfillment/board/drafts.html", context, status=status)
