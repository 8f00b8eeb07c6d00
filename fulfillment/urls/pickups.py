"""Handing out: who fetched what, and what nobody fetched."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
