"""What leaders post in their groups, so that restraint can be kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign


class PostKind(models.TextChoices):
    """What a post says."""

    OPENING = "opening", _("Opening post")
    LAST_CALL = "last_call", _("Last call")
    WAR_REPORT = "war_report", _("War report")
    ARRIVAL = "arrival", _("Arrival notice")
    GOODS = "goods", _("Goods")
    WIN_BACK = "win_back", _("Win-back")


class Post(models.Model):
    """A leader took a text or picture to post; rows are only ever added."""

    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="posts", verbose_name=_("leader")
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("campaign"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PostKind)
    posted_at = models.DateTimeField(_("posted at"))

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["leader", "posted_at"], name="post_by_leader")]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.kind}"
