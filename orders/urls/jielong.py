"""Group chains: paste, resolve, and the payment link of one entry."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
