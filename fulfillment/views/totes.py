"""Slots and their totes: what is packed, sealed, on the vehicle; lost and found."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.forms.totes import ReasonForm, SealForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.warehouse import Drop, Tote, ToteState
from fulfillment.selectors.dock import DockDrop, dock_drop, dock_floor
from fulfillment.selectors.totes import skus_not_entered
from fulfillment.services.totes import LOST_FROM, SealedDrop, drop_seal, tote_find, tote_lose
from leaders.errors import DomainError
from leaders.models.accounts import Role


@require_GET
@night_page(Role.SORTER, Role.DISPATCHER)
def board(request: NightRequest) -> HttpResponse:
    """Every slot by route: expected, sealed or loaded; `?find=` leads to one slot."""
    wanted = request.GET.get("find", "").strip()
    if wanted:
        slot = Drop.objects.filter(wave__run=request.run, slot_code=wanted).first()
        if slot is not None:
            return redirect("seal-drop", request.run.campaign.code, slot.pk)
        messages.warning(request, _("There is no slot %(slot)s.") % {"slot": wanted})
    floor = dock_floor(request.run)
    context = {"run": request.run, "trips": floor.trips, "unrouted": floor.unrouted}
    return render(request, "fulfillment/night/totes/board.html", context)


@require_http_methods(["GET", "POST"])
@night_page(Role.SORTER)
def seal(request: NightRequest, pk: int) -> HttpResponse:
    """Seal one slot with what was packed, or change it with a reason."""
    found = dock_drop(request.run, pk)
    if found is None:
        raise Http404(_("This slot is of another night."))
    slot, trip = found
    form = SealForm(request.POST or None, initial=_figures(slot))
    if request.method == "POST" and form.is_valid():
        try:
            done = drop_seal(
                drop_id=slot.drop.pk,
                totes=form.packed(),
                event_key=form.cleaned_data["event_id"],
                actor=request.user,
                now=timezone.now(),
                detail=form.detail(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            _tell(request, slot, done)
            return redirect("seal-drop", request.run.campaign.code, slot.drop.pk)
    context = {
        "run": request.run,
        "slot": slot,
        "trip": trip,
        "form": form,
        "not_entered": skus_not_entered(slot.drop),
        "is_signed": trip is not None and trip.check is not None,
        "next_slot": _next_unsealed(request, slot),
        "back_url": reverse("totes", args=[request.run.campaign.code]),
        "back_label": _("Seal totes"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/totes/seal.html", context, status=status)


@require_http_methods(["GET", "POST"])
@night_page()
def tote(request: NightRequest, pk: int) -> HttpResponse:
    """The way of one tote; write it down as lost, or as found, with a reason."""
    row = get_object_or_404(
        Tote.objects.select_related("drop__pickup_point__leader", "drop__wave"),
        pk=pk,
        drop__wave__run=request.run,
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        turn = tote_find if row.state == ToteState.LOST else tote_lose
        try:
            turn(
                tote_id=row.pk,
                reason=form.cleaned_data["reason"],
                event_id=form.cleaned_data["event_id"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Written down."))
            return redirect("tote", request.run.campaign.code, row.pk)
    context = {
        "run": request.run,
        "tote": row,
        "moves": row.events.select_related("trip", "actor").order_by("-pk"),
        "form": form,
        "is_lost": row.state == ToteState.LOST,
        "can_turn": row.state == ToteState.LOST or row.state in LOST_FROM,
        "back_url": reverse("seal-drop", args=[request.run.campaign.code, row.drop_id]),
        "back_label": row.drop.slot_code,
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/totes/tote.html", context, status=status)


def _figures(slot: DockDrop) -> dict[str, object]:
    """What is sealed, or expected, as the figures to begin with."""
    figures: dict[str, object] = {}
    counts = slot.counts
    for storage in ("ambient", "chill", "frozen"):
        figures[storage] = sum(number for of_class, number in counts.items() if of_class == storage)
        plates = [at.tote.plate_no for at in slot.packed if at.tote.storage == storage]
        figures[f"plates_{storage}"] = " ".join(filter(None, plates))
    return figures


def _tell(request: NightRequest, slot: DockDrop, done: SealedDrop) -> None:
    words = {"slot": slot.drop.slot_code, "count": done.totes}
    if not done.is_changed:
        messages.info(request, _("Slot %(slot)s was sealed like this already.") % words)
    else:
        messages.success(request, _("Slot %(slot)s is sealed: %(count)d totes.") % words)


def _next_unsealed(request: NightRequest, slot: DockDrop) -> DockDrop | None:
    """The next slot of the floor that is still being packed, this one's route first."""
    floor = dock_floor(request.run)
    rows = [drop for trip in floor.trips for drop in trip.drops] + list(floor.unrouted)
    here = next((nth for nth, row in enumerate(rows) if row.drop.pk == slot.drop.pk), 0)
    return next((row for row in rows[here + 1 :] + rows[:here] if not row.is_sealed), None)
