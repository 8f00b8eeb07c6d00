"""Who may sell us what, which licences run out, and which certificates are missing."""

from datetime import UTC, date, datetime

import pytest

from fulfillment.models.supplier_papers import SupplierPaperKind
from fulfillment.selectors.licences import (
    AlertKind,
    licence_alerts,
    papers_missing,
    skus_without_licensed_supplier,
)
from tests.factories.compliance import LicenceFactory
from tests.factories.fulfillment import (
    BatchFactory,
    GoodsReceiptLineFactory,
    SupplierFactory,
    SupplierOfferFactory,
)
from tests.factories.orders import SkuFactory
from tests.factories.purchasing import SupplierPaperFactory
from tests.factories.weighing import ScaleFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


def test_goods_need_a_supplier_none_of_whose_licences_has_run_out() -> None:
    licensed, expired, bare = (SupplierOfferFactory.create() for _ in range(3))
    nobodys = SkuFactory.create()
    SupplierPaperFactory.create(supplier=licensed.supplier, expires_on=TODAY)
    SupplierPaperFactory.create(supplier=expired.supplier)
    SupplierPaperFactory.create(
        supplier=expired.supplier,
        kind=SupplierPaperKind.BUSINESS_LICENCE,
        expires_on=date(2026, 3, 10),
    )
    skus = [licensed.sku, expired.sku, bare.sku, nobodys]

    without = skus_without_licensed_supplier([sku.pk for sku in skus], TODAY)

    assert set(without) == {expired.sku, bare.sku, nobodys}


def test_a_second_supplier_with_a_licence_is_enough() -> None:
    expired = SupplierOfferFactory.create()
    SupplierPaperFactory.create(supplier=expired.supplier, expires_on=date(2026, 3, 1))
    other = SupplierOfferFactory.create(sku=expired.sku)
    SupplierPaperFactory.create(supplier=other.supplier)

    assert skus_without_licensed_supplier([expired.sku_id], TODAY) == ()


def test_licences_and_scales_are_alerted_at_thirty_seven_and_no_days() -> None:
    LicenceFactory.create(holder="青石生鲜", number="A", valid_until=date(2026, 3, 10))
    LicenceFactory.create(number="B", valid_until=date(2026, 4, 11))
    SupplierPaperFactory.create(number="C", expires_on=date(2026, 3, 18))
    ScaleFactory.create(certificate_no="D", verified_until=date(2026, 4, 10))
    ScaleFactory.create(certificate_no="E", verified_until=date(2026, 3, 9), is_active=False)

    alerts = licence_alerts(TODAY)

    assert [(alert.kind, alert.number, alert.days_left, alert.step) for alert in alerts] == [
        (AlertKind.OPERATOR, "A", -1, 0),
        (AlertKind.SUPPLIER, "C", 7, 7),
        (AlertKind.SCALE, "D", 30, 30),
    ]
    assert [alert.is_over for alert in alerts] == [True, False, False]


def test_meat_without_a_quarantine_number_is_shown_until_a_paper_comes() -> None:
    bare, numbered, papered = (
        GoodsReceiptLineFactory.create(
            purchase_line__sku__product__category__name="鲜肉",
            counted_at=datetime(2026, 3, 10, 18, 0, tzinfo=UTC),
        )
        for _ in range(3)
    )
    BatchFactory.create(receipt_line=numbered, certificate_no="Q41-1")
    BatchFactory.create(receipt_line=bare, batch_no="B7", certificate_no="")
    SupplierPaperFactory.create(
        supplier=papered.purchase_line.purchase_order.supplier,
        purchase_order=papered.purchase_line.purchase_order,
        kind=SupplierPaperKind.QUARANTINE,
    )

    missing = papers_missing(TODAY)

    assert [(row.batch_no, row.kind, row.category) for row in missing] == [
        ("B7", SupplierPaperKind.QUARANTINE, "鲜肉")
    ]


def test_suppliers_who_are_gone_are_alerted_of_nothing() -> None:
    SupplierPaperFactory.create(
        supplier=SupplierFactory.create(is_active=False), expires_on=date(2026, 3, 10)
    )

    assert licence_alerts(TODAY) == []
