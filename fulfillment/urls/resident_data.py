"""The resident's own page about their data, under /me/data/."""

from django.urls import path

from fulfillment.views import resident_data

urlpatterns = [
    path("", resident_data.data, name="resident-data"),
    path("phone/", resident_data.phone, name="resident-data-phone"),
]
