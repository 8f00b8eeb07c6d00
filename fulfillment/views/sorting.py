"""The supervisor's board, and the ways from a scanned code to a card or a slot."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fulfillment.http import NightRequest, night_page
from fulfillment.models.warehouse import Wave
from fulfillment.selectors.sort_board import Board, CardStatus, sort_board
from fulfillment.selectors.sort_places import place_of_code
from leaders.models.accounts import Role


def status_label(status: CardStatus) -> str:
    """A status in the supervisor's words."""
    labels = {
        CardStatus.OPEN: _("Not entered"),
        CardStatus.STARTED: _("Begun"),
        CardStatus.DIFFERENCE: _("Difference"),
        CardStatus.DONE: _("Done"),
    }
    return labels[status]


@require_GET
@night_page(Role.SORTER)
def board(request: NightRequest) -> HttpResponse:
    """The cards of a wave by temperature class; `?show=` and `?wave=` choose.

    The page asks for itself again and again and then gets the cards alone.
    """
    waves = list(Wave.objects.filter(run=request.run).order_by("code"))
    wave = next((wave for wave in waves if wave.code == request.GET.get("wave")), None)
    wave = wave or (waves[0] if waves else None)
    context: dict[str, object] = {"run": request.run, "waves": waves, "wave": wave}
    if wave is not None:
        show = request.GET.get("show", "")
        status = CardStatus(show) if show in set(CardStatus) else None
        found = sort_board(request.run, wave, status=status)
        query = {"wave": wave.code} if len(waves) > 1 else {}
        context |= {
            "board": found,
            "options": _options(found, status, query),
            "refresh_query": urlencode({**query, **({"show": show} if status else {})}),
        }
    template = "_board.html" if request.htmx else "board.html"
    return render(request, f"fulfillment/night/sorting/{template}", context)


@require_GET
@night_page(Role.SORTER)
def find(request: NightRequest) -> HttpResponse:
    """Go to the card or slot whose code was scanned or typed."""
    text = request.GET.get("code", "")
    place = place_of_code(request.run, text)
    if place is None:
        messages.error(
            request,
            _("%(code)s is no card, no goods and no slot of this night.") % {"code": text},
        )
        return redirect("sort-board", code=request.run.campaign.code)
    return redirect(place.view, code=request.run.campaign.code, pk=place.pk)


def _options(
    board: Board, status: CardStatus | None, query: dict[str, str]
) -> list[dict[str, object]]:
    """The switch between all cards and those of one status, with their numbers."""
    url = reverse("sort-board", kwargs={"code": board.wave.run.campaign.code})
    options = [
        {
            "label": f"{_('All')} {board.total}",
            "url": f"{url}?{urlencode(query)}",
            "is_current": status is None,
        }
    ]
    options += [
        {
            "label": f"{status_label(one)} {board.counts[one]}",
            "url": f"{url}?{urlencode({**query, 'show': one.value})}",
            "is_current": one is status,
        }
        for one in CardStatus
        if board.counts[one]
    ]
    return options
