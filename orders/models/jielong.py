"""Group chains (接龙): pasted texts, what was understood of them, and what came of it.

A chain is an intent. Nothing of it is an order until somebody pays.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from orders.models.campaigns import Campaign, Offer
from orders.models.catalogue import Sku
from orders.models.orders import Order
from orders.models.residents import Resident


class SkuAlias(models.Model):
    """What people call a SKU in chains and other systems; a leader may have own words."""

    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="aliases", verbose_name=_("SKU")
    )
    leader = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sku_aliases",
        verbose_name=_("leader"),
        help_text=_("Empty: everybody calls it so."),
    )
    alias = models.CharField(_("alias"), max_length=120)

    class Meta:
        verbose_name = _("SKU alias")
        verbose_name_plural = _("SKU aliases")
        ordering = ["alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "alias"],
                nulls_distinct=False,
                name="sku_alias_means_one_sku",
                violation_error_message=_("This word means another SKU already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alias} → {self.sku_id}"


class JielongImport(models.Model):
    """One pasted snapshot of a chain; the same text is one import, a later one supersedes."""

    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="jielong_imports", verbose_name=_("leader")
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="jielong_imports",
        verbose_name=_("campaign"),
    )
    snapshot_no = models.PositiveSmallIntegerField(_("snapshot no."))
    raw_text = models.TextField(_("text as pasted"))
    digest = models.CharField(_("digest"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("jielong import")
        verbose_name_plural = _("jielong imports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "campaign", "digest"],
                name="jielong_import_once_per_text",
                violation_error_message=_("This text has been imported already."),
            ),
            models.UniqueConstraint(
                fields=["leader", "campaign", "snapshot_no"],
                name="jielong_import_snapshots_in_order",
                violation_error_message=_("This snapshot number is taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} {self.snapshot_no}"


class JielongEntryState(models.TextChoices):
    """Where an entry stands; the moves are in `orders.domain.lifecycle`."""

    UNCLEAR = "unclear", _("To be resolved")
    READY = "ready", _("Waiting for payment")
    ORDERED = "ordered", _("Ordered")
    DISMISSED = "dismissed", _("Dismissed")
    SUPERSEDED = "superseded", _("Superseded")


class JielongEntry(models.Model):
    """One row of a chain: the words, what they were understood as, and how surely."""

    jielong_import = models.ForeignKey(
        JielongImport,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("jielong import"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    raw = models.TextField(_("text of the row"))
    nickname = models.CharField(_("nickname"), max_length=60, blank=True)
    building = models.CharField(_("building"), max_length=30, blank=True)
    room = models.CharField(_("room"), max_length=30, blank=True)
    operation = models.CharField(_("operation"), max_length=16, blank=True)
    confidence_bp = models.PositiveSmallIntegerField(_("confidence (basis points)"))
    problems = models.JSONField(_("problems"), default=list, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=JielongEntryState, default=JielongEntryState.UNCLEAR
    )
    resident = models.ForeignKey(
        Resident,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jielong_entries",
        verbose_name=_("resident"),
    )
    order = models.OneToOneField(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jielong_entry",
        verbose_name=_("order"),
    )
    token = models.CharField(
        _("payment link"),
        max_length=32,
        blank=True,
        help_text=_("Empty until the entry is clear."),
    )
    note = models.CharField(_("why it was dismissed"), max_length=120, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("jielong entry")
        verbose_name_plural = _("jielong entries")
        ordering = ["jielong_import", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["jielong_import", "position"],
                name="jielong_entry_unique_position",
                violation_error_message=_("This position is taken."),
            ),
            models.UniqueConstraint(
                fields=["token"],
                condition=~Q(token=""),
                name="jielong_entry_one_per_link",
                violation_error_message=_("This payment link is taken."),
            ),
            models.CheckConstraint(
                condition=(Q(state=JielongEntryState.ORDERED) & Q(order__isnull=False))
                | (~Q(state=JielongEntryState.ORDERED) & Q(order__isnull=True)),
                name="jielong_entry_ordered_has_order",
                violation_error_message=_("An entry that was ordered names its order."),
            ),
            models.CheckConstraint(
                condition=~Q(state=JielongEntryState.DISMISSED) | ~Q(note=""),
                name="jielong_entry_dismissed_has_reason",
                violation_error_message=_("Say why the row is dismissed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jielong_import_id}/{self.position}"


class JielongItem(models.Model):
    """Goods of one entry."""

    entry = models.ForeignKey(
        JielongEntry,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name=_("jielong entry"),
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="jielong_items", verbose_name=_("offer")
    )
    qty = models.PositiveIntegerField(_("quantity"))
    raw = models.CharField(_("words"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("jielong item")
        verbose_name_plural = _("jielong items")
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "offer"],
                name="jielong_item_once_per_entry",
                violation_error_message=_("This entry has these goods already."),
            ),
            models.CheckConstraint(
                condition=Q(qty__gt=0),
                name="jielong_item_qty_positive",
                violation_error_message=_("The quantity must be positive."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.offer_id}"
