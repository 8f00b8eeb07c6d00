"""Key figures, league tables and files for the mail."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
