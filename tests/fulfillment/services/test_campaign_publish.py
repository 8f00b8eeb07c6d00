"""Publishing: every fault at once, and no way past them."""

from datetime import timedelta

import pytest

from fulfillment.models.supplier_papers import SupplierPaper
from fulfillment.services.campaign_publish import campaign_publish
from leaders.models.audit import AuditEvent
from orders.errors import CampaignNotDraft, CampaignWithoutOffers
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.catalogue import PriceLog
from orders.price_errors import CampaignNotPublishable
from orders.services.offer_lines import below_cost_approve, below_cost_ask, offer_stand
from tests.factories.drafts import EVENING, draft, line, logged
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def publish(campaign: Campaign) -> None:
    campaign_publish(campaign_id=campaign.pk, actor=UserFactory.create(), now=EVENING)


def refused(campaign: Campaign) -> list[str]:
    with pytest.raises(CampaignNotPublishable) as refusal:
        publish(campaign)
    lines = refusal.value.details["lines"]
    assert isinstance(lines, tuple)
    return list(lines)


def test_a_sound_draft_opens_and_its_prices_and_costs_are_logged() -> None:
    campaign = draft()
    offer = line(campaign, price_fen=600, cost_fen=400)

    publish(campaign)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN
    row = PriceLog.objects.get(sku=offer.sku)
    assert (row.price_fen, row.cost_fen) == (600, 400)
    event = AuditEvent.objects.get(action="campaign.published")
    assert event.facts == {"offers": 1, "below_cost": 0, "warnings": 0}


def test_every_fault_of_every_line_is_named_at_once() -> None:
    campaign = draft()
    cheap = line(campaign, price_fen=300, stock_cap=0, sku__code="K1")
    struck = line(
        campaign,
        strike_price_fen=900,
        strike_meaning="former",
        sku__code="K2",
    )
    unknown = line(campaign, cost_fen=None, sku__code="K3")
    Campaign.objects.filter(pk=campaign.pk).update(city="郑州")

    assert refused(campaign) == [
        f"{cheap.sku}: ¥3.00 is below the landed cost of ¥4.58: give the reason.",
        f"{cheap.sku}: A stock cap has at least one piece; leave it empty to sell without end.",
        f"{struck.sku}: The price log has no price before, so none can be called former.",
        f"{unknown.sku}: Nobody knows what it costs: no supplier offers it.",
        f"{unknown.sku}: No licensed supplier sells it that day.",
    ]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert not PriceLog.objects.exists()


def test_a_price_below_cost_opens_with_a_reason_and_two_people() -> None:
    campaign = draft()
    offer = line(campaign, price_fen=300, per_resident_limit=2)
    below_cost_ask(
        offer_id=offer.pk, reason="markdown", note="", actor=UserFactory.create(), now=EVENING
    )
    assert len(refused(campaign)) == 1

    below_cost_approve(
        offer_id=offer.pk,
        stand=offer_stand(Offer.objects.get(pk=offer.pk)),
        actor=UserFactory.create(),
        now=EVENING,
    )
    publish(campaign)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_licence_that_runs_out_before_the_delivery_keeps_it_closed() -> None:
    campaign = draft()
    offer = line(campaign)
    SupplierPaper.objects.update(expires_on=campaign.delivery_date - timedelta(days=1))

    assert refused(campaign) == [f"{offer.sku}: No licensed supplier sells it that day."]


def test_a_former_price_is_held_against_the_log_again_when_it_opens() -> None:
    campaign = draft()
    offer = line(campaign, strike_price_fen=900, strike_meaning="former")
    logged(offer.sku, 900, EVENING - timedelta(days=20))
    logged(offer.sku, 700, EVENING - timedelta(days=1))

    assert refused(campaign) == [
        f"{offer.sku}: ¥9.00 is no former price: the log's lowest is ¥7.00."
    ]


def test_warnings_do_not_hold_it_up() -> None:
    campaign = draft()
    offer = line(campaign, per_resident_limit=None)
    logged(offer.sku, 1_000, EVENING - timedelta(days=1))

    publish(campaign)

    assert AuditEvent.objects.get(action="campaign.published").facts["warnings"] == 2


def test_the_same_goods_dearer_in_the_same_city_are_a_warning() -> None:
    cheap, campaign, elsewhere = draft(), draft(), draft(city="洛阳")
    offer = line(cheap, price_fen=550)
    for other in (campaign, elsewhere):
        line(other, price_fen=600, sku=offer.sku, cost_fen=None)
    publish(cheap)

    publish(campaign)
    publish(elsewhere)

    events = AuditEvent.objects.filter(action="campaign.published").order_by("pk")
    assert [event.facts["warnings"] for event in events] == [0, 1, 0]


def test_an_empty_draft_and_an_open_campaign_are_refused_as_ever() -> None:
    with pytest.raises(CampaignWithoutOffers):
        publish(draft())
    campaign = draft()
    line(campaign)
    publish(campaign)
    Offer.objects.update(price_fen=1)
    with pytest.raises(CampaignNotDraft):
        publish(campaign)
