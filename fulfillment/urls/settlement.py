"""Statements, payouts and the trace of a fen."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
