"""Mounts the routes of the three apps and the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("leaders.urls")),
    path("", include("orders.urls")),
    path("", include("fulfillment.urls")),
]
