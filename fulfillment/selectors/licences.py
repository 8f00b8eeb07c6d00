"""Licences that run out, scales to be verified again, and certificates nobody handed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from fulfillment.models.receiving import Batch, GoodsReceiptLine
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from fulfillment.models.weighing import Scale
from fulfillment.selectors.purchase_desk import EXPIRY_STEPS, licences_expiring
from fulfillment.selectors.purchase_review import licences_held
from fulfillment.selectors.purchase_terms import offers_valid
from orders.models.catalogue import Sku
from orders.models.legal import Licence

# Certificates of goods that came so long ago are asked for.
CERTIFICATE_DAYS = 14


class AlertKind(StrEnum):
    """Whose paper runs out."""

    OPERATOR = "operator"
    SUPPLIER = "supplier"
    SCALE = "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceAlert:
    """A paper within 30 days of its end; `days_left` below 0 says it is over.

    `step` is the nearest of 30, 7 and 0 days that is reached.
    """

    kind: AlertKind
    row: Licence | SupplierPaper | Scale
    holder: str
    paper: str
    number: str
    last_day: date
    days_left: int
    step: int

    @property
    def is_over(self) -> bool:
        """Whether the last day is past."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPaper:
    """Goods that were taken in without a certificate their category needs."""

    po_no: str
    campaign_code: str
    supplier: str
    sku: str
    category: str
    batch_no: str
    kind: SupplierPaperKind

    @property
    def paper(self) -> str:
        """The certificate in words."""
        return str(self.kind.label)


def skus_without_licensed_supplier(sku_ids: Collection[int], on: date) -> tuple[Sku, ...]:
    """The SKUs of these that nobody may sell us on a day, by code.

    A supplier may who offers the SKU that day, holds a business or food
    licence, and none of whose licences has run out; of several papers of one
    kind the one that holds longest counts.
    """
    offered = list(offers_valid(on).filter(sku_id__in=sku_ids).values_list("sku_id", "supplier_id"))
    held = licences_held({supplier_id for _sku, supplier_id in offered})
    licensed = {
        sku_id
        for sku_id, supplier_id in offered
        if held[supplier_id] and all(last is None or last >= on for last in held[supplier_id])
    }
    return tuple(Sku.objects.filter(pk__in=set(sku_ids) - licensed).order_by("code"))


def licence_alerts(today: date) -> list[LicenceAlert]:
    """Every licence and verification that runs out within 30 days, the most urgent first."""
    found = [*_operator(today), *_suppliers(today), *_scales(today)]
    return sorted(found, key=lambda alert: (alert.days_left, alert.holder, alert.number))


def papers_missing(today: date) -> list[MissingPaper]:
    """Goods taken in lately without the certificate of their category, the newest first.

    Meat needs its quarantine certificate (`QUARANTINE_CATEGORIES`), farm
    produce a certificate of conformity (`CONFORMITY_CATEGORIES`). The number
    on the batch answers for it, and so does a paper of the purchase order.
    """
    return [
        *_missing(SupplierPaperKind.QUARANTINE, settings.QUARANTINE_CATEGORIES, today),
        *_missing(SupplierPaperKind.CONFORMITY, settings.CONFORMITY_CATEGORIES, today),
    ]


def _operator(today: date) -> list[LicenceAlert]:
    return [
        _alert(
            AlertKind.OPERATOR,
            licence,
            (licence.holder, licence.name, licence.number),
            licence.valid_until,
            today,
        )
        for licence in Licence.objects.filter(valid_until__lte=_horizon(today))
        if licence.valid_until is not None
    ]


def _suppliers(today: date) -> list[LicenceAlert]:
    return [
        _alert(
            AlertKind.SUPPLIER,
            row.paper,
            (str(row.paper.supplier), row.paper.get_kind_display(), row.paper.number),
            row.paper.expires_on,
            today,
        )
        for row in licences_expiring(today)
        if row.paper.expires_on is not None
    ]


def _scales(today: date) -> list[LicenceAlert]:
    due = Scale.objects.filter(is_active=True, verified_until__lte=_horizon(today))
    return [
        _alert(
            AlertKind.SCALE,
            scale,
            (str(scale.warehouse), scale.code, scale.certificate_no),
            scale.verified_until,
            today,
        )
        for scale in due.select_related("warehouse")
    ]


def _alert(
    kind: AlertKind,
    row: Licence | SupplierPaper | Scale,
    words: tuple[str, str, str],
    last_day: date,
    today: date,
) -> LicenceAlert:
    holder, paper, number = words
    days_left = (last_day - today).days
    return LicenceAlert(
        kind=kind,
        row=row,
        holder=holder,
        paper=paper,
        number=number,
        last_day=last_day,
        days_left=days_left,
        step=next(step for step in EXPIRY_STEPS if days_left <= step),
    )


def _horizon(today: date) -> date:
    return today + timedelta(days=max(EXPIRY_STEPS))


def _missing(
    kind: SupplierPaperKind, categories: Collection[str], today: date
) -> list[MissingPaper]:
    handed_in = SupplierPaper.objects.filter(
        Q(sku__isnull=True) | Q(sku=OuterRef("purchase_line__sku")),
        kind=kind,
        purchase_order=OuterRef("purchase_line__purchase_order"),
    )
    numbered = Batch.objects.filter(receipt_line=OuterRef("pk")).exclude(certificate_no="")
    counts = (
        GoodsReceiptLine.objects.standing()
        .filter(
            ~Exists(handed_in),
            ~Exists(numbered),
            purchase_line__sku__product__category__name__in=categories,
            accepted_qty__gt=0,
            counted_at__date__gt=today - timedelta(days=CERTIFICATE_DAYS),
        )
        .select_related(
            "batch",
            "purchase_line__sku__product__category",
            "purchase_line__purchase_order__supplier",
            "purchase_line__purchase_order__run__campaign",
        )
        .order_by("-counted_at", "-pk")
    )
    return [
        MissingPaper(
            po_no=count.purchase_line.purchase_order.po_no,
            campaign_code=count.purchase_line.purchase_order.run.campaign.code,
            supplier=str(count.purchase_line.purchase_order.supplier),
            sku=str(count.purchase_line.sku),
            category=count.purchase_line.sku.product.category.name,
            batch_no=count.batch.batch_no if hasattr(count, "batch") else "",
            kind=kind,
        )
        for count in counts
    ]
