"""The dispatcher's board: stops moved by hand, undone, locked, and explained.

Each change answers a form with the board, and a script with JSON: the checker's
verdict and those parts of the page that have changed.
"""

from collections.abc import Callable, Collection

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.domain.plan_board import Board
from fulfillment.forms.plan_board import LockForm, MoveForm, StepForm
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.route_errors import PlanDraftNotPossible
from fulfillment.selectors.plan_board import (
    Verdict,
    accepted_board,
    board_ground,
    board_verdict,
    draft_board,
)
from fulfillment.selectors.plan_board_view import board_view
from fulfillment.selectors.plan_board_why import stop_why
from fulfillment.services.plan_board import (
    board_lock,
    board_move,
    board_open,
    board_redo,
    board_undo,
)
from fulfillment.services.travel import travel_provider
from fulfillment.views.plan_board_parts import (
    board_map,
    board_parts,
    board_timeline,
    page_context,
)
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role

# Drafts without a plan yet have no board.
_UNSEARCHED = (PlanDraftState.QUEUED, PlanDraftState.SOLVING, PlanDraftState.FAILED)


@require_POST
@role_required(Role.DISPATCHER)
def open_board(request: UserRequest, run_no: str) -> HttpResponse:
    """Open the accepted plan to be changed by hand."""
    delivery_run = get_object_or_404(DeliveryRun, run_no=run_no)
    draft = board_open(delivery_run_id=delivery_run.pk, actor=request.user, now=timezone.now())
    return redirect("plan-board", run_no, draft.pk)


@require_GET
@role_required(Role.DISPATCHER)
def board(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """A draft with its verdict, its vehicles' days, map and timeline."""
    delivery_run, draft = _draft(run_no, pk)
    shown = board_view(draft, _verdict(draft))
    context = {
        **page_context(delivery_run, shown),
        "timeline": board_timeline(shown),
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "fulfillment/board/board.html", context)


@require_GET
@role_required(Role.DISPATCHER)
def parts(request: UserRequest, run_no: str, pk: int) -> JsonResponse:
    """Everything on the board that can change, as it is now; `?map` asks for the map alone."""
    delivery_run, draft = _draft(run_no, pk)
    shown = board_view(draft, _verdict(draft))
    if "map" in request.GET:
        return JsonResponse({"map": board_map(delivery_run, shown, shown.days)})
    return JsonResponse(board_parts(request, delivery_run, shown))


@require_GET
@role_required(Role.DISPATCHER)
def stop(request: UserRequest, run_no: str, pk: int, stop_key: str) -> HttpResponse:
    """Why a stop is where it is, where else it could go, and its lock."""
    delivery_run, draft = _draft(run_no, pk)
    shown = board_view(draft, _verdict(draft))
    found = shown.stop(stop_key)
    if found is None:
        raise Http404(_("There is no such stop on this plan."))
    context = {
        **page_context(delivery_run, shown),
        "stop": found,
        "why": stop_why(shown, stop_key),
    }
    is_part = "part" in request.GET
    template = "fulfillment/board/_stop_panel.html" if is_part else "fulfillment/board/stop.html"
    return render(request, template, context)


@require_POST
@role_required(Role.DISPATCHER)
def move(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Take a stop to another place, or off its trip."""
    form = MoveForm(request.POST)

    def change() -> Verdict:
        return board_move(
            draft_id=pk,
            step=form.cleaned_data["step"],
            move=form.move,
            actor=request.user,
            now=timezone.now(),
        )

    return _answer(request, run_no, pk, form, change)


@require_POST
@role_required(Role.DISPATCHER)
def undo(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Take the last change back."""
    form = StepForm(request.POST)
    return _answer(
        request, run_no, pk, form, lambda: board_undo(draft_id=pk, step=form.cleaned_data["step"])
    )


@require_POST
@role_required(Role.DISPATCHER)
def redo(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Make again what was last taken back."""
    form = StepForm(request.POST)
    return _answer(
        request, run_no, pk, form, lambda: board_redo(draft_id=pk, step=form.cleaned_data["step"])
    )


@require_POST
@role_required(Role.DISPATCHER)
def lock(request: UserRequest, run_no: str, pk: int) -> HttpResponse:
    """Lock a stop to its vehicle or its place, or unlock it."""
    form = LockForm(request.POST)

    def change() -> None:
        board_lock(
            draft_id=pk, drop_id=form.cleaned_data["drop_id"], lock=form.cleaned_data["lock"]
        )

    return _answer(request, run_no, pk, form, change)


def _draft(run_no: str, pk: int) -> tuple[DeliveryRun, PlanDraft]:
    delivery_run = get_object_or_404(
        DeliveryRun.objects.select_related("cutoff_run__campaign", "warehouse"), run_no=run_no
    )
    drafts = PlanDraft.objects.select_related("cutoff_run__campaign", "warehouse").exclude(
        state__in=_UNSEARCHED
    )
    draft = get_object_or_404(
        drafts,
        pk=pk,
        cutoff_run=delivery_run.cutoff_run_id,
        warehouse=delivery_run.warehouse_id,
    )
    return delivery_run, draft


def _verdict(draft: PlanDraft) -> Verdict:
    ground = board_ground(draft, travel_provider(draft.warehouse))
    return board_verdict(ground, draft_board(draft), accepted_board(draft))


def _answer(
    request: UserRequest,
    run_no: str,
    pk: int,
    form: StepForm | LockForm,
    change: Callable[[], Verdict | None],
) -> HttpResponse:
    """Make a change and answer with JSON or with the board; a refusal is told on either."""
    delivery_run, draft = _draft(run_no, pk)
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    try:
        if not form.is_valid():
            raise PlanDraftNotPossible(_("This was not a change of a plan."))
        verdict = change()
    except DomainError as error:
        if wants_json:
            raise
        messages.error(request, _(error.message))
        return redirect("plan-board", run_no, pk)
    if not wants_json:
        return redirect("plan-board", run_no, pk)
    before = draft_board(draft)
    draft.refresh_from_db(fields=["state", "duties", "details", "undo_steps", "redo_steps"])
    shown = board_view(draft, verdict or _verdict(draft))
    # A lock may matter to any day; a move only to those it touched.
    touched = None if verdict is None else _touched(before, draft_board(draft))
    return JsonResponse(board_parts(request, delivery_run, shown, touched))


def _touched(before: Board, after: Board) -> Collection[str]:
    codes = before.days.keys() | after.days.keys()
    return {code for code in codes if before.days.get(code) != after.days.get(code)}
