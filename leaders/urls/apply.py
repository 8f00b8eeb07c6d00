"""Becoming a leader, without a log-in."""

from django.urls import path

from leaders.views import recruitment

urlpatterns = [
    path("", recruitment.apply, name="apply"),
    path("done/", recruitment.apply_done, name="apply-done"),
]
