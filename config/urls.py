"""Mounts the routes of the three apps and the admin."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from config.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("leaders.urls")),
    path("", include("orders.urls")),
    path("", include("fulfillment.urls")),
]

handler400 = "config.error_responses.bad_request"
handler403 = "config.error_responses.permission_denied"
handler404 = "config.error_responses.page_not_found"
handler500 = "config.error_responses.server_error"
