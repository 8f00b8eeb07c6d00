"""The script library: words to copy and change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leaders.http import LeaderRequest, UserRequest, leader_page, role_required
from leaders.models.accounts import Role
from leaders.models.care import ScriptOccasion
from leaders.selectors.scripts import scripts_by_occasion


@require_GET
@role_required(Role.RECRUITER)
def recruiting_scripts(request: UserRequest) -> HttpResponse:
    """Every script that is shown, by occasion."""
    return render(request, "leaders/scripts/staff.html", {"groups": scripts_by_occasion()})


@require_GET
@leader_page
def leader_scripts(request: LeaderRequest) -> HttpResponse:
    """What a leader says to the group and to residents."""
    groups = scripts_by_occasion(without=ScriptOccasion.RECRUITING)
    return render(request, "leaders/scripts/leader.html", {"groups": groups})
