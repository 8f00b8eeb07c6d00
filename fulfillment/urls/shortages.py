"""Who goes without: preview, choice, changes by hand."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
