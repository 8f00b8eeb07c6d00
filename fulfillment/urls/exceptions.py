"""Exceptions, batches and the end of the day."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
