"""Log-in, log-out and the way home."""

from django.urls import path

from leaders.views import accounts

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login/", accounts.log_in, name="login"),
    path("login/new/<str:uidb64>/<str:token>/", accounts.login_set, name="login-set"),
    path("logout/", accounts.log_out, name="logout"),
]
