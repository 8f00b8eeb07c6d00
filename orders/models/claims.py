"""After-sales claims (售后申请): what a resident says was wrong with a line."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.orders import OrderLine
from orders.models.payments import Refund


class ClaimState(models.TextChoices):
    """Where a claim stands; the moves are in `orders.domain.lifecycle`."""

    FILED = "filed", _("Filed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class ClaimKind(models.TextChoices):
    """What was wrong."""

    SPOILED = "spoiled", _("Spoiled")
    DAMAGED = "damaged", _("Damaged")
    MISSING = "missing", _("Missing")
    WRONG_ITEM = "wrong_item", _("Wrong item")
    LIGHT_WEIGHT = "light_weight", _("Weighs less")
    OTHER = "other", _("Something else")


class LeaderStance(models.TextChoices):
    """What the leader says of a claim; silence agrees."""

    AGREES = "agrees", _("Agrees")
    DISAGREES = "disagrees", _("Disagrees")


class LossBearer(models.TextChoices):
    """Who bears what an approved claim costs."""

    SUPPLIER = "supplier", _("Supplier")
    WAREHOUSE = "warehouse", _("Warehouse")
    DRIVER = "driver", _("Driver")
    LEADER = "leader", _("Leader")
    OPERATOR = "operator", _("Operator")


class Claim(models.Model):
    """One complaint about one line; a line may have several, for different defects."""

    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="claims", verbose_name=_("order line")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ClaimKind)
    state = models.CharField(
        _("state"), max_length=16, choices=ClaimState, default=ClaimState.FILED
    )
    qty = models.PositiveIntegerField(_("quantity"))
    asked_fen = models.PositiveBigIntegerField(_("asked (fen)"))
    defect_bp = models.PositiveSmallIntegerField(
        _("defective share (basis points)"),
        default=10_000,
        help_text=_("How much of the pieces is bad: 1000 is a tenth."),
    )
    weighed_g = models.PositiveIntegerField(_("weighed by the resident (g)"), null=True, blank=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    request_key = models.CharField(_("request key"), max_length=64)
    filed_at = models.DateTimeField(_("filed at"))
    leader_until = models.DateTimeField(
        _("leader may answer until"), null=True, blank=True, help_text=_("Silence agrees.")
    )
    leader_stance = models.CharField(
        _("leader's word"), max_length=16, choices=LeaderStance, blank=True
    )
    leader_note = models.CharField(_("leader's note"), max_length=200, blank=True)
    leader_answered_at = models.DateTimeField(_("leader answered at"), null=True, blank=True)
    reply = models.CharField(
        _("first word to the resident"),
        max_length=200,
        blank=True,
        help_text=_("What the service desk says before it decides."),
    )
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    decide_by = models.DateTimeField(_("decide by"), null=True, blank=True)
    is_automatic = models.BooleanField(_("decided by rule"), default=False)
    bearer = models.CharField(_("borne by"), max_length=16, choices=LossBearer, blank=True)
    bearer_note = models.CharField(_("why they bear it"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_note = models.CharField(_("answer to the resident"), max_length=200, blank=True)
    refund = models.OneToOneField(
        Refund,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claim",
        verbose_name=_("refund"),
    )

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-filed_at", "-pk"]
        indexes = [
            models.Index(
                fields=["decide_by"],
                condition=models.Q(state=ClaimState.FILED),
                name="claim_open_by_decide_by",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(qty__gt=0),
                name="claim_qty_positive",
                violation_error_message=_("The quantity must be positive."),
            ),
            models.UniqueConstraint(
                fields=["order_line", "request_key"],
                name="claim_once_per_request",
                violation_error_message=_("This request has filed a claim already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ClaimState.FILED, decided_at__isnull=True)
                | (~models.Q(state=ClaimState.FILED) & models.Q(decided_at__isnull=False)),
                name="claim_decided_has_moment",
                violation_error_message=_("A decided claim carries the moment."),
            ),
            models.CheckConstraint(
                condition=models.Q(refund__isnull=True) | models.Q(state=ClaimState.APPROVED),
                name="claim_refund_only_when_approved",
                violation_error_message=_("Only an approved claim gives money back."),
            ),
            models.CheckConstraint(
                condition=models.Q(defect_bp__range=(1, 10_000)),
                name="claim_defect_up_to_whole",
                violation_error_message=_("The defective share is above nothing and at most all."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_automatic=False)
                | models.Q(state=ClaimState.APPROVED, decided_by__isnull=True),
                name="claim_never_rejected_by_rule",
                violation_error_message=_("A rule may approve a claim and never rejects one."),
            ),
            models.CheckConstraint(
                condition=models.Q(leader_stance="", leader_answered_at__isnull=True)
                | (~models.Q(leader_stance="") & models.Q(leader_answered_at__isnull=False)),
                name="claim_leader_answer_has_moment",
                violation_error_message=_("The leader's word carries the moment."),
            ),
            models.CheckConstraint(
                condition=models.Q(reply="", replied_at__isnull=True)
                | (~models.Q(reply="") & models.Q(replied_at__isnull=False)),
                name="claim_reply_has_moment",
                violation_error_message=_("A word to the resident carries the moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} {self.kind}"


class ClaimPhoto(models.Model):
    """A photo of a claim, re-encoded and without what the camera wrote into it."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="photos", verbose_name=_("claim")
    )
    photo = models.ImageField(_("photo"), upload_to="claims/")
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    fingerprint = models.BigIntegerField(
        _("fingerprint"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Of what the picture shows; the same photo, cut or saved again, is near."),
    )

    class Meta:
        verbose_name = _("claim photo")
        verbose_name_plural = _("claim photos")
        ordering = ["claim", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "digest"],
                name="claim_photo_once",
                violation_error_message=_("This photo is in the claim already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.pk}"
