"""Sort cards and the supervisor's board."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
