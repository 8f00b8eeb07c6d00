"""Claims: the leader's word and the service desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
