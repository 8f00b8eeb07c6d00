"""The driver's phone."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
