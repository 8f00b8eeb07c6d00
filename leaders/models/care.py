"""Looking after leaders: scripts, follow-ups, substitutes and the way out."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leaders.models.applications import LeaderApplication
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint


class ScriptOccasion(models.TextChoices):
    """When a script is said."""

    RECRUITING = "recruiting", _("Recruiting")
    FIRST_GROUP = "first_group", _("First days of a group")
    SELLING = "selling", _("Selling")
    SERVICE = "service", _("Service and complaints")
    WIN_BACK = "win_back", _("Winning back")


class Script(models.Model):
    """Words that work, to copy and change (话术)."""

    occasion = models.CharField(_("occasion"), max_length=16, choices=ScriptOccasion)
    title = models.CharField(_("title"), max_length=60)
    body = models.TextField(_("text"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")
        ordering = ["occasion", "rank", "pk"]

    def __str__(self) -> str:
        return self.title


class FollowUp(models.Model):
    """One contact with a leader or an applicant, and when the next is due."""

    leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("leader"),
    )
    application = models.ForeignKey(
        LeaderApplication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("leader application"),
    )
    note = models.CharField(_("note"), max_length=300)
    next_on = models.DateField(_("next contact"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leader__isnull=True, application__isnull=False)
                | Q(leader__isnull=False, application__isnull=True),
                name="follow_up_of_one_party",
                violation_error_message=_("A follow-up is about a leader or an application."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Substitution(models.Model):
    """Another leader minds a pickup point for some days; the point stays its leader's.

    The substitute receives, hands out and answers there; what residents order
    and what is earned on it stays with the leader of the order.
    """

    pickup_point = models.ForeignKey(
        PickupPoint,
        on_delete=models.PROTECT,
        related_name="substitutions",
        verbose_name=_("pickup point"),
    )
    substitute = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="substitutions", verbose_name=_("substitute")
    )
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"))
    ended_on = models.DateField(
        _("ended early"), null=True, blank=True, help_text=_("The first day it no longer holds.")
    )

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_date__lte=F("until_date")),
                name="substitution_begins_before_it_ends",
                violation_error_message=_("The first day lies after the last."),
            ),
        ]
        indexes = [models.Index(fields=["substitute", "until_date"], name="substitution_by_person")]

    def __str__(self) -> str:
        return f"{self.pickup_point_id} {self.from_date}"


class LeaderExitState(models.TextChoices):
    """Where somebody's leaving stands."""

    NOTICED = "noticed", _("Given notice")
    DONE = "done", _("Left")
    WITHDRAWN = "withdrawn", _("Stays after all")


class LeaderExit(models.Model):
    """A leader leaves, after a notice and with nothing left open."""

    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="exits", verbose_name=_("leader")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=LeaderExitState, default=LeaderExitState.NOTICED
    )
    is_by_operator = models.BooleanField(_("by the operator"), default=False)
    reason = models.CharField(_("reason"), max_length=300)
    noticed_at = models.DateTimeField(_("notice given at"))
    noticed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("notice given by"),
    )
    leaves_on = models.DateField(_("leaves on"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("leader exit")
        verbose_name_plural = _("leader exits")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader"],
                condition=Q(state=LeaderExitState.NOTICED),
                name="leader_exit_one_open",
                violation_error_message=_("This leader has given notice already."),
            ),
            models.CheckConstraint(
                condition=Q(state=LeaderExitState.NOTICED, closed_at__isnull=True)
                | (~Q(state=LeaderExitState.NOTICED) & Q(closed_at__isnull=False)),
                name="leader_exit_closed_has_moment",
                violation_error_message=_("A closed exit carries the moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.state}"
