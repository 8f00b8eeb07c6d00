"""The recruiter's pages."""

from django.urls import path

from leaders.views import invites, recruiting, scripts

urlpatterns = [
    path("", recruiting.board, name="recruiting"),
    path("new/", recruiting.lead, name="recruiting-lead"),
    path("invites/", invites.recruiting_invites, name="recruiting-invites"),
    path("scripts/", scripts.recruiting_scripts, name="recruiting-scripts"),
]
