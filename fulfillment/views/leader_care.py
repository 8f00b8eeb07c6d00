"""The page of one leader for staff, and everything that can be done about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.leader_care import (
    CompleteForm,
    HandOverForm,
    MoveForm,
    NoticeForm,
    PointForm,
    ReferralForm,
    SubstituteForm,
)
from fulfillment.forms.review import TalkForm
from fulfillment.selectors.dormant import QUIET_DAYS, quiet_leaders
from fulfillment.selectors.leader_page import LeaderPage, leader_page
from fulfillment.services.leader_exits import exit_complete, exit_notice, exit_withdraw
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.selectors.pickup_points import substitutions_of_points
from leaders.services.accounts import leader_login_make
from leaders.services.follow_ups import follow_up_add
from leaders.services.leader_states import leader_activate, leader_resume, leader_suspend
from leaders.services.phone_openings import phone_open
from leaders.services.points import point_hand_over, point_open
from leaders.services.referrals import referral_correct
from leaders.services.substitutions import substitution_end, substitution_make

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done about a leader: its form, what it does, what its button says."""

    form: Callable[..., forms.Form]
    do: Callable[[Leader, Any, User, datetime], object]
    button: "_StrOrPromise"
    is_of_leader: bool = False

    def blank(self, leader: Leader, *args: Any) -> forms.Form:
        """A form of this act; those that choose among the leader's points are told whose."""
        extra = {"leader": leader} if self.is_of_leader else {}
        return self.form(*args, **extra)


ACTS: Mapping[str, Act] = {
    "suspend": Act(
        form=MoveForm,
        do=lambda leader, form, actor, now: leader_suspend(
            leader=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Suspend"),
    ),
    "resume": Act(
        form=MoveForm,
        do=lambda leader, form, actor, now: leader_resume(
            leader=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Let them work again"),
    ),
    "activate": Act(
        form=MoveForm,
        do=lambda leader, form, actor, now: leader_activate(
            leader=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("End the trial well"),
    ),
    "talk": Act(
        form=TalkForm,
        do=lambda leader, form, actor, now: follow_up_add(
            about=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Note the talk"),
    ),
    "hand-over": Act(
        form=HandOverForm,
        do=lambda leader, form, actor, now: point_hand_over(
            **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Hand the point over"),
        is_of_leader=True,
    ),
    "point": Act(
        form=PointForm,
        do=lambda leader, form, actor, now: point_open(
            leader=leader, details=form.details, actor=actor, now=now
        ),
        button=gettext_lazy("Add the point"),
    ),
    "substitute": Act(
        form=SubstituteForm,
        do=lambda leader, form, actor, now: substitution_make(
            point=form.cleaned_data["point"],
            substitute=form.cleaned_data["substitute"],
            days=form.days,
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=now,
        ),
        button=gettext_lazy("Set the substitute"),
        is_of_leader=True,
    ),
    "referral": Act(
        form=ReferralForm,
        do=lambda leader, form, actor, now: referral_correct(
            referee=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Correct the referrer"),
    ),
    "notice": Act(
        form=NoticeForm,
        do=lambda leader, form, actor, now: exit_notice(
            leader=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Give notice"),
    ),
    "withdraw": Act(
        form=forms.Form,
        do=lambda leader, form, actor, now: exit_withdraw(leader=leader, actor=actor, now=now),
        button=gettext_lazy("Withdraw the notice"),
    ),
    "complete": Act(
        form=CompleteForm,
        do=lambda leader, form, actor, now: exit_complete(
            leader=leader, **form.cleaned_data, actor=actor, now=now
        ),
        button=gettext_lazy("Complete the exit"),
    ),
}


@require_GET
@role_required(Role.RECRUITER)
def dormant(request: UserRequest) -> HttpResponse:
    """Leaders without an order for 7, 14 or 30 days (`?days=`)."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(choice) for choice in QUIET_DAYS} else QUIET_DAYS[0]
    context = {
        "rows": quiet_leaders(days, timezone.now()),
        "today": timezone.localdate(),
        "options": [
            {
                "label": _("%(days)d days") % {"days": choice},
                "url": f"?days={choice}",
                "is_current": choice == days,
            }
            for choice in QUIET_DAYS
        ],
    }
    return render(request, "fulfillment/recruiting/dormant.html", context)


@require_GET
@role_required(Role.RECRUITER)
def leader(request: UserRequest, code: str) -> HttpResponse:
    """One leader: points, substitutes, sales, referral, notice and history."""
    return _page(request, code)


@require_POST
@role_required(Role.RECRUITER)
def act(request: UserRequest, code: str, name: str) -> HttpResponse:
    """Do one thing about a leader; what is wrong with it is said where it was typed."""
    if name not in ACTS:
        raise Http404
    found = get_object_or_404(Leader, code=code)
    form = ACTS[name].blank(found, request.POST)
    if form.is_valid():
        try:
            ACTS[name].do(found, form, request.user, timezone.now())
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            messages.success(request, _("Done."))
            return redirect("recruiting-leader", code=code)
    return _page(request, code, bound=(name, form))


@require_POST
@role_required(Role.RECRUITER)
def leader_phone(request: UserRequest, code: str) -> HttpResponse:
    """Show the leader's number; that somebody looked at it is noted."""
    found = get_object_or_404(Leader, code=code)
    number = phone_open(about=found, actor=request.user, now=timezone.now())
    return _page(request, code, shown={"number": number})


@require_POST
@role_required(Role.RECRUITER)
def login_link(request: UserRequest, code: str) -> HttpResponse:
    """Make the link by which a leader sets a password, and show it once."""
    found = get_object_or_404(Leader, code=code)
    link = leader_login_make(leader=found, now=timezone.now(), actor=request.user)
    return _page(request, code, shown={"login_link": link})


@require_POST
@role_required(Role.RECRUITER)
def substitution_stop(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """End a substitution at one of the leader's points."""
    found = get_object_or_404(Leader, code=code)
    row = get_object_or_404(substitutions_of_points(found), pk=pk)
    try:
        substitution_end(substitution_id=row.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("recruiting-leader", code=code)


def _page(
    request: UserRequest,
    code: str,
    *,
    bound: tuple[str, forms.Form] | None = None,
    shown: Mapping[str, str] | None = None,
) -> HttpResponse:
    page = leader_page(code, timezone.now())
    if page is None:
        raise Http404
    context = {
        "page": page,
        "today": timezone.localdate(),
        "acts": _acts(page, bound),
        **(shown or {}),
    }
    status = 422 if bound else 200
    return render(request, "fulfillment/recruiting/leader.html", context, status=status)


def _acts(page: LeaderPage, bound: tuple[str, forms.Form] | None) -> dict[str, dict[str, object]]:
    """Every act's form under its name, without dashes for the template."""
    given = dict([bound] if bound else [])
    found = {}
    for name, one in ACTS.items():
        form = given.get(name) or one.blank(page.leader)
        form.auto_id = f"{name}-%s"
        found[name.replace("-", "_")] = {"name": name, "form": form, "button": one.button}
    return found
