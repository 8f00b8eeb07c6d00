"""The campaign builder from the outside."""

import re

import pytest
import time_machine
from django.test import Client

from leaders.models.accounts import Role, User
from orders.models.campaigns import Campaign, CampaignState, Offer
from orders.models.presets import CampaignPreset
from orders.services.offer_lines import offer_stand
from tests.factories.drafts import EVENING, draft, line, logged, sold
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory, OfferFactory, SkuFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def second() -> Client:
    other = Client()
    other.force_login(UserFactory.create(role=Role.BUYER))
    return other


def at(campaign: Campaign, tail: str = "") -> str:
    return f"/workbench/campaigns/{campaign.code}/{tail}"


def typed(offer: Offer, **changed: str) -> dict[str, str]:
    """A line of the table as a browser sends it."""
    fields = {"price": "6.00", "limit": "20"}
    return fields | {"stand": offer_stand(Offer.objects.get(pk=offer.pk))} | changed


def save(client: Client, offer: Offer, **changed: str) -> str:
    with time_machine.travel(EVENING, tick=False):
        answer = client.post(
            at(offer.campaign, f"lines/{offer.pk}/"), typed(offer, **changed), headers=HTMX
        )
    assert answer.status_code == 200
    return answer.content.decode()


def page(client: Client, campaign: Campaign, tail: str = "") -> str:
    with time_machine.travel(EVENING, tick=False):
        answer = client.get(at(campaign, tail))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_line_shows_cost_margin_faults_and_what_sold_before(buyer: Client) -> None:
    campaign = draft()
    offer = line(campaign, price_fen=480)
    before = OfferFactory.create(
        campaign=CampaignFactory.create(opens_at=campaign.opens_at.replace(day=8)),
        sku=offer.sku,
        price_fen=590,
    )
    sold(before, 40)

    html = page(buyer, campaign)

    assert "¥4.81" in html
    assert "-¥0.01" in html
    assert "cost ¥4.00" in html
    assert "¥4.80 is below the landed cost of ¥4.81: give the reason." in html
    assert "¥5.90 × 40" in html
    assert "40 pieces, ¥192.00" in html


def test_a_line_is_saved_where_it_stands(buyer: Client) -> None:
    offer = line(draft())

    html = save(
        buyer,
        offer,
        price="6.80",
        cap="50",
        limit="3",
        commission="8",
        sells_from="10:00",
        sells_until="12:30",
        strike="9.90",
        meaning="market",
        source="刘庄 3月9日",
    )

    assert "Saved" in html
    assert 'name="price"' not in html
    offer.refresh_from_db()
    assert (offer.price_fen, offer.stock_cap, offer.per_resident_limit) == (680, 50, 3)
    assert (offer.commission_rate_bp, offer.strike_price_fen) == (800, 990)
    assert offer.sells_from is not None
    assert offer.sells_until is not None
    assert f"{offer.sells_from:%d %H:%M}-{offer.sells_until:%d %H:%M}" == "10 02:00-10 04:30"
    again = page(buyer, offer.campaign)
    assert 'value="10:00"' in again
    assert 'value="9.90"' in again


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"price": "free"}, "price: Enter an amount such as 12.50."),
        ({"cap": "many"}, "stock cap: Enter a whole number."),
        ({"commission": "31"}, "commission rate: Ensure this value is less than or equal to 30."),
        ({"sells_from": "noon"}, "sells from: Enter an hour such as 10:00"),
        ({"sells_from": "25:00"}, "sells from: Enter an hour such as 10:00"),
        (
            {"sells_from": "12:00", "sells_until": "10:00"},
            "sells until: A flash-sale slot begins before it ends.",
        ),
        ({"strike": "9.00"}, "A struck-through price is above the price, and says what it is."),
        ({"meaning": "former"}, "The price log has no price before, so none can be called former."),
        ({"stand": "old"}, "Somebody changed this line meanwhile; look at it again."),
    ],
)
def test_a_line_that_cannot_be_kept_says_why_and_loses_nothing(
    buyer: Client, changed: dict[str, str], words: str
) -> None:
    offer = line(draft(), price_fen=600)

    html = save(buyer, offer, **({"price": "7.00"} | changed))

    assert f"Not saved: {words}" in html
    offer.refresh_from_db()
    assert offer.price_fen == 600


def test_without_scripts_a_line_comes_back_as_it_was_typed(buyer: Client) -> None:
    offer = line(draft())
    address = at(offer.campaign, f"lines/{offer.pk}/")

    wrong = buyer.post(address, typed(offer, price="7.x"))
    right = buyer.post(address, typed(offer, price="7.00"))

    assert wrong.status_code == 422
    assert 'value="7.x"' in wrong.content.decode()
    assert right["Location"] == at(offer.campaign, f"#line-{offer.pk}")


