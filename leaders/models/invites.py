"""Invite codes, and who referred whom: one step, and never a chain that pays.

A referral names two leaders. Nothing leads from it to the referrer's own
referrer, and no figure sums what a referred leader sold.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader


class InviteCode(models.Model):
    """A code good for one application; without an inviter it is the operator's own."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    inviter = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invite_codes",
        verbose_name=_("inviter"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("invite code")
        verbose_name_plural = _("invite codes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.code


class Referral(models.Model):
    """Who brought a leader to us; a leader has one referrer, correctable by staff."""

    referee = models.OneToOneField(
        Leader, on_delete=models.PROTECT, related_name="referral", verbose_name=_("new leader")
    )
    referrer = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="referrals", verbose_name=_("referrer")
    )
    made_at = models.DateTimeField(_("made at"))
    bonus_fen = models.PositiveIntegerField(
        _("bonus (fen)"),
        null=True,
        blank=True,
        help_text=_("Empty: none was earned. A fixed sum, once."),
    )
    bonus_at = models.DateTimeField(_("bonus earned at"), null=True, blank=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(referee=models.F("referrer")),
                name="referral_of_another_leader",
                violation_error_message=_("Nobody refers themselves."),
            ),
            models.CheckConstraint(
                condition=models.Q(bonus_fen__isnull=True, bonus_at__isnull=True)
                | models.Q(bonus_fen__gt=0, bonus_at__isnull=False),
                name="referral_bonus_has_moment",
                violation_error_message=_("A bonus carries the moment it was earned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referee_id} ← {self.referrer_id}"
