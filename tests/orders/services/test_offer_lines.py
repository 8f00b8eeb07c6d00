"""Lines of a draft, and two people for a price below cost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from orders.errors import CampaignNotDraft
from orders.models.campaigns import BelowCostReason, CampaignState, Offer, StrikeMeaning
from orders.price_errors import (
    ApprovalNeedsAnother,
    BelowCostReasonMissing,
    OfferAlreadyThere,
    OfferChangedMeanwhile,
    PriceTermsInvalid,
)
from orders.services.offer_lines import (
    LineTerms,
    below_cost_approve,
    below_cost_ask,
    offer_change,
    offer_remove,
    offer_stand,
    offers_add,
)
from tests.factories.drafts import EVENING, draft, logged
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TERMS = LineTerms(price_fen=500)


def changed(offer: Offer, terms: LineTerms, actor: User | None = None) -> Offer:
    return offer_change(
        offer_id=offer.pk,
        terms=terms,
        stand=offer_stand(Offer.objects.get(pk=offer.pk)),
        actor=actor or UserFactory.create(),
        now=EVENING,
    )


def line(**terms: object) -> Offer:
    offer: Offer = OfferFactory.create(campaign=draft(), **terms)
    return offer


def test_goods_come_in_at_their_last_price_with_the_usual_limit() -> None:
    campaign, known, new = draft(), SkuFactory.create(), SkuFactory.create()
    logged(known, 690, EVENING - timedelta(days=2))

    offers_add(campaign_id=campaign.pk, skus=[known, new], actor=UserFactory.create(), now=EVENING)

    found = campaign.offers.order_by("pk").values_list("sku", "price_fen", "per_resident_limit")
    assert list(found) == [(known.pk, 690, 20), (new.pk, 0, 20)]


def test_goods_come_in_once() -> None:
    offer = line()

    with pytest.raises(OfferAlreadyThere):
        offers_add(
            campaign_id=offer.campaign_id,
            skus=[SkuFactory.create(), offer.sku],
            actor=UserFactory.create(),
            now=EVENING,
        )

    assert offer.campaign.offers.count() == 1


def test_a_change_is_kept_and_written_down() -> None:
    offer, buyer = line(price_fen=500), UserFactory.create()

    changed(offer, LineTerms(price_fen=680, stock_cap=40), buyer)

    offer.refresh_from_db()
    assert (offer.price_fen, offer.stock_cap) == (680, 40)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("offer.changed", buyer)
    assert event.facts == {"price_fen": [500, 680], "stock_cap": [None, 40]}


def test_what_changes_nothing_is_not_written_down() -> None:
    changed(line(), TERMS)

    assert not AuditEvent.objects.exists()


def test_a_line_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    offer = line()
    seen = offer_stand(offer)
    changed(offer, LineTerms(price_fen=680))

    with pytest.raises(OfferChangedMeanwhile):
        offer_change(
            offer_id=offer.pk,
            terms=LineTerms(price_fen=700),
            stand=seen,
            actor=UserFactory.create(),
            now=EVENING,
        )


def test_the_lines_of_an_open_campaign_stay() -> None:
    offer = OfferFactory.create(campaign=CampaignFactory.create(state=CampaignState.OPEN))

    with pytest.raises(CampaignNotDraft):
        changed(offer, LineTerms(price_fen=680))
    with pytest.raises(CampaignNotDraft):
        offer_remove(offer_id=offer.pk, actor=UserFactory.create(), now=EVENING)


def test_a_line_is_taken_out() -> None:
    offer = line()

    offer_remove(offer_id=offer.pk, actor=UserFactory.create(), now=EVENING)

    assert not Offer.objects.exists()
    assert AuditEvent.objects.get().facts["sku"] == offer.sku.code


def test_a_former_price_comes_from_the_log_whatever_is_typed() -> None:
    offer = line()
    logged(offer.sku, 690, EVENING - timedelta(days=2))

    changed(offer, replace(TERMS, strike_meaning=StrikeMeaning.FORMER, strike_price_fen=9_900))

    offer.refresh_from_db()
    assert offer.strike_price_fen == 690


@pytest.mark.parametrize("former_fen", [None, 500])
def test_a_former_price_that_is_none_is_refused(former_fen: int | None) -> None:
    offer = line()
    if former_fen:
        logged(offer.sku, former_fen, EVENING - timedelta(days=2))

    with pytest.raises(PriceTermsInvalid):
        changed(offer, replace(TERMS, strike_meaning=StrikeMeaning.FORMER))


@pytest.mark.parametrize(
    ("struck", "meaning"), [(900, ""), (None, "suggested"), (500, "suggested"), (400, "market")]
)
def test_a_struck_price_is_above_the_price_and_says_what_it_is(
    struck: int | None, meaning: str
) -> None:
    with pytest.raises(PriceTermsInvalid, match="above the price"):
        changed(line(), replace(TERMS, strike_price_fen=struck, strike_meaning=meaning))


def ask(offer: Offer, actor: User, reason: str = BelowCostReason.MARKDOWN) -> None:
    below_cost_ask(offer_id=offer.pk, reason=reason, note="明早到期", actor=actor, now=EVENING)


def approve(offer: Offer, actor: User) -> None:
    stand = offer_stand(Offer.objects.get(pk=offer.pk))
    below_cost_approve(offer_id=offer.pk, stand=stand, actor=actor, now=EVENING)


def test_one_buyer_asks_and_another_approves() -> None:
    offer, first, second = line(), UserFactory.create(), UserFactory.create()
    ask(offer, first)

    approve(offer, second)

    offer.refresh_from_db()
    assert (offer.below_cost_approved_by, offer.below_cost_approved_at) == (second, EVENING)
    event = AuditEvent.objects.get(action="offer.below_cost_approved")
    assert (event.actor, event.facts["price_fen"]) == (second, 500)


def test_nobody_approves_what_they_asked_for() -> None:
    offer, first = line(), UserFactory.create()
    ask(offer, first)

    with pytest.raises(ApprovalNeedsAnother):
        approve(offer, first)


def test_nobody_approves_a_price_they_set_under_anothers_reason() -> None:
    offer, first, second = line(), UserFactory.create(), UserFactory.create()
    ask(offer, first)
    changed(offer, LineTerms(price_fen=300), second)

    with pytest.raises(ApprovalNeedsAnother):
        approve(offer, second)
    approve(offer, UserFactory.create())


def test_who_changed_only_the_cap_may_approve() -> None:
    offer, second = line(), UserFactory.create()
    ask(offer, UserFactory.create())
    changed(offer, LineTerms(price_fen=500, stock_cap=10), second)

    approve(offer, second)

    offer.refresh_from_db()
    assert offer.below_cost_approved_by == second


def test_a_new_price_takes_the_approval_back_and_so_does_a_new_reason() -> None:
    offer, first, second = line(), UserFactory.create(), UserFactory.create()
    ask(offer, first)
    approve(offer, second)

    changed(offer, LineTerms(price_fen=499), first)
    offer.refresh_from_db()
    assert offer.below_cost_approved_by is None

    approve(offer, second)
    ask(offer, first, BelowCostReason.OVERSTOCK)
    offer.refresh_from_db()
    assert offer.below_cost_approved_at is None


def test_an_approval_is_of_what_was_seen() -> None:
    offer, first, second = line(), UserFactory.create(), UserFactory.create()
    ask(offer, first)
    seen = offer_stand(Offer.objects.get(pk=offer.pk))
    changed(offer, LineTerms(price_fen=100), first)

    with pytest.raises(OfferChangedMeanwhile):
        below_cost_approve(offer_id=offer.pk, stand=seen, actor=second, now=EVENING)


@pytest.mark.parametrize("reason", ["", "because"])
def test_only_the_laws_own_reasons_count(reason: str) -> None:
    with pytest.raises(BelowCostReasonMissing):
        ask(line(), UserFactory.create(), reason)


def test_without_a_reason_there_is_nothing_to_approve() -> None:
    with pytest.raises(BelowCostReasonMissing):
        approve(line(), UserFactory.create())
