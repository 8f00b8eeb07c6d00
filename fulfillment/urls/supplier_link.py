"""What a supplier sees without a log-in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
