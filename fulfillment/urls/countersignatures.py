"""Deeds that two people stand for."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
