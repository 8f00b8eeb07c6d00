"""A claim from phone to phone to desk: filed at 360 px, answered by the leader, paid back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.services.claim_decisions import claims_decide_due
from leaders.models.accounts import Role, User
from orders.http import RESIDENT_KEY
from orders.models.campaigns import Campaign
from orders.models.claims import Claim
from orders.models.payments import Refund
from tests.browser.page_quality import faults_of
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.claims import Sold, claim_of, sold
from tests.factories.leaders import UserFactory
from tests.orders.photos import saved, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods(settings: LazySettings, tmp_path: Path) -> Sold:
    """Two pieces at 5.00 yuan that came today; the leader has a log-in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    made = sold()
    Campaign.objects.update(delivery_date=timezone.localdate())
    made.leader.user = UserFactory.create(role=Role.LEADER)
    made.leader.save()
    made.line.order.resident.phone_verified_at = timezone.now()
    made.line.order.resident.save()
    return made


@contextmanager
def resident_phone(browser: Browser, server: LiveServer, goods: Sold) -> Iterator[Page]:
    """The phone of the resident whose goods they are."""
    client = Client()
    session = client.session
    session[RESIDENT_KEY] = goods.line.order.resident_id
    session.save()
    context = browser.new_context(viewport=PHONE, base_url=server.url, locale="zh-CN")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}]
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def fits(page: Page) -> None:
    assert faults_of(page) == []


def leader_of(goods: Sold) -> User:
    assert goods.leader.user is not None
    return goods.leader.user


def file(page: Page, goods: Sold, pictures: list[Path]) -> Claim:
    """Half of both pieces is spoiled, and two photos show it."""
    page.goto(f"/me/orders/{goods.line.order.order_no}/lines/{goods.line.line_no}/claim/")
    fits(page)
    page.locator("select[name=kind]").select_option("spoiled")
    page.locator("input[name=qty]").fill("2")
    page.locator("input[name=defect_bp][value='5000']").check()
    page.locator("input[type=file]").set_input_files(pictures)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#claims-title")).to_be_visible()
    fits(page)
    return Claim.objects.get()


def disagree(page: Page, claim: Claim) -> None:
    """The leader opens the claim from the list and says no."""
    page.goto("/leader/claims/")
    fits(page)
    page.locator(f"a[href='/leader/claims/{claim.pk}/']").click()
    fits(page)
    page.locator("textarea[name=note]").fill("我看是好的")
    page.locator("button[value=disagrees]").click()
    expect(page.locator("textarea[name=note]")).to_have_count(0)


def decide(page: Page, claim: Claim) -> None:
    """The desk says a first word and pays back three tenths, which the supplier bears."""
    page.goto("/service/claims/")
    assert overflow_px(page) == 0
    page.locator(f"a[href='/service/claims/{claim.pk}/']").click()
    assert overflow_px(page) == 0
    expect(page.locator("input[name=bearer][value=supplier]")).to_be_checked()
    page.locator("input[name=words]").fill("正在核实")
    page.locator("form[action$='/reply/'] button").click()
    page.locator("input[name=share][value='3000']").check()
    page.locator("button[name=approve]").click()
    expect(page.locator("button[name=approve]")).to_have_count(0)


def test_a_claim_goes_from_the_resident_to_the_leader_to_the_desk(
    browser: Browser, live_server: LiveServer, goods: Sold, tmp_path: Path
) -> None:
    pictures = [tmp_path / "1.jpg", tmp_path / "2.jpg"]
    for number, path in enumerate(pictures):
        path.write_bytes(saved(scene(number)))

    with resident_phone(browser, live_server, goods) as page:
        claim = file(page, goods, pictures)
    assert (claim.asked_fen, claim.defect_bp, claim.photos.count()) == (500, 5_000, 2)

    with workplace(browser, live_server, leader_of(goods), PHONE) as (page, heard):
        disagree(page, claim)
        assert (heard.complaints, heard.strangers) == ([], [])
    assert claims_decide_due(now=timezone.now() + timedelta(hours=3)) == 0

    service = UserFactory.create(role=Role.SERVICE)
    with workplace(browser, live_server, service, DESK) as (page, heard):
        decide(page, claim)
        assert (heard.complaints, heard.strangers) == ([], [])

    claim.refresh_from_db()
    assert (claim.state, claim.reply, claim.bearer) == ("approved", "正在核实", "supplier")
    assert Refund.objects.get().amount_fen == 150


def test_the_desk_fits_a_phone(browser: Browser, live_server: LiveServer, goods: Sold) -> None:
    claim = claim_of(goods, filed_at=timezone.now() - timedelta(minutes=45))
    with workplace(browser, live_server, UserFactory.create(role=Role.SERVICE), PHONE) as (page, _):
        for address in ("/service/claims/", f"/service/claims/{claim.pk}/"):
            page.goto(address)
            fits(page)
