"""Log-in, the way home, recruitment and what leaders keep about themselves."""

from django.urls import include, path

urlpatterns = [
    path("", include("leaders.urls.accounts")),
    path("", include("leaders.urls.access")),
    path("apply/", include("leaders.urls.apply")),
    path("recruiting/", include("leaders.urls.recruiting")),
    path("leader/", include("leaders.urls.leader")),
]
