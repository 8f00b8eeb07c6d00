"""Handing out: who fetched what, and what nobody fetched."""

from django.urls import path

from fulfillment.api.pickups import leader_pickups
from fulfillment.views import pickups, unpicked

urlpatterns = [
    path("leader/pickups/", pickups.pickups, name="leader-pickups"),
    path("leader/pickups/sw.js", pickups.worker, name="leader-pickups-worker"),
    path("leader/pickups/api/reports/", leader_pickups, name="api-leader-pickups"),
    # Not under the pages a phone keeps.
    path("leader/unpicked/", unpicked.unpicked, name="leader-unpicked"),
    path("leader/unpicked/<int:order_id>/", unpicked.dispose, name="leader-dispose"),
]
