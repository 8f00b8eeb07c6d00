"""What leaders keep about themselves."""

from django.urls import path

from leaders.views import payees, profile

urlpatterns = [
    path("payee/", payees.payee, name="leader-payee"),
    path("profile/", profile.profile, name="leader-profile"),
]
