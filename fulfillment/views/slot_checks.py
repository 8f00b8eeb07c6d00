"""Check lists typed in: picked goods, and what a second person counted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.forms.sorting import CheckForm, Place
from fulfillment.http import NightRequest, night_page
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.slot_check import SlotLine, SlotPage, slot_page
from fulfillment.services.slot_check import SlotEntry, check_drop_enter
from leaders.errors import DomainError
from leaders.models.accounts import Role
from leaders.selectors.access import has_role

SORTER_KEY, CHECKER_KEY = "sorter_name", "checker_name"


@require_http_methods(["GET", "POST"])
@night_page(Role.RECEIVER, Role.SORTER)
def check_drop(request: NightRequest, pk: int) -> HttpResponse:
    """Show what a slot should hold, and store what was found there."""
    drops = Drop.objects.filter(wave__run=request.run).select_related("pickup_point__leader")
    page = slot_page(get_object_or_404(drops, pk=pk))
    if request.method == "GET":
        names = {key: request.session.get(key, "") for key in (SORTER_KEY, CHECKER_KEY)}
        return _render(request, page, CheckForm(places=_places(page), initial=names))
    form = CheckForm(request.POST, places=_places(page))
    if form.is_valid():
        try:
            _store(request, pk, form)
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("%(slot)s is checked.") % {"slot": page.drop.slot_code})
            may_sort = has_role(request.user, Role.WAREHOUSE, Role.SORTER)
            return redirect("sort-board" if may_sort else "night", code=request.run.campaign.code)
    return _render(request, page, form, status=422)


def _store(request: NightRequest, drop_id: int, form: CheckForm) -> None:
    sorter = form.sorter(request.user, request.headers.get("User-Agent", ""))
    checker_name = form.cleaned_data["checker_name"]
    check_drop_enter(
        drop_id=drop_id,
        entry=SlotEntry(figures=form.differences(), seen=form.seen(), checker_name=checker_name),
        sorter=sorter,
        now=timezone.now(),
    )
    request.session[SORTER_KEY], request.session[CHECKER_KEY] = sorter.name, checker_name


def _places(page: SlotPage) -> list[Place]:
    """The lines that can be typed: what is picked here, and what is entered already."""
    return [
        Place(line.task.pk, line.task.sku.name, _said(line))
        for line in page.lines
        if not line.waits_for_card
    ]


def _said(line: SlotLine) -> int:
    return line.planned_qty if line.is_to_pick else line.lies_there


def _render(
    request: NightRequest, page: SlotPage, form: CheckForm, *, status: int = 200
) -> HttpResponse:
    fields = {row.place.key: row for row in form.rows()}
    context = {
        "run": request.run,
        "page": page,
        "drop": page.drop,
        "form": form,
        "rows": [(line, fields.get(line.task.pk)) for line in page.lines],
    }
    return render(request, "fulfillment/night/sorting/slot.html", context, status=status)
