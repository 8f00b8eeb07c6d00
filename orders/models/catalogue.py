"""What is sold: categories, products, their SKUs and every price they ever had."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Storage(models.TextChoices):
    """How goods are kept and carried."""

    AMBIENT = "ambient", _("Ambient")
    CHILL = "chill", _("Chilled")
    FROZEN = "frozen", _("Frozen")


class SkuKind(models.TextChoices):
    """Sold in fixed packs, or by actual weight."""

    STANDARD = "standard", _("Standard")
    CATCH_WEIGHT = "catch_weight", _("Catch weight")


class Category(models.Model):
    """A shelf of the catalogue."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Goods as residents know them; a product has one or more SKUs."""

    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=120)
    origin = models.CharField(_("origin"), max_length=60, blank=True)
    photo = models.ImageField(_("photo"), upload_to="products/", blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "name"],
                name="product_unique_in_category",
                violation_error_message=_("This category already has a product of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """A sales unit with its size; weights in grams, volumes in millilitres."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="skus", verbose_name=_("product")
    )
    name = models.CharField(_("name and spec"), max_length=120)
    unit = models.CharField(_("unit"), max_length=10)
    kind = models.CharField(_("kind"), max_length=16, choices=SkuKind, default=SkuKind.STANDARD)
    storage = models.CharField(
        _("storage"), max_length=16, choices=Storage, default=Storage.AMBIENT
    )
    weight_g = models.PositiveIntegerField(_("weight (g)"))
    volume_ml = models.PositiveIntegerField(_("volume (ml)"))
    tolerance_bp = models.PositiveIntegerField(_("weight tolerance (basis points)"), default=0)
    bin_code = models.CharField(
        _("bin"),
        max_length=20,
        blank=True,
        help_text=_("Where it lies in the warehouse; empty for goods that cross the dock."),
    )
    is_active = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight_g__gt=0, volume_ml__gt=0),
                name="sku_has_weight_and_volume",
                violation_error_message=_("Weight and volume must be positive."),
            ),
            models.CheckConstraint(
                condition=models.Q(storage__in=Storage.values, kind__in=SkuKind.values),
                name="sku_storage_and_kind_known",
                violation_error_message=_("Unknown storage class or kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PriceLog(models.Model):
    """One price or cost a SKU had from a moment on; rows are never changed."""

    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="price_logs", verbose_name=_("SKU")
    )
    price_fen = models.PositiveIntegerField(_("price (fen)"))
    cost_fen = models.PositiveIntegerField(
        _("cost (fen)"), null=True, blank=True, help_text=_("Empty: nobody sold it to us.")
    )
    reason = models.CharField(_("reason"), max_length=120)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set by"),
    )
    valid_from = models.DateTimeField(_("valid from"))

    class Meta:
        verbose_name = _("price log entry")
        verbose_name_plural = _("price log")
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["sku", "-valid_from"], name="price_log_by_sku")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.price_fen}"
