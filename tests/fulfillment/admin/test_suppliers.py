"""What buyers keep about suppliers: tiers, papers, the shelf."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.models.purchasing import PriceTier, SupplierOffer
from fulfillment.models.supplier_papers import SupplierPaper, SupplierPaperKind
from leaders.models.accounts import Role, User
from tests.factories.fulfillment import SupplierFactory, SupplierOfferFactory
from tests.factories.purchasing import LeftoverMovementFactory, SupplierPaperFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def tiers_posted(client: Client, offer: SupplierOffer, *tiers: tuple[int, str]) -> int:
    rows = {
        f"tiers-{at}-{name}": value
        for at, (from_qty, cost) in enumerate(tiers)
        for name, value in (("from_qty", from_qty), ("cost_fen", cost))
    }
    answer = client.post(
        reverse("admin:fulfillment_supplieroffer_change", args=[offer.pk]),
        {
            "supplier": offer.supplier_id,
            "sku": offer.sku_id,
            "pack_factor": 5,
            "cost_fen": "4.00",
            "min_order_qty": 20,
            "rank": 1,
            "is_active": "on",
            "valid_until": "2026-12-31",
            "tiers-TOTAL_FORMS": len(tiers),
            "tiers-INITIAL_FORMS": 0,
            **rows,
        },
    )
    return answer.status_code


def test_an_offer_keeps_tiers_a_least_order_and_its_last_day(buyer: Client) -> None:
    offer = SupplierOfferFactory.create()

    assert tiers_posted(buyer, offer, (50, "3.60"), (100, "3.30")) == 302

    offer.refresh_from_db()
    assert (offer.min_order_qty, offer.valid_until) == (20, date(2026, 12, 31))
    assert list(offer.tiers.values_list("from_qty", "cost_fen")) == [(50, 360), (100, 330)]


@pytest.mark.parametrize("tiers", [[(50, "4.10")], [(50, "3.30"), (100, "3.60")]])
def test_a_tier_that_is_dearer_than_fewer_pieces_is_refused(
    buyer: Client, tiers: list[tuple[int, str]]
) -> None:
    assert tiers_posted(buyer, SupplierOfferFactory.create(), *tiers) == 200
    assert not PriceTier.objects.exists()


def paper_posted(client: Client, data: bytes) -> int:
    answer = client.post(
        reverse("admin:fulfillment_supplierpaper_add"),
        {
            "supplier": SupplierFactory.create().pk,
            "kind": SupplierPaperKind.FOOD_LICENCE,
            "number": "JY1",
            "expires_on": "2027-01-31",
            "file": SimpleUploadedFile("licence.pdf", data),
        },
    )
    return answer.status_code


def test_a_licence_is_put_on_file_and_handed_out_to_the_staff_only(
    buyer: Client, client: Client
) -> None:
    assert paper_posted(buyer, PDF) == 302

    paper = SupplierPaper.objects.get()
    assert paper.uploaded_by == User.objects.get(role=Role.BUYER)
    file = reverse("admin:fulfillment_supplierpaper_file", args=[paper.pk])
    answer = buyer.get(file)
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    buyer.logout()
    assert client.get(file).status_code == 302


def test_what_is_no_pdf_and_no_photo_is_not_put_on_file(buyer: Client) -> None:
    assert paper_posted(buyer, b"MZ") == 200
    assert not SupplierPaper.objects.exists()


@pytest.mark.parametrize(("span", "expected"), [("0", 2), ("7", 3), ("30", 4), ("", 5)])
def test_papers_are_found_by_when_they_run_out(buyer: Client, span: str, expected: int) -> None:
    for days in (-1, 0, 7, 30, 31):
        SupplierPaperFactory.create(expires_on=timezone.localdate() + timedelta(days=days))

    changes = buyer.get(
        reverse("admin:fulfillment_supplierpaper_changelist"), {"expires": span} if span else {}
    ).context["cl"]

    assert changes.queryset.count() == expected


def take(client: Client, movement: LeftoverMovement, **given: object) -> None:
    address = reverse("admin:fulfillment_leftovermovement_take", args=[movement.pk])
    assert client.post(address, given).status_code == 302


def test_goods_leave_the_shelf_with_a_reason(buyer: Client) -> None:
    kept = LeftoverMovementFactory.create(qty=5)

    take(buyer, kept, kind=LeftoverKind.DISPOSED, qty=2, reason="烂了")

    movement = LeftoverMovement.objects.get(kind=LeftoverKind.DISPOSED)
    assert (movement.qty, movement.reason) == (-2, "烂了")
    assert movement.actor == User.objects.get(role=Role.BUYER)
    page = buyer.get(reverse("admin:fulfillment_leftovermovement_change", args=[kept.pk]))
    assert page.context["taking_form"].initial == {"qty": 3}


@pytest.mark.parametrize(
    "given",
    [
        {"kind": LeftoverKind.DISPOSED, "qty": 6, "reason": "烂了"},
        {"kind": LeftoverKind.DISPOSED, "qty": 1, "reason": ""},
        {"kind": LeftoverKind.USED, "qty": 1, "reason": "卖了"},
    ],
)
def test_a_taking_that_cannot_be_is_refused(buyer: Client, given: dict[str, object]) -> None:
    kept = LeftoverMovementFactory.create(qty=5)

    take(buyer, kept, **given)

    assert LeftoverMovement.objects.get() == kept


def test_an_empty_shelf_offers_nothing_to_take(buyer: Client) -> None:
    kept = LeftoverMovementFactory.create(qty=5)
    take(buyer, kept, kind=LeftoverKind.RETURNED, qty=5, reason="退货")

    page = buyer.get(reverse("admin:fulfillment_leftovermovement_change", args=[kept.pk]))

    assert "taking_form" not in page.context
