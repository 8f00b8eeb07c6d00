"""Levels, and who sells how much of it all."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
