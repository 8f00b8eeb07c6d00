"""What an applicant is told about the next step, in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leaders.models.applications import ApplicationState, LeaderApplication
from leaders.selectors.applications import Onboarding

_NEXT: Mapping[str, Promise] = {
    ApplicationState.LEAD: _("We have noted your interest. Please fill in the application."),
    ApplicationState.CONTACTED: _("We have talked. Please fill in the application."),
    ApplicationState.APPLIED: _(
        "We look at your photos and call you within three working days. There is nothing to pay."
    ),
    ApplicationState.DOCUMENTS: _(
        "Your photos are in order. We call you for a time to come and see the place."
    ),
    ApplicationState.SITE: _("The place is fine. We confirm your application now."),
    ApplicationState.TRAINED: _("Everything is done. We set up your pickup point and your log-in."),
    ApplicationState.APPROVED: _(
        "Welcome! Your recruiter gives you a link to choose a password; it works once. "
        "Afterwards you log in with your log-in name."
    ),
    ApplicationState.REJECTED: _(
        "We cannot accept this application. You may call us and ask why, and apply again."
    ),
}


def next_step(application: LeaderApplication, onboarding: Onboarding) -> Promise:
    """What the applicant does or waits for."""
    state = application.state
    if state == ApplicationState.APPLIED and onboarding.missing_kinds:
        return _("Please add the photos that are still missing, then we look at them.")
    if state == ApplicationState.SITE and not onboarding.is_trained:
        return _("The place is fine. Please sign the agreement, pass the quiz and finish the list.")
    return _NEXT[state]
