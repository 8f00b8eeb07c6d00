"""The addresses of version 1 of the API, mounted at `/api/v1/`."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orders.api import profile, sessions

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", template_name="orders/api_docs.html"
        ),
        name="api-docs",
    ),
    path("login-codes/", sessions.LoginCodes.as_view(), name="api-login-codes"),
    path("sessions/", sessions.Sessions.as_view(), name="api-sessions"),
    path("sessions/current/", sessions.CurrentSession.as_view(), name="api-session"),
    path("me/", profile.Me.as_view(), name="api-me"),
    path("subscriptions/", profile.Subscriptions.as_view(), name="api-subscriptions"),
]
