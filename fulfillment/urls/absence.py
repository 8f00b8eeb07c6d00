"""A leader's holidays, and leaving."""

from django.urls import path

from fulfillment.views import leader_absence

urlpatterns = [
    path("absence/", leader_absence.absence, name="leader-absence"),
    path("absence/<int:pk>/end/", leader_absence.end, name="leader-substitution-end"),
    path("leaving/", leader_absence.leaving, name="leader-leaving"),
    path("leaving/withdraw/", leader_absence.withdraw, name="leader-leaving-withdraw"),
]
