"""Totes, loading, and what comes back."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
