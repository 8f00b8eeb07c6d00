"""Staff see claims with their photos; they are decided at the service desk."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from pytest_django import Settings

from leaders.models.accounts import Role
from orders.models.claims import Claim, ClaimState
from tests.factories.leaders import UserFactory
from tests.factories.orders import ClaimFactory, ClaimPhotoFactory, PaymentFactory
from tests.orders.photos import photo


@pytest.fixture
def claim(db: None, settings: Settings, tmp_path: Path) -> Claim:
    """One piece at 5.00 yuan, with a photo."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "one.jpg").write_bytes(photo(1))
    claim: Claim = ClaimFactory.create()
    ClaimPhotoFactory.create(claim=claim, photo="claims/one.jpg")
    PaymentFactory.create(order=claim.order_line.order)
    return claim


def page(claim: Claim) -> str:
    return reverse("admin:orders_claim_change", args=[claim.pk])


def test_open_claims_come_first_and_the_oldest_on_top(buyer: Client) -> None:
    newest, oldest = ClaimFactory.create(), ClaimFactory.create(filed_at="2026-03-11T08:00Z")
    decided = ClaimFactory.create(
        filed_at="2026-03-11T07:00Z",
        state=ClaimState.REJECTED,
        decided_at="2026-03-11T12:00Z",
    )

    shown = buyer.get(reverse("admin:orders_claim_changelist")).context["cl"].result_list

    assert list(shown) == [oldest, newest, decided]


def test_the_page_shows_photos_that_staff_alone_can_open(buyer: Client, claim: Claim) -> None:
    address = reverse("admin:orders_claim_photo", args=[claim.photos.get().pk])

    shown = buyer.get(page(claim)).content.decode()
    picture = buyer.get(address)

    assert address in shown
    assert claim.order_line.order.resident_phone not in shown
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.getvalue() == photo(1)
    assert Client().get(address).status_code == 302
    assert Client().get("/media/claims/one.jpg").status_code == 404


def test_a_photo_that_another_claim_shows_is_marked(buyer: Client, claim: Claim) -> None:
    words = gettext("also in another claim")
    before = buyer.get(page(claim)).content.decode()
    ClaimPhotoFactory.create(digest=claim.photos.get().digest)

    after = buyer.get(page(claim)).content.decode()

    assert (words in before, words in after) == (False, True)


def test_a_claim_is_history_here_and_decided_elsewhere(buyer: Client, claim: Claim) -> None:
    shown = buyer.get(page(claim)).content.decode()
    answer = buyer.post(page(claim), {"state": ClaimState.APPROVED})

    claim.refresh_from_db()
    assert 'name="_save"' not in shown
    assert (answer.status_code, claim.state) == (403, ClaimState.FILED)


def test_a_dispatcher_sees_nothing_of_it(client: Client, claim: Claim) -> None:
    client.force_login(UserFactory.create(role=Role.DISPATCHER, is_staff=True))

    for address in (page(claim), reverse("admin:orders_claim_photo", args=[1])):
        assert client.get(address).status_code == 403
