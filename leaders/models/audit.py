"""What people did that somebody may ask about later; rows are only ever added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.access import Elevation


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
    elevation = models.ForeignKey(
        Elevation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deeds",
        db_index=False,  # most deeds need no borrowed rights: see `audit_by_elevation`
        verbose_name=_("under borrowed rights"),
    )
    request_id = models.CharField(
        _("request"), max_length=40, blank=True, db_default="", help_text=_("The same in the logs.")
    )

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_by_actor"),
            models.Index(fields=["object_type", "-at", "-id"], name="audit_by_kind"),
            models.Index(
                fields=["elevation"],
                condition=models.Q(elevation__isnull=False),
                name="audit_by_elevation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_id}"


class AuditSeal(models.Model):
    """A digest over a block of audit events and the seal before it.

    Whoever changes an event past the database's own refusal breaks every seal
    from its block on. Blocks and not single rows are chained, so that people
    who work at the same time do not wait for one another.
    """

    first_id = models.PositiveBigIntegerField(_("from event"), unique=True)
    last_id = models.PositiveBigIntegerField(_("until event"), unique=True)
    events = models.PositiveIntegerField(_("events"))
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["last_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_id__lte=models.F("last_id")),
                name="audit_seal_in_order",
                violation_error_message=_("A block begins before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"
