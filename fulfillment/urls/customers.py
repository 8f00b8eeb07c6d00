"""The leader's own customers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
