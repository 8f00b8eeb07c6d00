"""Which agreement is in force, and who has agreed to it."""

from datetime import datetime

from django.db.models import Q

from leaders.models.agreements import Agreement, AgreementConsent
from leaders.models.leaders import Leader


def agreement_in_force(now: datetime) -> Agreement | None:
    """The newest version published by now."""
    published = Agreement.objects.filter(published_at__lte=now)
    return published.order_by("-published_at", "-pk").first()


def consent_of_leader(leader: Leader, agreement: Agreement) -> AgreementConsent | None:
    """The leader's consent to one version, given as a leader or as the applicant they were."""
    own = Q(leader=leader) | Q(application__leader=leader)
    return AgreementConsent.objects.filter(own, agreement=agreement).first()
