"""Log-in, log-out and the way home."""

from django.urls import path

from leaders.views import accounts

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login/", accounts.log_in, name="login"),
    path("logout/", accounts.log_out, name="logout"),
]
