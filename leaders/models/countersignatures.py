"""Deeds that two people stand for: one asks, another signs, and then it is done."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CountersignatureState(models.TextChoices):
    """Where it stands; the moves are in `leaders.domain.lifecycle`."""

    WAITING = "waiting", pgettext_lazy("countersignature", "Waiting")
    SIGNED = "signed", pgettext_lazy("countersignature", "Signed")
    REFUSED = "refused", pgettext_lazy("countersignature", "Refused")
    LAPSED = "lapsed", pgettext_lazy("countersignature", "Lapsed")


class Countersignature(models.Model):
    """One deed that waits for a second person; `facts` says all of it in plain values."""

    deed = models.CharField(_("deed"), max_length=40)
    object_type = models.CharField(_("kind of thing"), max_length=40)
    object_id = models.CharField(_("which one"), max_length=60)
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=CountersignatureState,
        default=CountersignatureState.WAITING,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    lapses_at = models.DateTimeField(_("lapses at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.CharField(_("decision"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("countersignature")
        verbose_name_plural = _("countersignatures")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CountersignatureState.values),
                name="countersignature_state_known",
                violation_error_message=_("Unknown state."),
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="countersignature_by_another_person",
                violation_error_message=_("Another person signs than the one who asked."),
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=[CountersignatureState.SIGNED, CountersignatureState.REFUSED]
                )
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="countersignature_decided_by_somebody",
                violation_error_message=_("A decision names who made it and when."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="countersignature_has_reason",
                violation_error_message=_("Say why."),
            ),
            models.UniqueConstraint(
                fields=["deed", "object_type", "object_id"],
                condition=models.Q(state="waiting"),
                name="countersignature_one_waiting_per_thing",
                violation_error_message=_("This already waits for a second person."),
            ),
        ]
        indexes = [models.Index(fields=["state", "lapses_at"], name="countersignature_by_state")]

    def __str__(self) -> str:
        return f"{self.deed} {self.object_type}:{self.object_id}"
