"""What suppliers hand in: licences, certificates of a batch."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.models.purchasing import PurchaseOrder, Supplier
from orders.models.catalogue import Sku


class SupplierPaperKind(models.TextChoices):
    """What a supplier proves."""

    BUSINESS_LICENCE = "business_licence", _("Business licence")
    FOOD_LICENCE = "food_licence", _("Food licence")
    CONFORMITY = "conformity", _("Certificate of conformity")
    QUARANTINE = "quarantine", _("Quarantine certificate")
    OTHER = "other", _("Other")


class SupplierPaper(models.Model):
    """A licence with its last day, or a certificate for the goods of one order."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="papers", verbose_name=_("supplier")
    )
    purchase_order = models.ForeignKey(
        PurchaseOrder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplier_papers",
        verbose_name=_("purchase order"),
    )
    sku = models.ForeignKey(
        Sku,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("SKU"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SupplierPaperKind)
    number = models.CharField(_("number"), max_length=60, blank=True)
    expires_on = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty: no end.")
    )
    file = models.FileField(_("file"), upload_to="supplier_papers/", blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("Empty: the supplier, by link."),
    )

    class Meta:
        verbose_name = _("supplier paper")
        verbose_name_plural = _("supplier papers")
        ordering = ["supplier", "kind", "-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.kind} {self.number}".strip()
