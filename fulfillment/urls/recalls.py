"""Goods that are called back."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
