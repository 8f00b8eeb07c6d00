"""Second factors, borrowed rights, and the helpers of a leader."""

from django.urls import path

from leaders.views import helpers

urlpatterns = [
    path("leader/helpers/", helpers.leader_helpers, name="leader-helpers"),
]
