"""Counting what arrives."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
