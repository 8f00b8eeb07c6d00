"""The start of the warehouse's night."""

from django.urls import path

from fulfillment.views import night

urlpatterns = [
    path("warehouse/", night.newest, name="night-newest"),
    path("warehouse/<str:code>/", night.home, name="night"),
]
