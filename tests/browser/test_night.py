"""A night of the warehouse in a real browser, at the size of a phone.

Two leaders, three articles. Milk comes short, a cabbage breaks in sorting, a
bass is light, and a tote is not to be found when the truck is loaded. At the
end the day closes, because every gap says where it is from.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fulfillment.domain.cutoff_run import Step
from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.allocation import Allocation
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Trip
from fulfillment.models.exceptions import ExceptionCase, Stage
from fulfillment.models.papers import Document, Paper
from fulfillment.models.purchasing import PurchaseOrderLine
from fulfillment.models.totes import LoadCheck
from fulfillment.models.warehouse import Drop, SortTask, SortTaskState, Tote, ToteState
from fulfillment.services.cutoff_run import RunOptions, run_advance
from leaders.models.accounts import Role
from orders.models.payments import RefundLine, RefundReason
from tests.browser.workplaces import PHONE, overflow_px, workplace
from tests.bundles import BundleText
from tests.factories.leaders import UserFactory
from tests.factories.weighing import ScaleFactory
from tests.fulfillment.services.days import BUDGET, imported

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("books_hold"),
]

CABBAGE, MILK, BASS = "K1", "K2", "K3"


@pytest.fixture
def night(transactional_db: None, settings: Settings) -> CutoffRun:
    """The run of a small day, bought for and waiting at the dock."""
    run = imported(BundleText().understood())
    ScaleFactory.create(warehouse=run.warehouse)
    assert advance(run) is Step.RECEIVE
    return run


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, night: CutoffRun) -> Iterator[Page]:
    """The supervisor's phone."""
    supervisor = UserFactory.create(role=Role.WAREHOUSE, username="wang")
    with workplace(browser, live_server, supervisor, PHONE) as (page, heard):
        yield page
    assert heard.complaints == []
    assert heard.strangers == []


def advance(run: CutoffRun) -> Step | None:
    """What the schedule does every few seconds, long before the trucks leave."""
    early = run.campaign.freeze_at + timedelta(hours=2)

    def clock(_run: CutoffRun, _step: Step) -> datetime:
        return early

    return run_advance(run=run, options=RunOptions(clock=clock, plan=BUDGET))


def go(page: Page, run: CutoffRun, path: str) -> None:
    """Open a page of the night; none is wider than the phone."""
    answer = page.goto(f"/warehouse/{run.campaign.code}/{path}")
    assert answer is not None
    assert answer.status == 200
    assert overflow_px(page) == 0


def press(page: Page) -> None:
    """Press the button that a page is for."""
    page.locator(".act-bar .button--primary:visible").last.click()


def count(page: Page, run: CutoffRun, sku_code: str, **figures: int) -> None:
    """Count one line at the dock."""
    line = PurchaseOrderLine.objects.get(purchase_order__run=run, sku__code=sku_code)
    go(page, run, f"receiving/{line.purchase_order_id}/lines/{line.pk}/")
    for name, figure in figures.items():
        page.locator(f"[name={name}]").fill(str(figure))
    if figures.get("damaged_qty"):
        page.locator("[name=reject_note]").fill("漏奶")
    press(page)
    page.wait_for_url(re.compile(rf"/receiving/{line.purchase_order_id}/(\?.*)?(#.*)?$"))


def card_of(run: CutoffRun, sku_code: str) -> SortTask:
    return SortTask.objects.get(wave__run=run, sku__code=sku_code)


def sow(page: Page, run: CutoffRun, sku_code: str, *, slot: str = "", qty: int = 0) -> None:
    """Enter a card: one difference at most, nothing left over."""
    task = card_of(run, sku_code)
    go(page, run, f"sorting/cards/{task.pk}/")
    if slot:
        row = page.locator(".sort-figure", has_text=slot)
        row.locator("input:visible").fill(str(qty))
        row.locator("select").select_option("damaged")
    page.locator("[name=left_over_qty]").fill("0")
    page.locator("[name=sorter_name]").fill("周师傅")
    press(page)
    expect(page.locator(".notice--success").first).to_be_visible()


def refunded(reason: RefundReason) -> dict[str, tuple[int, int]]:
    """SKU → pieces and fen that go back for a reason."""
    lines = RefundLine.objects.filter(refund__reason=reason).order_by("order_line__sku__code")
    return {
        code: (qty, amount_fen)
        for code, qty, amount_fen in lines.values_list("order_line__sku__code", "qty", "amount_fen")
    }


def seal_all(page: Page, run: CutoffRun) -> None:
    for drop in Drop.objects.filter(wave__run=run).order_by("slot_code"):
        go(page, run, f"totes/{drop.pk}/")
        press(page)
        expect(page.locator(".notice--success").first).to_be_visible()


