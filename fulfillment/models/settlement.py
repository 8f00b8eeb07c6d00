"""Commission (佣金) that leaders earn, and the weekly statements it is settled in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leaders.models.invites import Referral
from leaders.models.leaders import Leader
from orders.models.orders import OrderLine


class SettlementState(models.TextChoices):
    """Where a settlement statement stands."""

    ISSUED = "issued", _("Issued")
    CARRIED = "carried", _("Carried over")
    PAYING = "paying", _("Being paid")
    PAID = "paid", _("Paid out")


class SettlementStatement(models.Model):
    """What a leader is owed for a period, entry by entry; figures never change.

    What is below the least payout, or below nothing, is carried into the next.
    """

    statement_no = models.CharField(_("statement no."), max_length=40, unique=True)
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="statements", verbose_name=_("leader")
    )
    period_from = models.DateField(_("from"))
    period_until = models.DateField(_("until"))
    state = models.CharField(
        _("state"), max_length=16, choices=SettlementState, default=SettlementState.ISSUED
    )
    earned_fen = models.PositiveBigIntegerField(_("earned (fen)"))
    deducted_fen = models.PositiveBigIntegerField(_("deducted (fen)"))
    carried_fen = models.BigIntegerField(_("carried over (fen)"), default=0)
    tax_fen = models.PositiveBigIntegerField(_("tax withheld (fen)"), default=0)
    net_fen = models.BigIntegerField(_("net (fen)"))
    issued_at = models.DateTimeField(_("issued at"))
    carried_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_from",
        verbose_name=_("carried into"),
    )

    class Meta:
        verbose_name = _("settlement statement")
        verbose_name_plural = _("settlement statements")
        ordering = ["-period_until", "leader"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "period_until"],
                name="settlement_once_per_period",
                violation_error_message=_("This period is settled already."),
            ),
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_until")),
                name="settlement_period_in_order",
                violation_error_message=_("The first day lies after the last."),
            ),
            models.CheckConstraint(
                condition=Q(
                    net_fen=F("earned_fen") - F("deducted_fen") + F("carried_fen") - F("tax_fen")
                ),
                name="settlement_adds_up",
                violation_error_message=_("The statement does not add up."),
            ),
            models.CheckConstraint(
                condition=Q(carried_into__isnull=True) | Q(state=SettlementState.CARRIED),
                name="settlement_carried_into_when_carried",
                violation_error_message=_("Only a carried statement goes into another."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement_no


class CommissionKind(models.TextChoices):
    """What a commission entry is for."""

    SALE = "sale", pgettext_lazy("commission", "Sale")
    RESELL = "resell", _("Sold for another leader")
    CLAWBACK = "clawback", _("Claw-back")
    LOSS = "loss", _("Loss borne")
    BONUS = "bonus", _("Referral bonus")


# What lowers a payout; the rest raises it.
DEDUCTIONS = (CommissionKind.CLAWBACK, CommissionKind.LOSS)


class CommissionState(models.TextChoices):
    """Where a commission entry stands."""

    HELD = "held", _("Held")
    RELEASED = "released", _("Due for payout")
    SETTLED = "settled", _("In a statement")
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
        null=True,
        blank=True,
        related_name="commission_entries",
        verbose_name=_("order line"),
    )
    referral = models.OneToOneField(
        Referral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_entry",
        verbose_name=_("referral"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=CommissionKind)
    state = models.CharField(
        _("state"), max_length=16, choices=CommissionState, default=CommissionState.HELD
    )
    cause = models.CharField(
        _("because of"),
        max_length=60,
        blank=True,
        help_text=_("The refund behind a claw-back or a loss; each refund has its own."),
    )
    statement = models.ForeignKey(
        SettlementStatement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("settlement statement"),
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
        ordering = ["order_line", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "leader", "kind", "cause"],
                name="commission_entry_once_per_cause",
                violation_error_message=_("This line already has this entry."),
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=DEDUCTIONS) & ~Q(cause=""))
                | (~Q(kind__in=DEDUCTIONS) & Q(cause="")),
                name="commission_entry_deduction_has_cause",
                violation_error_message=_("A deduction names the refund behind it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=CommissionKind.BONUS, order_line__isnull=True, referral__isnull=False
                )
                | (
                    ~Q(kind=CommissionKind.BONUS)
                    & Q(order_line__isnull=False, referral__isnull=True)
                ),
                name="commission_entry_of_a_line_or_a_referral",
                violation_error_message=_("An entry is of an order line, a bonus of a referral."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[CommissionState.HELD, CommissionState.RELEASED],
                    statement__isnull=True,
                )
                | Q(
                    state__in=[CommissionState.SETTLED, CommissionState.PAID],
                    statement__isnull=False,
                ),
                name="commission_entry_settled_in_a_statement",
                violation_error_message=_("A settled entry stands in a statement."),
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__lte=F("base_fen")),
                name="commission_entry_within_base",
                violation_error_message=_("Commission never exceeds its base."),
            ),
        ]
        indexes = [
            models.Index(fields=["leader", "state"], name="commission_by_leader_state"),
            models.Index(
                fields=["hold_until"],
                condition=Q(state=CommissionState.HELD),
                name="commission_held_by_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.amount_fen}"
