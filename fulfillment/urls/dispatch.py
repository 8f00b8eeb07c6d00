"""The dispatcher's board: drafts of plans, changed by hand and compared."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
