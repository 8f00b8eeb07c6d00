"""Messages (消息) to people, written in the transaction of what they tell about.

Nothing in a request talks to a sender. The relay takes a message under a
lease, sends it outside any transaction and notes the end; the key makes sure
that one event tells one person once.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.residents import Resident


class Topic(models.TextChoices):
    """What a message is about; each topic has one template."""

    LOGIN_CODE = "login_code", _("Log-in code")
    ORDER_PAID = "order_paid", _("Order paid")
    PAYMENT_RETURNED = "payment_returned", _("Payment returned")
    SHORTAGE_REFUNDED = "shortage_refunded", _("Shortage refunded")
    ARRIVED = "arrived", _("Goods have arrived")
    CLAIM_DECIDED = "claim_decided", _("Claim decided")
    WEIGHT_REFUNDED = "weight_refunded", _("Short weight refunded")
    PURCHASE_ORDER = "purchase_order", _("Purchase order to confirm")
    PURCHASE_REMINDER = "purchase_reminder", _("Purchase order still to confirm")
    DELIVERY_LATE = "delivery_late", _("Delivery late")
    PICKUP_REMINDER = "pickup_reminder", _("Goods still to be fetched")
    CLAIM_TO_LEADER = "claim_to_leader", _("Claim for the leader to look at")
    LEVEL_NOTICE = "level_notice", _("Change of level announced")
    PAYOUT_TO_CONFIRM = "payout_to_confirm", _("Payout to confirm")
    RECALL = "recall", _("Goods called back")


class OutboxMessage(models.Model):
    """One message to one phone, until it is sent or given up."""

    topic = models.CharField(_("topic"), max_length=24, choices=Topic)
    dedupe_key = models.CharField(_("dedupe key"), max_length=120)
    resident = models.ForeignKey(
        Resident,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("resident"),
    )
    phone = models.CharField(_("phone"), max_length=20)
    facts = models.JSONField(_("facts"), help_text=_("What the template is filled with."))
    available_at = models.DateTimeField(_("available at"))
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease_token = models.UUIDField(_("lease"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "dedupe_key"],
                name="outbox_message_once_per_event",
                violation_error_message=_("This event has been told already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=models.Q(done_at__isnull=True),
                name="outbox_message_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.dedupe_key}"


class SubscriptionQuota(models.Model):
    """How many WeChat subscription messages of a topic a resident still accepts.

    WeChat counts one consent as one message and tells nobody the count.
    """

    resident = models.ForeignKey(
        Resident,
        on_delete=models.PROTECT,
        related_name="subscription_quotas",
        verbose_name=_("resident"),
    )
    topic = models.CharField(_("topic"), max_length=24, choices=Topic)
    remaining = models.PositiveIntegerField(_("remaining"), default=0)

    class Meta:
        verbose_name = _("subscription quota")
        verbose_name_plural = _("subscription quotas")
        ordering = ["resident", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "topic"],
                name="subscription_quota_unique",
                violation_error_message=_("This resident already has this quota."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.topic}: {self.remaining}"
