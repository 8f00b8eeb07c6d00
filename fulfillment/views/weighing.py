"""The weigh station: the next portion, one figure, Enter, the next portion."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.domain.catch_weight import Verdict
from fulfillment.errors import PortionOutsideBand
from fulfillment.forms.weighing import UndoForm, WeighForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.warehouse import SortTask
from fulfillment.models.weighing import Scale
from fulfillment.selectors.weigh_station import (
    Place,
    Station,
    Weighed,
    scales_verified,
    weigh_board,
    weigh_station,
    weigh_tasks_of_run,
)
from fulfillment.services.weighing import portion_undo, portion_weigh
from leaders.errors import DomainError
from leaders.models.accounts import Role

# Where the tare and the scale of a station are remembered.
SESSION_KEY = "weigh_station"
# The rest of a long list is reached when its turn comes.
PLACES_SHOWN = 30
WEIGHED_SHOWN = 12


@require_GET
@night_page(Role.SORTER)
def board(request: NightRequest) -> HttpResponse:
    """The goods that are sold by weight, and how far each is."""
    tasks = weigh_board(request.run)
    context = {
        "run": request.run,
        "tasks": tasks,
        "pieces": sum(task.pieces for task in tasks),
        "weighed": sum(task.weighed for task in tasks),
        "lines_open": sum(task.lines_open for task in tasks),
    }
    return render(request, "fulfillment/night/weighing/board.html", context)


@require_GET
@night_page(Role.SORTER)
def weigh_sku(request: NightRequest, pk: int) -> HttpResponse:
    """The scale of one SKU; `?line=` and `?portion=` ask for another portion than the next."""
    station = weigh_station(_task(request, pk))
    place = station.place(_asked(request))
    form = None
    if place is not None:
        kept = request.session.get(SESSION_KEY, {})
        form = WeighForm.of_place(place, scales=_scales(request), kept=kept)
    return _page(request, station, place, form)


@require_POST
@night_page(Role.SORTER)
def weigh_portion(request: NightRequest, pk: int) -> HttpResponse:
    """Store a portion and go on to the next; what is refused stays on the page."""
    task = _task(request, pk)
    form = WeighForm(request.POST, scales=_scales(request))
    if not form.is_valid():
        return _again(request, task, form, needs_note=bool(request.POST.get("note")))
    try:
        portion_weigh(weighing=form.weighing(), actor=request.user, now=timezone.now())
    except PortionOutsideBand as error:
        form.add_error("note" if form.cleaned_data["note"] else "reading", _(error.message))
        return _again(request, task, form, needs_note=True)
    except DomainError as error:
        form.add_error("reading", _(error.message))
        return _again(request, task, form, needs_note=False)
    request.session[SESSION_KEY] = form.kept()
    return redirect("weigh-sku", code=request.run.campaign.code, pk=pk)


@require_POST
@night_page(Role.SORTER)
def weigh_undo(request: NightRequest, pk: int) -> HttpResponse:
    """Take a portion back, and offer it again."""
    task = _task(request, pk)
    form = UndoForm(request.POST)
    back = reverse("weigh-sku", args=[request.run.campaign.code, task.pk])
    if not form.is_valid():
        messages.error(request, _("That was not understood. Please try again."))
        return redirect(back)
    try:
        undone = portion_undo(
            portion_id=form.cleaned_data["portion"],
            event_id=form.cleaned_data["event"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect(back)
    messages.success(request, _("Portion undone. Weigh it again."))
    return redirect(f"{back}?line={undone.allocation_id}&portion={undone.portion_no}")


def _task(request: NightRequest, pk: int) -> SortTask:
    return get_object_or_404(weigh_tasks_of_run(request.run), pk=pk)


def _scales(request: NightRequest) -> QuerySet[Scale]:
    return scales_verified(request.run, timezone.localdate())


def _asked(request: NightRequest) -> tuple[int, int] | None:
    line, number = request.GET.get("line", ""), request.GET.get("portion", "")
    return (int(line), int(number)) if line.isdecimal() and number.isdecimal() else None


def _again(
    request: NightRequest, task: SortTask, form: WeighForm, *, needs_note: bool
) -> HttpResponse:
    """The page with what was typed and why it was refused."""
    station = weigh_station(task)
    data = form.cleaned_data
    place = station.place((data.get("allocation", 0), data.get("portion", 0)))
    return _page(request, station, place, form, needs_note=needs_note, status=422)


def _page(
    request: NightRequest,
    station: Station,
    place: Place | None,
    form: WeighForm | None,
    *,
    needs_note: bool = False,
    status: int = 200,
) -> HttpResponse:
    if form is not None and needs_note:
        form.ask_for_note()
    others = [other for other in station.missing if place is None or other.key != place.key]
    context = {
        "run": request.run,
        "station": station,
        "sku": station.task.sku,
        "place": place,
        "form": form,
        "needs_note": needs_note,
        "has_scale": _scales(request).exists(),
        "places": others[:PLACES_SHOWN],
        "places_more": max(0, len(others) - PLACES_SHOWN),
        "weighed": [_row(one) for one in station.weighed[:WEIGHED_SHOWN]],
        "unexpected": [_row(one) for one in station.unexpected],
        "back_url": reverse("weighing", args=[request.run.campaign.code]),
        "back_label": _("Weigh"),
    }
    return render(request, "fulfillment/night/weighing/sku.html", context, status=status)


def _row(weighed: Weighed) -> dict[str, object]:
    """A weighed portion with its verdict in words and shape, and an event to undo it by."""
    words = {
        Verdict.UNDER: ("▼", _("too light"), "danger"),
        Verdict.WITHIN: ("✓", _("within the band"), "accent"),
        Verdict.OVER: ("▲", _("too heavy"), "caution"),
    }
    shape, text, tone = words[weighed.verdict]
    return {"one": weighed, "shape": shape, "verdict": text, "tone": tone, "event": uuid4()}
