"""Sort cards typed in: a block, what is left over, a recount, a move, the method."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms.sorting import (
    BlockForm,
    FiguresForm,
    LeftOverForm,
    MethodForm,
    MoveForm,
    Place,
    PlaceFields,
    SorterForm,
)
from fulfillment.http import NightRequest, night_page
from fulfillment.models.sorting import SortStage
from fulfillment.models.warehouse import SortTask, SortTaskState
from fulfillment.selectors.sort_cards import card_read
from fulfillment.selectors.sort_pages import BlockRow, CardPage, SlotRow, card_page
from fulfillment.services.sort_card import ALL_ROUTES, Sorter
from fulfillment.services.sort_correction import sort_move, sort_recount
from fulfillment.services.sort_entry import left_over_state, sort_block_enter
from fulfillment.services.sorting import sort_method_change
from leaders.errors import DomainError
from leaders.models.accounts import Role

SORTER_KEY = "sorter_name"


@require_http_methods(["GET", "POST"])
@night_page(Role.SORTER)
def card(request: NightRequest, pk: int) -> HttpResponse:
    """Show what is to be entered next of a card, and enter it; `?route=` chooses a block."""
    page = _page(request, pk)
    if request.method == "POST":
        form = BlockForm(request.POST, places=_places_posted(page, request))
        if form.is_valid():
            sorter = _sorter(request, form)
            try:
                task = sort_block_enter(
                    task_id=pk, entry=form.entry(), sorter=sorter, now=timezone.now()
                )
            except DomainError as error:
                form.add_error(None, _(error.message))
                page = _page(request, pk)
            else:
                return _entered(request, task)
        return _render(request, page, form, status=422)
    return _render(request, page, _form(request, page))


@require_POST
@night_page(Role.SORTER)
def left_over(request: NightRequest, pk: int) -> HttpResponse:
    """State what is left over."""
    form = LeftOverForm(request.POST)
    return _done(
        request,
        pk,
        form,
        lambda sorter: left_over_state(
            task_id=pk,
            left_over_qty=form.cleaned_data["left_over_qty"],
            sorter=sorter,
            now=timezone.now(),
        ),
    )


@require_POST
@night_page(Role.SORTER)
def recount(request: NightRequest, pk: int) -> HttpResponse:
    """Set entered slots to what lies there now."""
    form = FiguresForm(request.POST, places=_slots(_page(request, pk)))
    return _done(
        request,
        pk,
        form,
        lambda sorter: sort_recount(
            task_id=pk, figures=form.differences(), sorter=sorter, now=timezone.now()
        ),
    )


@require_POST
@night_page(Role.SORTER)
def move(request: NightRequest, pk: int) -> HttpResponse:
    """Move pieces that lay in the wrong slot."""
    form = MoveForm(request.POST, slots=_slot_choices(_page(request, pk)))
    return _done(
        request,
        pk,
        form,
        lambda sorter: sort_move(
            task_id=pk,
            from_drop_id=form.cleaned_data["from_slot"],
            to_drop_id=form.cleaned_data["to_slot"],
            qty=form.cleaned_data["qty"],
            sorter=sorter,
            now=timezone.now(),
        ),
    )


@require_POST
@night_page()
def method(request: NightRequest, pk: int) -> HttpResponse:
    """Sort the goods the other way."""
    get_object_or_404(SortTask, pk=pk, wave__run=request.run)
    form = MethodForm(request.POST)
    if form.is_valid():
        try:
            sort_method_change(task_id=pk, method=form.cleaned_data["method"])
        except DomainError as error:
            messages.error(request, _(error.message))
        else:
            messages.success(request, _("The method is changed."))
    return redirect("sort-card", code=request.run.campaign.code, pk=pk)


def _done(
    request: NightRequest, pk: int, form: SorterForm, do: Callable[[Sorter], SortTask]
) -> HttpResponse:
    """Do one thing to an entered card and come back to it."""
    get_object_or_404(SortTask, pk=pk, wave__run=request.run)
    if not form.is_valid():
        messages.error(request, _("Nothing was stored: fill in the figures and the name."))
        return redirect("sort-card", code=request.run.campaign.code, pk=pk)
    try:
        task = do(_sorter(request, form))
    except DomainError as error:
        messages.error(request, _(error.message))
        return redirect("sort-card", code=request.run.campaign.code, pk=pk)
    return _entered(request, task)


def _entered(request: NightRequest, task: SortTask) -> HttpResponse:
    """Say how the card stands; back to the board only when nothing is left to do on it."""
    code = request.run.campaign.code
    name = f"{task.sku.code} {task.sku.name}"
    if task.state == SortTaskState.DONE:
        messages.success(request, _("%(name)s is done.") % {"name": name})
        return redirect("sort-board", code=code)
    if task.state == SortTaskState.SHORT:
        messages.warning(request, _("It does not add up: recount the last block."))
    else:
        messages.success(request, _("Stored."))
    return redirect("sort-card", code=code, pk=task.pk)


def _sorter(request: NightRequest, form: SorterForm) -> Sorter:
    """The sorter of a form; the next page knows the name already."""
    sorter = form.sorter(request.user, request.headers.get("User-Agent", ""))
    request.session[SORTER_KEY] = sorter.name
    return sorter


def _page(request: NightRequest, pk: int) -> CardPage:
    task = get_object_or_404(SortTask, pk=pk, wave__run=request.run)
    return card_page(card_read(request.run, task.pk))


def _initial(request: NightRequest) -> dict[str, object]:
    return {"sorter_name": request.session.get(SORTER_KEY, "")}


def _route_asked_for(request: NightRequest, page: CardPage) -> int:
    """The block to show: as asked, else the first that is open, else the whole card."""
    routes = page.card.routes
    asked = request.GET.get("route", "")
    if asked.isdecimal() and int(asked) in routes:
        return int(asked)
    is_whole = page.is_untouched and not page.card.task.wave.is_two_stage
    if is_whole or not page.card.routes_open or len(routes) == 1:
        return ALL_ROUTES
    return page.card.routes_open[0]


def _form(request: NightRequest, page: CardPage) -> FiguresForm:
    """What comes next: the routes, a block, or a recount of what is entered."""
    initial = _initial(request)
    if page.needs_routes:
        initial |= {"stage": SortStage.ROUTE, "route_no": ALL_ROUTES}
        return BlockForm(places=_routes(page), initial=initial)
    route_no = _route_asked_for(request, page)
    if _is_open(page, route_no):
        initial |= {"stage": SortStage.SLOT, "route_no": route_no}
        return BlockForm(places=_open_slots(page, route_no), initial=initial)
    return FiguresForm(places=_slots(page, route_no), initial=initial)


def _is_open(page: CardPage, route_no: int) -> bool:
    return route_no in page.card.routes_open or (
        route_no == ALL_ROUTES and bool(page.card.routes_open)
    )


def _places_posted(page: CardPage, request: NightRequest) -> list[Place]:
    if request.POST.get("stage") == SortStage.ROUTE:
        return _routes(page)
    route_no = request.POST.get("route_no", "")
    return _open_slots(page, int(route_no) if route_no.isdecimal() else ALL_ROUTES)


def _routes(page: CardPage) -> list[Place]:
    return [
        Place(block.route_no, f"R{block.route_no:02d}", block.planned_qty) for block in page.blocks
    ]


def _open_slots(page: CardPage, route_no: int) -> list[Place]:
    """The slots of a block that are to be entered; those of a check list are already."""
    return [
        Place(slot.drop_id, slot.slot, slot.planned_qty)
        for slot in page.slots
        if slot.planned_qty and slot.sown_qty is None and route_no in (ALL_ROUTES, slot.route_no)
    ]


def _slots(page: CardPage, route_no: int = ALL_ROUTES) -> list[Place]:
    """The slots that may be counted again, with what lies there as entered."""
    return [
        Place(slot.drop_id, slot.slot, slot.sown_qty or 0)
        for slot in page.slots
        if (slot.planned_qty or slot.sown_qty) and route_no in (ALL_ROUTES, slot.route_no)
    ]


def _slot_choices(page: CardPage) -> list[tuple[int, str]]:
    return [(place.key, f"{place.label} ({place.qty})") for place in _slots(page)]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one route, in the order of the walk."""

    block: BlockRow | None
    rows: list[tuple[PlaceFields, SlotRow | None]]


