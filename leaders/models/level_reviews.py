"""Changes of level, each with the figures that led to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leaders.models.leaders import Leader
from leaders.models.levels import LeaderLevel


class LevelReviewState(models.TextChoices):
    """Where a change of level stands."""

    NOTICED = "noticed", pgettext_lazy("change of level", "Announced")
    APPLIED = "applied", _("In force")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LevelReview(models.Model):
    """One change of level with the figures behind it; a drop is announced first."""

    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="level_reviews", verbose_name=_("leader")
    )
    from_level = models.ForeignKey(
        LeaderLevel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from level"),
    )
    to_level = models.ForeignKey(
        LeaderLevel, on_delete=models.PROTECT, related_name="+", verbose_name=_("to level")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=LevelReviewState, default=LevelReviewState.NOTICED
    )
    figures = models.JSONField(_("figures of 30 days"))
    noticed_at = models.DateTimeField(_("announced at"))
    effective_on = models.DateField(_("in force from"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("level review")
        verbose_name_plural = _("level reviews")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader"],
                condition=models.Q(state=LevelReviewState.NOTICED),
                name="level_review_one_announced",
                violation_error_message=_("A change of this leader's level is announced already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=LevelReviewState.NOTICED, closed_at__isnull=True)
                | (~models.Q(state=LevelReviewState.NOTICED) & models.Q(closed_at__isnull=False)),
                name="level_review_closed_has_moment",
                violation_error_message=_("A closed review carries the moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.to_level_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is announced and still to come."""
        return self.state == LevelReviewState.NOTICED
