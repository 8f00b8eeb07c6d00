"""Log-in, the way home, recruitment and the leader's profile."""

from django.urls import path

from leaders.views import accounts, profile, recruitment

urlpatterns = [
    path("", accounts.home, name="home"),
    path("login/", accounts.log_in, name="login"),
    path("logout/", accounts.log_out, name="logout"),
    path("apply/", recruitment.apply, name="apply"),
    path("apply/done/", recruitment.apply_done, name="apply-done"),
    path("leader/profile/", profile.profile, name="leader-profile"),
]
