"""Two leaders agree that one sells for the other."""

from datetime import UTC, datetime

import pytest

from leaders.errors import ResaleAgreedAlready, ResalePartnerUnknown, ResaleRateTooHigh
from leaders.models.audit import AuditEvent
from leaders.models.leaders import Leader, LeaderState
from leaders.models.resales import Resale
from leaders.selectors.resales import resale_in_force, resales_made_by, resales_offered_to
from leaders.services.resales import resale_agree, resale_end
from tests.factories.leaders import LeaderFactory, login_of
from tests.factories.links import ResaleFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def agreed(owner: Leader, code: str, rate_bp: int = 400) -> Resale:
    assert owner.user is not None
    return resale_agree(owner=owner, reseller_code=code, rate_bp=rate_bp, actor=owner.user, now=NOW)


def test_an_agreement_holds_from_now_on_and_is_written_down() -> None:
    owner, reseller = LeaderFactory.create(), LeaderFactory.create()

    resale = agreed(owner, f" {reseller.code} ")

    assert resale_in_force(owner_id=owner.pk, reseller_code=reseller.code) == resale
    assert list(resales_made_by(owner)) == list(resales_offered_to(reseller)) == [resale]
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.facts["rate_bp"]) == (
        "resale.agreed",
        str(resale.pk),
        400,
    )


def test_nobody_sells_for_themselves_nor_who_sells_nothing() -> None:
    owner = LeaderFactory.create()
    suspended = LeaderFactory.create(state=LeaderState.SUSPENDED)

    for code in (owner.code, suspended.code, "nobody"):
        with pytest.raises(ResalePartnerUnknown):
            agreed(owner, code)


def test_an_owner_gives_away_at_most_what_they_earn() -> None:
    owner, reseller = LeaderFactory.create(), LeaderFactory.create()

    with pytest.raises(ResaleRateTooHigh):
        agreed(owner, reseller.code, rate_bp=1001)
    assert agreed(owner, reseller.code, rate_bp=1000).rate_bp == 1000


def test_two_agree_once_at_a_time() -> None:
    resale = ResaleFactory.create()

    with pytest.raises(ResaleAgreedAlready):
        agreed(resale.owner, resale.reseller.code)
    assert Resale.objects.count() == 1


@pytest.mark.parametrize("side", ["owner", "reseller"])
def test_either_side_ends_it_and_it_can_begin_anew(side: str) -> None:
    resale = ResaleFactory.create()
    leader = getattr(resale, side)

    assert resale_end(leader=leader, resale_id=resale.pk, actor=leader.user, now=NOW)
    assert not resale_end(leader=leader, resale_id=resale.pk, actor=leader.user, now=NOW)

    assert resale_in_force(owner_id=resale.owner.pk, reseller_code=resale.reseller.code) is None
    assert AuditEvent.objects.get().action == "resale.ended"
    assert agreed(resale.owner, resale.reseller.code).ended_at is None


def test_a_third_leader_ends_nothing() -> None:
    resale = ResaleFactory.create()
    other = LeaderFactory.create()

    assert not resale_end(leader=other, resale_id=resale.pk, actor=login_of(other), now=NOW)


def test_a_suspended_reseller_sells_for_nobody() -> None:
    resale = ResaleFactory.create(reseller__state=LeaderState.SUSPENDED)

    assert resale_in_force(owner_id=resale.owner.pk, reseller_code=resale.reseller.code) is None
