"""What people did that somebody may ask about later; rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One deed: who did what to which thing, and why.

    It is written in the transaction of the deed. `facts` holds ids and masked
    values only, so a person can be forgotten without touching the log.
    """

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
        help_text=_("Empty: the platform itself, or somebody without a log-in."),
    )
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("kind of thing"), max_length=40)
    object_id = models.CharField(_("which one"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_id}"
