"""The compliance desk: licences, evidence, requests about personal data."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
