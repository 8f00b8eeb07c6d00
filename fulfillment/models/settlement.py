"""Commission (佣金) that leaders earn, held until the after-sales window has closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from orders.models.orders import OrderLine


class CommissionKind(models.TextChoices):
    """What a commission entry is for."""

    SALE = "sale", _("Sale")
    CLAWBACK = "clawback", _("Claw-back")


class CommissionState(models.TextChoices):
    """Where a commission entry stands."""

    HELD = "held", _("Held")
    RELEASED = "released", _("Due for payout")
    PAID = "paid", _("Paid out")


class CommissionEntry(models.Model):
    """Commission on one order line, with the rule it was computed by."""

    leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        related_name="commission_entries",
        verbose_name=_("leader"),
    )
    order_line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="commission_entries",
        verbose_name=_("order line"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=CommissionKind)
    state = models.CharField(
        _("state"), max_length=16, choices=CommissionState, default=CommissionState.HELD
    )
    plan_code = models.CharField(_("commission plan"), max_length=20)
    rate_bp = models.PositiveIntegerField(_("rate (basis points)"))
    base_fen = models.PositiveBigIntegerField(_("base (fen)"))
    amount_fen = models.PositiveBigIntegerField(_("amount (fen)"))
    hold_until = models.DateTimeField(_("held until"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("commission entry")
        verbose_name_plural = _("commission entries")
        ordering = ["order_line", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "kind"],
                name="commission_entry_unique",
                violation_error_message=_("This line already has this entry."),
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__lte=models.F("base_fen")),
                name="commission_entry_within_base",
                violation_error_message=_("Commission never exceeds its base."),
            ),
        ]
        indexes = [
            models.Index(fields=["leader", "state"], name="commission_by_leader_state"),
            models.Index(
                fields=["hold_until"],
                condition=models.Q(state=CommissionState.HELD),
                name="commission_held_by_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.amount_fen}"
