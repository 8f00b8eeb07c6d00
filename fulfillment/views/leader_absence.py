"""Somebody else minds my point for some days; or I leave for good."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.forms.leader_care import MoveForm, SubstituteForm
from fulfillment.selectors.leader_exits import exit_of, open_matters
from fulfillment.selectors.leader_page import matters_in_words
from fulfillment.services.leader_exits import exit_notice, exit_withdraw
from leaders.errors import DomainError
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.pickup_points import substitutions_by_leader, substitutions_of_points
from leaders.services.substitutions import substitution_end, substitution_make


@require_http_methods(["GET", "POST"])
@leader_page
def absence(request: LeaderRequest) -> HttpResponse:
    """Who minds my points when, and a form for the next holiday."""
    form = SubstituteForm(request.POST or None, leader=request.leader)
    if request.method == "POST" and form.is_valid():
        try:
            substitution_make(
                point=form.cleaned_data["point"],
                substitute=form.cleaned_data["substitute"],
                days=form.days,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Done. The substitute sees the point on those days."))
            return redirect("leader-absence")
    context = {
        "form": form,
        "today": timezone.localdate(),
        "mine": substitutions_of_points(request.leader),
        "for_others": substitutions_by_leader(request.leader),
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/leader/absence.html", context, status=status)


@require_POST
@leader_page
def end(request: LeaderRequest, pk: int) -> HttpResponse:
    """I am back early."""
    row = get_object_or_404(substitutions_of_points(request.leader), pk=pk)
    try:
        substitution_end(substitution_id=row.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("leader-absence")


@require_http_methods(["GET", "POST"])
@leader_page
def leaving(request: LeaderRequest) -> HttpResponse:
    """What is open between us, and my notice."""
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            exit_notice(
                leader=request.leader,
                is_by_operator=False,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("leader-leaving")
    context = {
        "form": form,
        "leaving": exit_of(request.leader),
        "matters": matters_in_words(open_matters(request.leader)),
    }
    status = 422 if form.errors else 200
    return render(request, "fulfillment/leader/leaving.html", context, status=status)


@require_POST
@leader_page
def withdraw(request: LeaderRequest) -> HttpResponse:
    """I stay after all; the operator's own notice is the operator's to withdraw."""
    notice = exit_of(request.leader)
    if notice is None or notice.is_by_operator:
        messages.error(request, _("There is no notice of yours."))
        return redirect("leader-leaving")
    try:
        exit_withdraw(leader=request.leader, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("leader-leaving")
