"""The driver's phone."""

from django.urls import path

from fulfillment.api.driving import trip_events, trip_proofs
from fulfillment.views import driving

urlpatterns = [
    path("", driving.trips, name="driver-home"),
    path("sw.js", driving.worker, name="driver-worker"),
    path("trips/<int:pk>/", driving.trip, name="driver-trip"),
    path("trips/<int:pk>/stops/<int:stop_pk>/", driving.stop, name="driver-stop"),
    path(
        "trips/<int:pk>/stops/<int:stop_pk>/<str:kind>/",
        driving.stop_event,
        name="driver-stop-event",
    ),
    path("api/trips/<int:pk>/events/", trip_events, name="api-trip-events"),
    path("api/trips/<int:pk>/proofs/", trip_proofs, name="api-trip-proofs"),
]
