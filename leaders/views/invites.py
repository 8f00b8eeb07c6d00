"""Invite codes: made by staff for anybody, and by leaders for themselves."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leaders.errors import InvitesUsedUp
from leaders.forms.recruiting import InviteForm
from leaders.http import LeaderRequest, UserRequest, leader_page, role_required
from leaders.models.accounts import Role
from leaders.selectors.invites import invites_newest_first, invites_of, invites_open
from leaders.services.referrals import invite_make

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@role_required(Role.RECRUITER)
def recruiting_invites(request: UserRequest) -> HttpResponse:
    """All codes and what became of them, and a form for one more."""
    now = timezone.now()
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite = invite_make(inviter=form.cleaned_data["inviter"], actor=request.user, now=now)
        except InvitesUsedUp as error:
            form.add_error("inviter", error.message)
        else:
            messages.success(request, _("New code: %(code)s") % {"code": invite.code})
            return redirect("recruiting-invites")
    page = Paginator(invites_newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "now": now, "days": settings.INVITE_DAYS}
    status = 422 if form.errors else 200
    return render(request, "leaders/invites/staff.html", context, status=status)


@require_http_methods(["GET", "POST"])
@leader_page
def leader_invites(request: LeaderRequest) -> HttpResponse:
    """My codes: the unused ones to pass on, and who came by the others."""
    now = timezone.now()
    if request.method == "POST":
        try:
            invite_make(inviter=request.leader, actor=request.user, now=now)
        except InvitesUsedUp as error:
            messages.error(request, error.message)
        return redirect("leader-invites")
    own = invites_of(request.leader)
    context = {
        "open": list(own.filter(pk__in=invites_open(now))),
        "used": list(own.filter(application__isnull=False)[:PAGE_SIZE]),
        "most": settings.INVITES_OPEN_MAX,
        "days": settings.INVITE_DAYS,
    }
    return render(request, "leaders/invites/leader.html", context)
