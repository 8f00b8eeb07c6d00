"""Totes, loading, and what comes back."""

from django.urls import path

from fulfillment.views import loading, tote_ledger, totes, trip_returns

urlpatterns = [
    path("totes/", totes.board, name="totes"),
    path("totes/<int:pk>/", totes.seal, name="seal-drop"),
    path("totes/tote/<int:pk>/", totes.tote, name="tote"),
    path("loading/", loading.trips, name="loading"),
    path("loading/<int:pk>/", loading.load_trip, name="load-trip"),
    path("loading/<int:pk>/unload/", loading.unload, name="load-unload"),
    path("loading/<int:pk>/stops/<int:stop_pk>/", loading.load_stop, name="load-stop"),
    path("loading/<int:pk>/sign/", loading.sign, name="load-sign"),
    path("loading/<int:pk>/found/", loading.found, name="load-found"),
    path("loading/<int:pk>/papers/", loading.load_papers, name="load-papers"),
    path("loading/<int:pk>/return/", trip_returns.trip_return, name="trip-return"),
    path(
        "loading/<int:pk>/return/<int:stop_pk>/",
        trip_returns.stop_return,
        name="trip-return-stop",
    ),
    path("tote-ledger/", tote_ledger.ledger, name="tote-ledger"),
    path("tote-ledger/<str:holder>/<int:pk>/", tote_ledger.statement, name="tote-statement"),
]
