"""The buyers' bench from the outside: start page, drafts, presets."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models.campaigns import Campaign, CampaignState
from orders.services.offer_lines import below_cost_ask
from tests.factories.drafts import EVENING, draft, line
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, OrderFactory
from tests.factories.presets import PresetLineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(client: Client, path: str = "/workbench/", at: datetime = EVENING) -> str:
    with time_machine.travel(at, tick=False):
        answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_bench_says_so(buyer: Client) -> None:
    html = page(buyer)

    assert "Nothing sells at the moment" in html
    assert "No campaign drafts" in html


def test_what_sells_is_counted(buyer: Client) -> None:
    campaign = CampaignFactory.create()
    OrderFactory.create(campaign=campaign, total_fen=1_290)

    html = page(buyer, at=campaign.orders_close_at - timedelta(hours=2))

    assert campaign.code in html
    assert "¥12.90" in html
    assert "2\xa0hours" in html


def test_drafts_say_whether_they_can_open(buyer: Client) -> None:
    sound, faulty = draft(code="C-SOUND"), draft(code="C-FAULTY")
    line(sound)
    line(faulty, price_fen=100, per_resident_limit=None)

    html = page(buyer)

    assert html.index("C-SOUND") < html.index("Can open") < html.index("C-FAULTY")
    assert "1 fault<" in html
    assert "1 warning<" in html


def test_what_waits_for_a_second_buyer_stands_on_the_start_page(buyer: Client) -> None:
    offer = line(draft(), price_fen=300, per_resident_limit=2)
    below_cost_ask(
        offer_id=offer.pk,
        reason="markdown",
        note="明早到期",
        actor=UserFactory.create(),
        now=EVENING,
    )

    html = page(buyer)

    assert "Waits for a second buyer" in html
    assert "Fresh goods that must be sold: 明早到期" in html


def test_a_draft_costs_as_many_queries_with_eight_lines_as_with_two(buyer: Client) -> None:
    campaign = draft()
    for _ in range(2):
        line(campaign)
    with CaptureQueriesContext(connection) as few:
        page(buyer)
        page(buyer, f"/workbench/campaigns/{campaign.code}/")

    for _ in range(6):
        line(campaign)
    with CaptureQueriesContext(connection) as many:
        page(buyer)
        page(buyer, f"/workbench/campaigns/{campaign.code}/")

    assert len(many) == len(few)


def test_yesterday_is_copied_to_tomorrow(buyer: Client) -> None:
    offer = OfferFactory.create(campaign__code="C20260310", price_fen=690)

    html = page(buyer, "/workbench/campaigns/", at=datetime.fromisoformat("2026-03-10T20:00+08:00"))
    answer = buyer.post(
        "/workbench/copies/",
        {"source": "C20260310", "code": "C20260311", "sells_on": "2026-03-11"},
    )

    assert 'value="C20260311"' in html
    assert 'value="2026-03-11"' in html
    assert (answer.status_code, answer["Location"]) == (302, "/workbench/campaigns/C20260311/")
    copy = Campaign.objects.get(code="C20260311")
    assert copy.state == CampaignState.DRAFT
    assert [(row.sku_id, row.price_fen) for row in copy.offers.all()] == [(offer.sku_id, 690)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": "C20260310"}, "Another campaign has this code."),
        ({"sells_on": "soon"}, "Enter a valid date."),
        ({"source": "C-NONE"}, "Select a valid choice."),
    ],
)
def test_a_copy_that_cannot_be_made_says_why(
    buyer: Client, changed: dict[str, str], words: str
) -> None:
    CampaignFactory.create(code="C20260310")
    form = {"source": "C20260310", "code": "C20260311", "sells_on": "2026-03-11"}

    answer = buyer.post("/workbench/copies/", form | changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Campaign.objects.count() == 1


def test_a_preset_becomes_a_presale(buyer: Client) -> None:
    kept = PresetLineFactory.create(price_fen=690)

    answer = buyer.post(
        "/workbench/presets/drafts/",
        {"preset": kept.preset.pk, "code": "P1", "sells_on": "2026-03-11", "delivery_days": 4},
    )

    assert answer.status_code == 302
    assert f"{Campaign.objects.get(code='P1').delivery_date}" == "2026-03-15"
    assert kept.preset.name in page(buyer, "/workbench/presets/")
