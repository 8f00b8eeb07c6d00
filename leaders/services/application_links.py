"""The link by which an applicant looks after an application without a log-in.

It is signed with the platform's key and names the application. It holds as
long as the application is open, and for a while after the decision, so that
the answer can be read.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from leaders.errors import ApplicationLinkUnreadable
from leaders.models.applications import LeaderApplication

# Longer than any token of ours; what is longer is not looked at.
TOKEN_LENGTH_MAX = 70
READABLE_AFTER_DECISION = timedelta(days=30)


def application_token(application: LeaderApplication) -> str:
    """Return the token of one application; it is always the same."""
    return _signer().sign(int_to_base36(application.pk))


def application_address(token: str) -> str:
    """Return the whole address that a token opens."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('apply-status', args=[token])}"


def application_of_token(token: str, *, now: datetime) -> LeaderApplication:
    """Return the application that a token names.

    Raises `ApplicationLinkUnreadable` for a token that is not ours, and for
    one of an application that was decided too long ago.
    """
    if len(token) > TOKEN_LENGTH_MAX:
        raise ApplicationLinkUnreadable("This link is not complete.")
    try:
        pk = base36_to_int(_signer().unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise ApplicationLinkUnreadable("This link is not complete.") from error
    application = LeaderApplication.objects.select_related("leader").filter(pk=pk).first()
    if application is None:
        raise ApplicationLinkUnreadable("This link is not complete.")
    decided_at = application.reviewed_at
    if decided_at and now > decided_at + READABLE_AFTER_DECISION:
        raise ApplicationLinkUnreadable("The time of this link is over.")
    return application


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="leaders.application_links")
