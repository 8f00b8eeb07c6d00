"""Invite codes and who referred whom: one step, correctable, and never a share of sales."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from leaders.errors import InvitesUsedUp, ReferralRefused
from leaders.models.accounts import User
from leaders.models.invites import InviteCode, Referral
from leaders.models.leaders import Leader
from leaders.selectors.invites import invites_open
from leaders.selectors.leaders import WORKING_STATES
from leaders.services.audit import audit

# Without letters and digits that are mistaken for one another when read aloud.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


@transaction.atomic
def invite_make(*, inviter: Leader | None, actor: User, now: datetime) -> InviteCode:
    """Make a code that is good for one application; without an inviter it is the operator's.

    Raises `InvitesUsedUp` if the leader has as many unused codes as one may
    have, or does not work.
    """
    if inviter is not None:
        locked = Leader.objects.select_for_update(no_key=True).get(pk=inviter.pk)
        if locked.state not in WORKING_STATES:
            raise InvitesUsedUp(_("This leader does not work at the moment."))
        if invites_open(now).filter(inviter=locked).count() >= settings.INVITES_OPEN_MAX:
            raise InvitesUsedUp(
                _("There are %(most)d unused codes already; pass one on first.")
                % {"most": settings.INVITES_OPEN_MAX}
            )
    invite = InviteCode.objects.create(
        code="".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)),
        inviter=inviter,
        made_by=actor,
        made_at=now,
        expires_at=now + timedelta(days=settings.INVITE_DAYS),
    )
    facts = {"inviter": inviter.code if inviter else ""}
    audit(action="invite.made", about=invite, actor=actor, now=now, facts=facts)
    return invite


@transaction.atomic
def referral_correct(
    *, referee: Leader, referrer: Leader | None, reason: str, actor: User, now: datetime
) -> None:
    """Say who really brought a leader to us; nobody, if nobody did.

    Raises `ReferralRefused` for the leader's own name, for somebody who came
    later, and once a bonus was earned on the referral as it stands.
    """
    Leader.objects.select_for_update(no_key=True).get(pk=referee.pk)
    known = Referral.objects.select_related("referrer").filter(referee=referee).first()
    if known and known.bonus_at is not None:
        raise ReferralRefused(_("A bonus was earned on this referral; it stays."))
    if referrer is not None and referrer.pk == referee.pk:
        raise ReferralRefused(_("Nobody refers themselves."))
    if referrer is not None and referrer.joined_at > referee.joined_at:
        raise ReferralRefused(_("This leader came later than the one they are said to refer."))
    before = known.referrer.code if known else ""
    if referrer is None:
        Referral.objects.filter(referee=referee).delete()
    else:
        Referral.objects.update_or_create(
            referee=referee,
            defaults={"referrer": referrer},
            create_defaults={"referrer": referrer, "made_at": now},
        )
    audit(
        action="referral.corrected",
        about=referee,
        actor=actor,
        now=now,
        facts={"from": before, "to": referrer.code if referrer else ""},
        reason=reason,
    )
