"""What the supervisor decides about shortages: a rule, a line by hand, a substitute, the end."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms.shortages import FinalForm, OverrideForm, RuleForm, SubstituteForm
from fulfillment.http import NightRequest, night_page
from fulfillment.selectors.shortage_board import shortage_board
from fulfillment.selectors.shortage_lines import sku_line_of
from fulfillment.selectors.substitution import substitute_choices
from fulfillment.services.allocation import allocation_override
from fulfillment.services.shortages import shortage_choose, shortages_finalize
from fulfillment.services.substitution import substitute_give
from leaders.errors import DomainError
from orders.models.catalogue import Sku


@require_POST
@night_page()
def choose_for_wave(request: NightRequest) -> HttpResponse:
    """Choose the rule for every SKU that has none of its own."""
    _choose(request, None)
    return redirect("shortages", request.run.campaign.code)


@require_POST
@night_page()
def choose_for_sku(request: NightRequest, pk: int) -> HttpResponse:
    """Choose the rule for one SKU."""
    sku = get_object_or_404(Sku, pk=pk)
    _choose(request, sku.pk)
    return redirect("shortage-sku", request.run.campaign.code, sku.pk)


@require_http_methods(["GET", "POST"])
@night_page()
def line(request: NightRequest, pk: int) -> HttpResponse:
    """Give one line exactly so many pieces, for a reason."""
    found = sku_line_of(request.run, pk)
    if found is None:
        raise Http404(_("There is no such line tonight."))
    allocation, shown = found
    sku_page = reverse(
        "shortage-sku", args=[request.run.campaign.code, allocation.order_line.sku_id]
    )
    form = OverrideForm(
        request.POST if request.method == "POST" else None,
        initial={"qty": allocation.allocated_qty},
    )
    if request.method == "POST" and form.is_valid():
        try:
            allocation_override(
                allocation_id=allocation.pk,
                qty=form.cleaned_data["qty"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Done. Later runs leave this line alone."))
            return redirect(sku_page)
    context = {
        "run": request.run,
        "sku": allocation.order_line.sku,
        "line": shown,
        "form": form,
        "back_url": sku_page,
        "back_label": allocation.order_line.sku_name,
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/night/shortages/line.html", context, status=status)


@require_POST
@night_page()
def substitute(request: NightRequest, pk: int) -> HttpResponse:
    """Give something else to those who lack a SKU and said that they may be given it."""
    sku = get_object_or_404(Sku, pk=pk)
    form = SubstituteForm(request.POST, choices=substitute_choices(request.run, sku.pk))
    if not form.is_valid():
        messages.error(request, _("Say what is given instead, and why."))
        return redirect("shortage-sku", request.run.campaign.code, sku.pk)
    try:
        record = substitute_give(
            run=request.run,
            short_sku_id=sku.pk,
            substitute_sku_id=form.cleaned_data["substitute"],
            actor=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        text = _("Pieces given: %(count)d.") % {"count": record.gained_qty}
        messages.success(request, text)
    return redirect("shortage-sku", request.run.campaign.code, sku.pk)


@require_http_methods(["GET", "POST"])
@night_page()
def finalize(request: NightRequest) -> HttpResponse:
    """Show what goes back, and let it go; nobody gains any more from here on."""
    form = FinalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shortages_finalize(run=request.run, actor=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Shortages are final. The refunds are on their way."))
            return redirect("shortages", request.run.campaign.code)
    context = {
        "run": request.run,
        "board": shortage_board(request.run),
        "form": form,
        "back_url": reverse("shortages", args=[request.run.campaign.code]),
        "back_label": _("Shortages"),
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/night/shortages/final.html", context, status=status)


def _choose(request: NightRequest, sku_id: int | None) -> None:
    form = RuleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such rule."))
        return
    try:
        shortage_choose(
            run=request.run,
            sku_id=sku_id,
            rule=form.chosen,
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
