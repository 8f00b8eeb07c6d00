"""Looking after leaders: who has gone quiet, and who leaves."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
