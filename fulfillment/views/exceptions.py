"""Exceptions: the list, a new one by hand, and the page where one is decided."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.forms.exceptions import CaseForm, ClaimForm, DecisionForm, StageForm
from fulfillment.http import NightRequest, night_page
from fulfillment.models.exceptions import Bearer, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.selectors.day_close import day_counts
from fulfillment.selectors.exceptions import (
    case_counts,
    cases_by_stage,
    cases_of,
    claim_of,
    may_be_claimed,
    purchase_lines_of,
)
from fulfillment.selectors.handover_refunds import residents_due
from fulfillment.services.exception_entry import case_enter
from fulfillment.services.exceptions import (
    case_decide,
    case_reopen,
    cases_decide_as_proposed,
)
from fulfillment.services.handover_refunds import residents_refund
from fulfillment.services.supplier_claims import supplier_claim_raise
from leaders.errors import DomainError
from leaders.models.accounts import Role
from orders.domain.money import format_yuan


@require_GET
@night_page(Role.BUYER)
def case_list(request: NightRequest) -> HttpResponse:
    """The open exceptions of the night by stage; `?show=all` for the decided ones, too."""
    show_all = request.GET.get("show") == "all"
    address = reverse("exceptions", args=[request.run.campaign.code])
    context = {
        "run": request.run,
        "stages": cases_by_stage(request.run, is_open=not show_all),
        "options": [
            {"label": _("To decide"), "url": address, "is_current": not show_all},
            {"label": _("All"), "url": f"{address}?show=all", "is_current": show_all},
        ],
    }
    return render(request, "fulfillment/night/exceptions/list.html", context)


@require_http_methods(["GET", "POST"])
@night_page()
def case_new(request: NightRequest) -> HttpResponse:
    """Type in what was found; `?stage=`, `?sku=` and `?drop=` fill the form."""
    form = CaseForm(initial=request.GET.dict(), run=request.run)
    if request.method == "POST":
        form = CaseForm(request.POST, request.FILES, run=request.run)
        if form.is_valid():
            try:
                case = case_enter(
                    run_id=request.run.pk,
                    draft=form.draft(),
                    actor=request.user,
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(None, _(error.message))
            else:
                messages.success(request, _("Exception %(number)d is noted.") % {"number": case.pk})
                return _to(request, case.pk)
    status = 422 if form.is_bound else 200
    context = {"run": request.run, "form": form}
    return render(request, "fulfillment/night/exceptions/new.html", context, status=status)


@require_GET
@night_page(Role.BUYER)
def case(request: NightRequest, pk: int) -> HttpResponse:
    """One exception: what was counted, who is proposed, and the decision."""
    found = _case(request, pk)
    context = {
        "run": request.run,
        "case": found,
        "counts": case_counts(found, day_counts(request.run)),
        "form": DecisionForm(initial={"bearer": found.proposed_bearer}),
        "claim": claim_of(found),
        "may_claim": may_be_claimed(found),
        "purchase_lines": purchase_lines_of(found),
        "residents_due": _residents_due(found),
    }
    return render(request, "fulfillment/night/exceptions/case.html", context)


@require_GET
@night_page(Role.BUYER)
def case_photo(request: NightRequest, pk: int) -> FileResponse:
    """The photo of an exception."""
    found = _case(request, pk)
    if not found.photo:
        raise Http404
    response = FileResponse(found.photo.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private"
    return response


@require_POST
@night_page(Role.BUYER)
def decide(request: NightRequest, pk: int) -> HttpResponse:
    """Decide who bears an exception."""
    _case(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say who bears it."))
        return _to(request, pk)
    bearer, note = Bearer(form.cleaned_data["bearer"]), form.cleaned_data["note"]
    return _do(
        request,
        pk,
        lambda: case_decide(
            case_id=pk, bearer=bearer, note=note, actor=request.user, now=timezone.now()
        ),
    )


@require_POST
@night_page(Role.BUYER)
def decide_stage(request: NightRequest) -> HttpResponse:
    """Decide all open exceptions of a stage as the counts propose."""
    form = StageForm(request.POST)
    if form.is_valid():
        try:
            many = cases_decide_as_proposed(
                run_id=request.run.pk,
                stage=Stage(form.cleaned_data["stage"]),
                note=_("As proposed"),
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, _(error.message))
        else:
            messages.success(request, _("%(count)d decided as proposed.") % {"count": many})
    return redirect("exceptions", code=request.run.campaign.code)


@require_POST
@night_page(Role.BUYER)
def reopen(request: NightRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    _case(request, pk)
    return _do(request, pk, lambda: case_reopen(case_id=pk, actor=request.user))


@require_POST
@night_page(Role.BUYER)
def claim(request: NightRequest, pk: int) -> HttpResponse:
    """Ask the supplier for the cost of the pieces."""
    _case(request, pk)
    form = ClaimForm(request.POST)
    line_id = form.cleaned_data["purchase_line"] if form.is_valid() else None
    return _do(
        request,
        pk,
        lambda: supplier_claim_raise(case_id=pk, purchase_line_id=line_id, now=timezone.now()),
    )


@require_POST
@night_page(Role.BUYER)
def refund(request: NightRequest, pk: int) -> HttpResponse:
    """Pay back the residents whom goods that never reached their leader hit."""
    _case(request, pk)
    try:
        paid = residents_refund(case_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(
            request,
            _("%(lines)d order lines, %(pieces)d pieces: %(yuan)s yuan go back.")
            % {"lines": paid.lines, "pieces": paid.pieces, "yuan": format_yuan(paid.fen)},
        )
        if paid.waiting:
            messages.info(
                request,
                _("%(lines)d more wait for finance to sign.") % {"lines": paid.waiting},
            )
    return _to(request, pk)


def _case(request: NightRequest, pk: int) -> ExceptionCase:
    return get_object_or_404(cases_of(request.run), pk=pk)


def _residents_due(case: ExceptionCase) -> int:
    """Pieces that residents can be paid back for, once it is decided who bears them."""
    if case.state != ExceptionCaseState.DECIDED:
        return 0
    return sum(row.qty for row in residents_due(case))


def _do(request: NightRequest, pk: int, do: Callable[[], object]) -> HttpResponse:
    """Do one thing to a case, say why not, and come back to it."""
    try:
        do()
    except DomainError as error:
        messages.error(request, _(error.message))
    return _to(request, pk)


def _to(request: NightRequest, pk: int) -> HttpResponse:
    return redirect("exception", code=request.run.campaign.code, pk=pk)