def load_all_but(page: Page, run: CutoffRun, trip: Trip, missing: Tote) -> None:
    go(page, run, f"loading/{trip.pk}/")
    for tote in Tote.objects.filter(drop__stops__trip=trip, state=ToteState.SEALED):
        if tote.pk != missing.pk:
            page.locator("#scan-field").fill(str(LabelCode(Labelled.TOTE, tote.pk)))
            page.locator("#scan-field").press("Enter")
            expect(page.locator("[role=status], [role=alert]").first).to_be_visible()
    assert (
        Tote.objects.filter(state=ToteState.LOADED).count()
        == Tote.objects.filter(drop__stops__trip=trip).exclude(state=ToteState.FREE).count() - 1
    )


def at_the_dock(page: Page, run: CutoffRun) -> None:
    """One milk leaks; both rules are looked at, one is chosen, the dock closes."""
    go(page, run, "")
    count(page, run, CABBAGE, packs=0, loose_qty=2)
    count(page, run, MILK, packs=0, loose_qty=3, damaged_qty=1)
    count(page, run, BASS, packs=0, loose_qty=1)
    go(page, run, "shortages/")
    expect(page.locator("main")).to_contain_text("鲜牛奶")
    page.locator("form[action$='/rule/'] button:visible").first.click()
    press(page)
    press(page)


def in_the_lanes(page: Page, run: CutoffRun) -> None:
    """A cabbage breaks, the milk fits, the bass is light."""
    slot = Drop.objects.get(wave__run=run, pickup_point__leader__code="L1").slot_code
    sow(page, run, CABBAGE, slot=slot, qty=1)
    sow(page, run, MILK)
    go(page, run, f"weighing/{card_of(run, BASS).pk}/")
    page.locator("[name=reading]").fill("0.580")
    press(page)
    page.wait_for_load_state()
    sow(page, run, BASS)


def what_is_short_is_final(page: Page, run: CutoffRun) -> None:
    go(page, run, "shortages/final/")
    page.locator("[name=confirmed]").check()
    press(page)
    page.wait_for_load_state()


def at_the_truck(page: Page, run: CutoffRun, trip: Trip) -> None:
    """One tote is not to be found; nobody can sign without saying so."""
    seal_all(page, run)
    missing = Tote.objects.filter(drop__stops__trip=trip, state=ToteState.SEALED).latest("pk")
    load_all_but(page, run, trip, missing)
    go(page, run, f"loading/{trip.pk}/sign/")
    page.locator("[name=driver_name]").fill("李师傅")
    press(page)
    assert not LoadCheck.objects.exists()
    page.locator("[name=reason]").fill("冷库门口没找到")
    press(page)
    page.wait_for_url(f"**/loading/{trip.pk}/")


def in_the_morning(page: Page, run: CutoffRun, trip: Trip) -> None:
    """The delivery notes say nothing new; every case gets its bearer; the day closes."""
    go(page, run, f"loading/{trip.pk}/return/")
    page.locator("[name=empties_in]").fill("0")
    press(page)
    page.wait_for_load_state()
    for case in ExceptionCase.objects.filter(run=run, bearer=""):
        go(page, run, f"exceptions/{case.pk}/")
        press(page)
        page.wait_for_load_state()
    go(page, run, "day-close/")
    press(page)
    page.wait_for_load_state()


def test_a_night_from_the_dock_to_the_closed_day(phone: Page, night: CutoffRun) -> None:
    at_the_dock(phone, night)
    assert advance(night) is Step.REFUND
    assert Allocation.objects.get(run=night, short_qty__gt=0).short_qty == 1

    in_the_lanes(phone, night)
    assert set(SortTask.objects.values_list("state", flat=True)) == {SortTaskState.DONE}

    what_is_short_is_final(phone, night)
    assert advance(night) is None
    assert refunded(RefundReason.SHORTAGE) == {CABBAGE: (1, 159), MILK: (1, 1290)}
    assert list(refunded(RefundReason.SHORT_WEIGHT)) == [BASS]

    trip = Trip.objects.get(delivery_run__cutoff_run=night)
    at_the_truck(phone, night, trip)
    assert LoadCheck.objects.get(trip=trip).missing_totes == 1
    assert ExceptionCase.objects.filter(run=night, stage=Stage.LOAD).exists()

    in_the_morning(phone, night, trip)
    assert CutoffRun.objects.get(pk=night.pk).day_closed_at is not None
    assert Paper.objects.filter(run=night, document=Document.DAY_CLOSE).exists()
