"""The driver's phone."""

from django.urls import path

from fulfillment.views import driving

urlpatterns = [
    path("", driving.trips, name="driver-home"),
    path("trips/<int:pk>/", driving.trip, name="driver-trip"),
]
