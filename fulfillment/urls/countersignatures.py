"""Deeds that two people stand for."""

from django.urls import path

from fulfillment.views import countersignatures

urlpatterns = [
    path("", countersignatures.desk, name="countersignatures"),
    path("freeze/", countersignatures.freeze, name="countersignature-freeze"),
    path("adjustment/", countersignatures.adjustment, name="countersignature-adjustment"),
    path("<int:pk>/", countersignatures.countersignature, name="countersignature"),
    path("<int:pk>/decide/", countersignatures.decide, name="countersignature-decide"),
    path(
        "<int:pk>/photos/<int:photo_pk>/",
        countersignatures.photo,
        name="countersignature-photo",
    ),
]
