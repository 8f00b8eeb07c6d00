"""Rules and licences in the admin."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from orders.models.catalogue import Product
from orders.models.legal import Licence, RuleKind, RulePage
from tests.factories.orders import ProductFactory
from tests.orders.photos import photo

pytestmark = pytest.mark.django_db


def page_form(days: float) -> dict[str, str]:
    moment = timezone.localtime(timezone.now() + timedelta(days=days))
    return {
        "kind": "terms",
        "version": "2",
        "body": "一、总则\n\n新的规则",
        "published_at_0": f"{moment:%Y-%m-%d}",
        "published_at_1": f"{moment:%H:%M:%S}",
    }


def test_a_new_version_is_published(buyer: Client) -> None:
    response = buyer.post("/admin/orders/rulepage/add/", page_form(0))

    assert response.status_code == 302
    assert RulePage.objects.get().version == "2"


def test_nothing_comes_into_force_in_the_past(buyer: Client) -> None:
    assert buyer.post("/admin/orders/rulepage/add/", page_form(-1)).status_code == 200
    assert not RulePage.objects.exists()


def test_a_published_version_is_fixed_and_a_coming_one_is_not(buyer: Client) -> None:
    now = timezone.now()
    pages = [
        RulePage.objects.create(
            kind=RuleKind.TERMS, version=version, body="x", published_at=now + timedelta(days=days)
        )
        for version, days in (("1", -1), ("3", 1))
    ]

    answers = [
        buyer.post(f"/admin/orders/rulepage/{page.pk}/change/", page_form(1)).status_code
        for page in pages
    ]

    assert answers == [403, 302]
    assert RulePage.objects.get(version="1").body == "x"


def test_a_licences_photo_is_our_own_copy(
    buyer: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("我家大门.png", photo(7), "image/png")

    response = buyer.post(
        "/admin/orders/licence/add/",
        {"name": "营业执照", "holder": "郑州团配", "number": "A1", "photo": upload},
    )

    name = str(Licence.objects.get().photo.name)
    assert response.status_code == 302
    assert name.startswith("licences/")
    assert name.endswith(".jpg")
    with Image.open(tmp_path / name) as kept:
        assert kept.format == "JPEG"


def test_a_products_photo_may_be_set_kept_and_taken_away(
    buyer: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = ProductFactory.create()
    path = f"/admin/orders/product/{product.pk}/change/"
    form = {
        "category": product.category.pk,
        "name": product.name,
        "origin": "",
        "skus-TOTAL_FORMS": 0,
        "skus-INITIAL_FORMS": 0,
    }

    buyer.post(path, form | {"photo": SimpleUploadedFile("a.png", photo(7))})
    first = Product.objects.get().photo.name
    buyer.post(path, form)
    second = Product.objects.get().photo.name
    buyer.post(path, form | {"photo-clear": "on"})

    assert first == second != ""
    assert Product.objects.get().photo.name == ""


def test_what_is_no_photo_is_refused(buyer: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("a.jpg", b"<svg/>", "image/jpeg")

    response = buyer.post(
        "/admin/orders/licence/add/",
        {"name": "营业执照", "holder": "郑州团配", "number": "A1", "photo": upload},
    )

    assert response.status_code == 200
    assert not Licence.objects.exists()
