"""Labels on request."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
