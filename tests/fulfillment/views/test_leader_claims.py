"""The leader's pages of claims: own ones only, two hours, a reason for a no."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leaders.models.accounts import Role
from leaders.models.leaders import Leader
from orders.models.claims import Claim
from tests.factories.claims import claim_of, sold
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import ClaimPhotoFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def claim(settings: LazySettings, tmp_path: Path) -> Claim:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "one.jpg").write_bytes(photo(1))
    made = claim_of(sold(), filed_at=timezone.now() - timedelta(minutes=10))
    ClaimPhotoFactory.create(claim=made, photo="claims/one.jpg")
    return made


def logged_in(client: Client, leader: Leader) -> Client:
    leader.user = leader.user or UserFactory.create(role=Role.LEADER)
    leader.save()
    client.force_login(leader.user)
    return client


@pytest.fixture
def phone(client: Client, claim: Claim) -> Client:
    return logged_in(client, claim.order_line.order.leader)


def addresses(claim: Claim) -> list[str]:
    return [
        reverse("leader-claim", args=[claim.pk]),
        reverse("leader-claim-photo", args=[claim.photos.get().pk]),
    ]


def test_a_leader_sees_own_claims_with_their_photos(phone: Client, claim: Claim) -> None:
    order = claim.order_line.order
    listed = phone.get(reverse("leader-claims"), headers={"accept-language": "en"})
    shown = phone.get(addresses(claim)[0], headers={"accept-language": "en"}).content.decode()

    assert addresses(claim)[0] in listed.content.decode()
    assert "your word until" in listed.content.decode()
    assert addresses(claim)[1] in shown
    assert phone.get(addresses(claim)[1]).getvalue() == photo(1)
    for page in (listed.content.decode(), shown):
        assert order.resident_phone not in page
        assert order.resident_name not in page


def test_another_leader_finds_nothing(client: Client, claim: Claim) -> None:
    stranger = logged_in(client, LeaderFactory.create())

    assert [stranger.get(address).status_code for address in addresses(claim)] == [404, 404]
    assert stranger.post(addresses(claim)[0], {"stance": "agrees"}).status_code == 404
    assert addresses(claim)[0] not in stranger.get(reverse("leader-claims")).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LEADER])
def test_other_roles_are_refused(client: Client, claim: Claim, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    pages = [reverse("leader-claims"), *addresses(claim)]
    assert [client.get(address).status_code for address in pages] == [403, 403, 403]


@pytest.mark.parametrize(
    ("stance", "note"), [("agrees", ""), ("agrees", "我也看到了"), ("disagrees", "我看是好的")]
)
def test_the_leader_says_a_word(phone: Client, claim: Claim, stance: str, note: str) -> None:
    answer = phone.post(addresses(claim)[0], {"stance": stance, "note": note})

    claim.refresh_from_db()
    assert answer.headers["Location"] == reverse("leader-claims")
    assert (claim.leader_stance, claim.leader_note) == (stance, note)
    assert 'name="stance"' not in phone.get(addresses(claim)[0]).content.decode()


def test_a_no_without_a_reason_is_asked_again(phone: Client, claim: Claim) -> None:
    answer = phone.post(
        addresses(claim)[0], {"stance": "disagrees"}, headers={"accept-language": "en"}
    )

    assert (answer.status_code, "Say why you disagree." in answer.content.decode()) == (422, True)


def test_after_two_hours_there_is_nothing_to_press(phone: Client, claim: Claim) -> None:
    Claim.objects.update(leader_until=timezone.now() - timedelta(seconds=1))

    shown = phone.get(addresses(claim)[0]).content.decode()
    answer = phone.post(addresses(claim)[0], {"stance": "agrees"})

    assert 'name="stance"' not in shown
    assert answer.status_code == 422
