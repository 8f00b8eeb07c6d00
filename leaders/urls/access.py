"""Second factors, borrowed rights, and the helpers of a leader."""

from django.urls import path

from leaders.views import elevations, pickup_helpers, second_factors

urlpatterns = [
    path("access/totp/", second_factors.totp, name="access-totp"),
    path("access/totp/verify/", second_factors.totp_verify, name="access-totp-verify"),
    path("access/elevation/", elevations.elevation, name="access-elevation"),
    path("leader/helpers/", pickup_helpers.leader_helpers, name="leader-helpers"),
]
