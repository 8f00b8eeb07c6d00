"""Licences and certificates that suppliers hand in: looked into before they are kept."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction

from fulfillment.errors import SupplierFileRefused
from fulfillment.models.purchasing import PurchaseOrder
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from leaders.errors import PhotoRefused
from leaders.models.accounts import User
from leaders.services.photos import photo_file

BYTES_MAX = 10 * 1024 * 1024
PDF_MAGIC = b"%PDF-"
PDF_END = b"%%EOF"
# Writers may put a few bytes behind the end mark.
PDF_END_WITHIN = 1024
# A supplier who sends more for one order presses the button without end.
PAPERS_PER_ORDER_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What a supplier says about a file: its kind, number, last day, and the goods it is for."""

    kind: SupplierPaperKind
    number: str = ""
    expires_on: date | None = None
    sku_id: int | None = None


def supplier_file(data: bytes) -> "ContentFile[bytes]":
    """Return a file to keep under a name nobody can guess: a PDF as it is, a photo anew.

    Raises `SupplierFileRefused` for more than 10 MiB and for what is neither a
    PDF to its end nor a JPEG, PNG or WebP photo.
    """
    if len(data) > BYTES_MAX:
        raise SupplierFileRefused("The file is larger than 10 MB.")
    if data.startswith(PDF_MAGIC):
        if PDF_END not in data[-PDF_END_WITHIN:]:
            raise SupplierFileRefused("This PDF is not complete.")
        return ContentFile(data, name=f"{secrets.token_urlsafe(16)}.pdf")
    try:
        return photo_file(data)
    except PhotoRefused as error:
        raise SupplierFileRefused("Please send a PDF or a photo.") from error


@transaction.atomic
def supplier_paper_add(
    *,
    purchase_order: PurchaseOrder,
    handed_in: HandedIn,
    data: bytes,
    actor: User | None,
    now: datetime,
) -> SupplierPaper:
    """Keep a paper that came with an order; `actor` is None when the supplier sent it by link.

    Raises `SupplierFileRefused` for a file we cannot read, for goods of
    another order, and after `PAPERS_PER_ORDER_MAX` papers.
    """
    held = PurchaseOrder.objects.select_for_update(of=("self",)).get(pk=purchase_order.pk)
    if held.supplier_papers.count() >= PAPERS_PER_ORDER_MAX:
        raise SupplierFileRefused("There are enough files for this order. Please call the buyer.")
    if handed_in.sku_id and not held.lines.filter(sku_id=handed_in.sku_id).exists():
        raise SupplierFileRefused("These goods are not on this order.")
    return SupplierPaper.objects.create(
        supplier_id=held.supplier_id,
        purchase_order=held,
        sku_id=handed_in.sku_id,
        kind=handed_in.kind,
        number=handed_in.number.strip(),
        expires_on=handed_in.expires_on,
        file=supplier_file(data),
        uploaded_at=now,
        uploaded_by=actor,
    )
