"""The catalogue as spreadsheets: products, SKUs, and what people call them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader
from orders.admin.sheets import (
    ChoiceCells,
    Column,
    RowCells,
    SheetResource,
    text,
    truth,
    whole,
)
from orders.models.catalogue import Category, Product, Sku, SkuKind, Storage
from orders.models.jielong import SkuAlias


def sku_cells() -> RowCells:
    """A SKU by its code."""
    return RowCells(lambda: Sku.objects.all(), lambda sku: sku.code)


class ProductSheet(SheetResource):
    """Products by category and name; a category has to be there."""

    category = Column(
        "category",
        _("category"),
        RowCells(lambda: Category.objects.all(), lambda category: category.name),
    )
    name = Column("name", _("name"), text())
    origin = Column("origin", _("origin"), text())

    class Meta:
        model = Product
        fields = ("category", "name", "origin")
        import_id_fields = ("category", "name")

    def get_queryset(self) -> QuerySet[Product]:
        """Fetch the categories in the same query."""
        return Product.objects.select_related("category").order_by("category__name", "name")


class SkuSheet(SheetResource):
    """SKUs by code; prices and costs have their own tables and come in by no sheet."""

    code = Column("code", _("code"), text())
    product = Column(
        "product",
        _("product"),
        RowCells(
            lambda: Product.objects.select_related("category"),
            lambda product: f"{product.category.name}/{product.name}",
        ),
    )
    name = Column("name", _("name and spec"), text())
    unit = Column("unit", _("unit"), text())
    kind = Column("kind", _("kind"), ChoiceCells(SkuKind))
    storage = Column("storage", _("storage"), ChoiceCells(Storage))
    weight_g = Column("weight_g", _("weight (g)"), whole())
    volume_ml = Column("volume_ml", _("volume (ml)"), whole())
    tolerance_bp = Column("tolerance_bp", _("weight tolerance (basis points)"), whole(empty=0))
    bin_code = Column("bin_code", _("bin"), text())
    is_active = Column("is_active", _("on sale"), truth())

    class Meta:
        model = Sku
        fields = (
            "code",
            "product",
            "name",
            "unit",
            "kind",
            "storage",
            "weight_g",
            "volume_ml",
            "tolerance_bp",
            "bin_code",
            "is_active",
        )
        import_id_fields = ("code",)

    def get_queryset(self) -> QuerySet[Sku]:
        """Fetch products and categories in the same query."""
        return Sku.objects.select_related("product__category").order_by("code")


class SkuAliasSheet(SheetResource):
    """Words for SKUs; without a leader everybody calls it so."""

    alias = Column("alias", _("alias"), text())
    leader = Column(
        "leader",
        _("leader"),
        RowCells(lambda: Leader.objects.all(), lambda leader: leader.code, is_needed=False),
    )
    sku = Column("sku", _("SKU"), sku_cells())

    class Meta:
        model = SkuAlias
        fields = ("alias", "leader", "sku")
        import_id_fields = ("alias", "leader")

    def get_queryset(self) -> QuerySet[SkuAlias]:
        """Fetch SKUs and leaders in the same query."""
        return SkuAlias.objects.select_related("sku", "leader").order_by("alias", "leader__code")
