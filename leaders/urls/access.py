"""Second factors, borrowed rights, and the helpers of a leader."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
