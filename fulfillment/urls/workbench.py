"""The buyers' bench: campaigns, prices, forecast, suppliers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
