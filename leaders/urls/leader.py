"""What leaders keep about themselves."""

from django.urls import path

from leaders.views import agreements, invites, payees, profile, scripts

urlpatterns = [
    path("agreement/", agreements.leader_agreement, name="leader-agreement"),
    path("invites/", invites.leader_invites, name="leader-invites"),
    path("payee/", payees.payee, name="leader-payee"),
    path("profile/", profile.profile, name="leader-profile"),
    path("scripts/", scripts.leader_scripts, name="leader-scripts"),
]
