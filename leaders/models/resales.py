"""Reselling (帮卖): another leader sells for a leader, for a share of the commission."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader


class Resale(models.Model):
    """A leader lets another sell to residents of theirs; one step, never two.

    The goods go to the owner's pickup point, and the owner keeps what the
    commission of a line is above the reseller's share.
    """

    owner = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="resales", verbose_name=_("owner")
    )
    reseller = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="resales_for", verbose_name=_("reseller")
    )
    rate_bp = models.PositiveIntegerField(
        _("reseller's rate (basis points)"), help_text=_("1000 basis points are 10 %.")
    )
    agreed_at = models.DateTimeField(_("agreed at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("resale")
        verbose_name_plural = _("resales")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "reseller"],
                condition=Q(ended_at__isnull=True),
                name="resale_once_at_a_time",
                violation_error_message=_("These two have agreed already."),
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("reseller")),
                name="resale_between_two_leaders",
                violation_error_message=_("Nobody resells for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(rate_bp__range=(1, 3000)),
                name="resale_rate_up_to_30_percent",
                violation_error_message=_("A reseller's rate is above nothing and at most 30 %."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller_id} → {self.owner_id}"
