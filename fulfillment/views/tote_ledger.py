"""Who has how many totes: leaders and drivers, their statements, a count that corrects."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fulfillment.forms.totes import RecountForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.delivery import Vehicle
from fulfillment.selectors.totes import Holder, tote_balances, tote_statement
from fulfillment.services.tote_ledger import Recount, tote_balance_correct
from leaders.errors import DomainError
from leaders.models.accounts import Role
from leaders.models.leaders import Leader

ROWS_PER_PAGE = 50


@require_GET
@night_page(Role.DISPATCHER, Role.BUYER)
def ledger(request: NightRequest) -> HttpResponse:
    """Balances, the most first; `?holder=` chooses leaders or vehicles, `?q=` searches."""
    holder = _holder(request.GET.get("holder", Holder.LEADER))
    query = request.GET.get("q", "").strip()
    rows = tote_balances(holder, query=query)
    base = reverse("tote-ledger", args=[request.run.campaign.code])
    names = {Holder.LEADER: _("Leaders"), Holder.VEHICLE: _("Vehicles")}
    context = {
        "run": request.run,
        "holder": holder.value,
        "query": query,
        "page_query": urlencode({"holder": holder.value, "q": query}),
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "total": sum(row.balance for row in rows),
        "tabs": [
            {"label": names[tab], "url": f"{base}?holder={tab}", "is_current": tab is holder}
            for tab in Holder
        ],
    }
    return render(request, "fulfillment/night/totes/ledger.html", context)


@require_http_methods(["GET", "POST"])
@night_page(Role.DISPATCHER, Role.BUYER)
def statement(request: NightRequest, holder: str, pk: int) -> HttpResponse:
    """One holder's movements; a count with a reason makes the balance what was found."""
    kind = _holder(holder)
    code, name = _who(kind, pk)
    form = RecountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = tote_balance_correct(
                holder=kind,
                holder_id=pk,
                recount=Recount(**form.cleaned_data),
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            said = _("The balance was that already.") if moved is None else _("Written down.")
            messages.success(request, said)
            return redirect("tote-statement", request.run.campaign.code, kind.value, pk)
    movements = tote_statement(kind, pk)
    context = {
        "run": request.run,
        "name": name,
        "holder_code": code,
        "balance": movements[0].balance if movements else 0,
        "movements": movements,
        "form": form,
        "back_url": (
            f"{reverse('tote-ledger', args=[request.run.campaign.code])}?holder={kind.value}"
        ),
        "back_label": _("Tote ledger"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/night/totes/statement.html", context, status=status)


def _holder(text: str) -> Holder:
    try:
        return Holder(text)
    except ValueError as error:
        raise Http404(_("Totes are with a leader or with a vehicle.")) from error


def _who(holder: Holder, pk: int) -> tuple[str, str]:
    """A holder's code and name; 404 for nobody."""
    if holder is Holder.LEADER:
        leader = get_object_or_404(Leader, pk=pk)
        return leader.code, leader.name
    vehicle = get_object_or_404(Vehicle, pk=pk)
    return vehicle.code, vehicle.plate
