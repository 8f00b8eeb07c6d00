"""What leaders keep about themselves."""

from django.urls import path

from leaders.views import profile

urlpatterns = [
    path("profile/", profile.profile, name="leader-profile"),
]
