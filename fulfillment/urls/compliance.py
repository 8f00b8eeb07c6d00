"""The compliance desk: licences, evidence, requests about personal data."""

from django.urls import path

from fulfillment.views import compliance

urlpatterns = [
    path("", compliance.desk, name="compliance"),
]