def test_a_former_price_is_filled_in_from_the_log(buyer: Client) -> None:
    offer = line(draft())
    logged(offer.sku, 990, EVENING.replace(day=5))

    html = save(buyer, offer, meaning="former")

    assert re.search(r'name="strike" value="9.90"', html)


def test_goods_are_added_by_code_and_name_and_taken_out_again(buyer: Client) -> None:
    campaign = draft()
    by_code = SkuFactory.create(code="EGG30")
    by_name = SkuFactory.create(name="嫩豆腐 400g")

    buyer.post(at(campaign, "add/"), {"goods": "egg30 ，嫩豆腐"})
    assert {row.sku for row in campaign.offers.all()} == {by_code, by_name}

    offer = campaign.offers.get(sku=by_code)
    buyer.post(at(campaign, f"lines/{offer.pk}/remove/"))
    assert {row.sku for row in campaign.offers.all()} == {by_name}


@pytest.mark.parametrize("goods", ["nothing like it", "西兰花", "西兰花甲, nothing like it"])
def test_goods_that_are_none_or_several_are_not_added(buyer: Client, goods: str) -> None:
    campaign = draft()
    SkuFactory.create(name="西兰花甲")
    SkuFactory.create(name="西兰花乙")

    answer = buyer.post(at(campaign, "add/"), {"goods": goods}, follow=True)

    assert "No SKU on sale is called that, or several are." in answer.content.decode()
    assert not campaign.offers.exists()


def test_two_buyers_sell_below_cost_and_open_the_campaign(buyer: Client, second: Client) -> None:
    campaign = draft()
    offer = line(campaign, price_fen=300, per_resident_limit=2)
    address = at(campaign, f"lines/{offer.pk}/below-cost/")
    buyer.post(address, {"reason": "overstock", "note": "仓库满"})
    approval = {"decision": "approve", "stand": offer_stand(Offer.objects.get(pk=offer.pk))}

    own = buyer.post(address, approval, follow=True).content.decode()
    assert "Somebody else has to approve what you asked for." in own

    second.post(address, approval)
    with time_machine.travel(EVENING, tick=False):
        buyer.post(at(campaign, "publish/"))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN
    assert "form-" not in page(buyer, campaign)


def test_what_speaks_against_opening_is_said_all_at_once(buyer: Client) -> None:
    campaign = draft()
    line(campaign, price_fen=100)
    line(campaign, stock_cap=0)

    with time_machine.travel(EVENING, tick=False):
        answer = buyer.post(at(campaign, "publish/"))

    assert answer.status_code == 422
    alert = answer.content.decode().split('role="alert"')[1].split("</ul>")[0]
    assert alert.count("<li>") == 2


def test_a_campaign_is_kept_as_a_preset_once(buyer: Client) -> None:
    campaign = draft()
    line(campaign)

    first = buyer.post(at(campaign, "preset/"), {"name": "周二", "weekday": "1"})
    again = buyer.post(at(campaign, "preset/"), {"name": "周二", "weekday": ""})

    assert (first.status_code, again.status_code) == (302, 422)
    assert CampaignPreset.objects.get().weekday == 1


def test_what_if_changes_figures_and_nothing_else(buyer: Client) -> None:
    campaign = draft()
    offer = line(campaign, price_fen=600)
    line(campaign, price_fen=700)
    before = OfferFactory.create(
        campaign=CampaignFactory.create(opens_at=campaign.opens_at.replace(day=8)), sku=offer.sku
    )
    sold(before, 100)

    html = page(buyer, campaign, f"what-if/?line={offer.pk}&price=10&commission=8&qty=-50")

    # 6.60 lands at 4.20 + 10.6 % of it, rounded up: 4.90.
    assert "¥4.90" in html
    assert "¥1.70" in html
    assert "¥85.00" in html
    assert "¥4.70" in html
    offer.refresh_from_db()
    assert (offer.price_fen, offer.commission_rate_bp) == (600, None)


def test_what_if_answers_htmx_with_the_table_alone(buyer: Client) -> None:
    campaign = draft()
    line(campaign)

    answer = buyer.get(at(campaign, "what-if/?price=x"), headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.COMPLIANCE])
def test_the_bench_belongs_to_buyers(client: Client, role: Role) -> None:
    user: User = UserFactory.create(role=role)
    client.force_login(user)

    assert client.get(at(draft())).status_code == 403
