"""The agreement with leaders: its first text, and leaders who agree to a later one."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from leaders.domain.names import is_same_name
from leaders.errors import ConsentRefused
from leaders.models.accounts import User
from leaders.models.agreements import Agreement, AgreementConsent
from leaders.models.leaders import Leader
from leaders.selectors.agreements import agreement_in_force, consent_of_leader
from leaders.services.audit import audit

DEFAULT_VERSION = "2026-1"


@transaction.atomic
def default_agreement_write(*, now: datetime) -> bool:
    """Publish the default text if there is no agreement yet; return whether it was written.

    The text says what the software does and the law asks for; an operator's
    lawyer reads it before use.
    """
    if Agreement.objects.exists():
        return False
    title, _blank, body = render_to_string("leaders/agreement/default.txt").partition("\n\n")
    _agreement, is_new = Agreement.objects.get_or_create(
        version=DEFAULT_VERSION,
        defaults={"title": title.strip(), "body": body.strip(), "published_at": now},
    )
    return is_new


@transaction.atomic
def leader_consent_give(
    *, leader: Leader, version: str, signed_name: str, actor: User, now: datetime
) -> AgreementConsent:
    """Note that a leader agrees to the version in force; agreeing again changes nothing.

    Raises `ConsentRefused` if another version is in force by now, or the name
    is not the leader's.
    """
    # Two taps wait for one another here.
    Leader.objects.select_for_update(no_key=True).get(pk=leader.pk)
    agreement = agreement_in_force(now)
    if agreement is None or agreement.version != version:
        raise ConsentRefused(_("There is a newer version of the agreement. Please read it first."))
    if not is_same_name(signed_name, leader.name):
        raise ConsentRefused(_("Please type your name as we know it."))
    known = consent_of_leader(leader, agreement)
    if known:
        return known
    consent = AgreementConsent.objects.create(
        agreement=agreement, leader=leader, signed_name=signed_name.strip(), agreed_at=now
    )
    facts = {"version": agreement.version}
    audit(action="leader.agreed", about=leader, actor=actor, now=now, facts=facts)
    return consent
