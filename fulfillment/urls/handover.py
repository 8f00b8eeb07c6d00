"""The leader receives, and what the warehouse sees of it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
