"""Price evidence from the outside."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from leaders.models.accounts import Role
from leaders.models.audit import AuditEvent
from orders.models.campaigns import Campaign, Offer
from tests.factories.drafts import EVENING, draft, logged
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = "/workbench/price-evidence/"


@pytest.fixture
def compliance(client: Client) -> Client:
    client.force_login(UserFactory.create(role=Role.COMPLIANCE))
    return client


@pytest.fixture
def campaign() -> Campaign:
    """A campaign with a former price that holds, one that does not, and a sale below cost."""
    found: Campaign = CampaignFactory.create(code="C20260310")
    for code, struck in (("K1", 900), ("K2", 950)):
        sku = SkuFactory.create(code=code, name=f"=cmd|{code}")
        logged(sku, 900, EVENING - timedelta(days=40))
        logged(sku, 600, EVENING + timedelta(hours=20))
        OfferFactory.create(
            campaign=found,
            sku=sku,
            price_fen=600,
            strike_price_fen=struck,
            strike_meaning="former",
        )
    OfferFactory.create(
        campaign=found,
        sku=SkuFactory.create(code="K3"),
        price_fen=300,
        below_cost_reason="markdown",
        below_cost_note="明早到期",
        below_cost_approved_by=UserFactory.create(username="second"),
        below_cost_approved_at=EVENING,
    )
    OfferFactory.create(campaign=found, sku=SkuFactory.create(code="K4"))
    return found


def asked(**changed: str) -> dict[str, str]:
    return {"campaign": "C20260310", "first": "2026-03-09", "last": "2026-03-11"} | changed


def test_the_page_shows_prices_claims_and_what_bears_them_out(
    compliance: Client, campaign: Campaign
) -> None:
    html = compliance.get(PAGE, asked()).content.decode()

    assert html.count("campaign C0") == 4
    assert html.count("the lowest of 30 days: ¥9.00 from 2026-01-28 20:00") == 2
    assert html.count("Not borne out: the lowest") == 1
    assert "Fresh goods that must be sold: 明早到期" in html
    assert "approved by second, 2026-03-09 20:00" in html
    assert "K4" not in html


def test_a_sku_is_followed_through_its_days(compliance: Client, campaign: Campaign) -> None:
    early = compliance.get(
        PAGE, {"sku": "K1", "first": "2026-02-01", "last": "2026-03-08"}
    ).content.decode()

    assert "¥9.00" in early
    assert "¥6.00" not in early


def test_the_file_says_the_same_and_is_written_down(compliance: Client, campaign: Campaign) -> None:
    answer = compliance.post(PAGE, asked())

    [sheet] = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["price log"] * 4 + ["price statement"] * 3
    assert rows[1][3] == "'=cmd|K1"
    assert rows[1][4:6] == (9, 4)
    assert rows[5][6:10] == (
        9,
        "Our own lowest price of the last days",
        "",
        "the lowest of 30 days: ¥9.00 from 2026-01-28 20:00",
    )
    assert rows[7][12:14] == ("second", "2026-03-09 20:00")
    event = AuditEvent.objects.get(action="price_evidence.taken")
    assert event.facts == {
        "subject": "C20260310",
        "first": "2026-03-09",
        "last": "2026-03-11",
        "rows": 7,
    }


def test_a_draft_claims_nothing_yet(compliance: Client) -> None:
    offer: Offer = OfferFactory.create(
        campaign=draft(code="C20260310"), strike_price_fen=900, strike_meaning="market"
    )

    html = compliance.get(PAGE, asked()).content.decode()

    assert offer.sku.name not in html
    assert "No price in these days" in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (asked(sku="K1"), "Name a SKU or a campaign."),
        (asked(campaign=""), "Name a SKU or a campaign."),
        (asked(campaign="NONE"), "No campaign has this code."),
        (asked(first="2026-03-12"), "The days begin before they end."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    compliance: Client, campaign: Campaign, query: dict[str, str], words: str
) -> None:
    answer = compliance.get(PAGE, query)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_without_a_question_there_is_the_form(compliance: Client) -> None:
    assert compliance.get(PAGE).status_code == 200