def _groups(page: CardPage, form: FiguresForm) -> list[Group]:
    """The fields of a form beside what is known of their slots, route by route."""
    if page.needs_routes:
        return [Group(None, [(row, None) for row in form.rows()])]
    slots = {slot.drop_id: slot for slot in page.slots}
    blocks = {block.route_no: block for block in page.blocks}
    rows: dict[int, list[tuple[PlaceFields, SlotRow | None]]] = {}
    for row in form.rows():
        slot = slots[row.place.key]
        rows.setdefault(slot.route_no, []).append((row, slot))
    return [Group(blocks.get(route_no), of_route) for route_no, of_route in rows.items()]


def _render(
    request: NightRequest, page: CardPage, form: FiguresForm, *, status: int = 200
) -> HttpResponse:
    initial = _initial(request)
    is_block = isinstance(form, BlockForm)
    context = {
        "run": request.run,
        "page": page,
        "task": page.card.task,
        "sku": page.card.task.sku,
        "form": form,
        "is_block": is_block,
        "groups": _groups(page, form),
        "route_no": _route_asked_for(request, page),
        "left_over_form": LeftOverForm(initial=initial, auto_id="left_%s"),
        "move_form": MoveForm(slots=_slot_choices(page), initial=initial),
    }
    return render(request, "fulfillment/night/sorting/card.html", context, status=status)
