"""The board in a real browser: dragged, judged, undone, locked, accepted, published."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.delivery import DeliveryRun, Stop
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState
from fulfillment.models.warehouse import Drop, DropLock
from fulfillment.services.plan_drafts import draft_solve
from leaders.models.accounts import Role, User
from orders.models.campaigns import Campaign
from tests.browser.workplaces import DESK, PHONE, overflow_px, workplace
from tests.factories.boards import board_day, key_at, unserved_key
from tests.factories.leaders import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLET: ViewportSize = {"width": 768, "height": 1024}
TRIPS, STOPS = 3, 3
PLANS = "/routes/D-C1/board/"


@pytest.fixture
def plan(transactional_db: None) -> DeliveryRun:
    # Of tomorrow: a new plan lets nothing leave before now.
    plan = board_day(trips=TRIPS, stops=STOPS)
    Campaign.objects.update(delivery_date=timezone.localdate() + timedelta(days=1))
    return plan


@pytest.fixture
def dispatcher(transactional_db: None) -> User:
    user: User = UserFactory.create(role=Role.DISPATCHER)
    return user


def open_board(page: Page) -> None:
    """Open the accepted plan to be changed by hand."""
    page.goto(PLANS)
    page.locator("form[action$='/open/'] button").click()
    page.wait_for_url(re.compile(r"/board/\d+/$"))
    if page.evaluate("document.documentElement.classList.contains('has-script')"):
        expect(page.locator("#board-map path.trip-line")).to_have_count(TRIPS)


def stop(page: Page, key: str) -> Locator:
    return page.locator(f"[data-stop='{key}']")


def drag(page: Page, source: Locator, target: Locator) -> None:
    """Drag a stop by mouse onto another row or list; it lands in front of what is there."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 120, start["y"] + start["height"] - 6)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 4, steps=6)
    page.mouse.up()


def test_a_stop_is_dragged_judged_and_taken_back(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, heard):
        open_board(page)
        moved = key_at(plan, 1, 2)

        drag(page, stop(page, moved), stop(page, key_at(plan, 2, 2)))

        expect(page.locator("#day-VB .drop")).to_have_count(STOPS + 1)
        expect(page.locator("#day-VB .drop").nth(1)).to_have_attribute("data-stop", moved)
        expect(page.locator("#board-moved")).to_have_text("1")
        expect(page.locator("#board-verdict")).to_have_class(re.compile("badge--accent"))
        expect(page.locator("#board-delta")).not_to_have_text("¥0.00")

        page.locator("#undo").click()

        expect(page.locator("#day-VA .drop")).to_have_count(STOPS)
        expect(page.locator("#board-moved")).to_have_text("0")
        expect(page.locator("#undo")).to_be_disabled()

        page.keyboard.press("Control+y")

        expect(page.locator("#board-moved")).to_have_text("1")
        assert heard.complaints == []
        assert heard.strangers == []


def test_a_move_that_breaks_a_rule_turns_red_and_cannot_be_accepted(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    Stop.objects.filter(drop_id=key_at(plan, 1, 1)).update(weight_g=595_000)
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        open_board(page)
        drag(page, stop(page, key_at(plan, 1, 1)), stop(page, key_at(plan, 2, 1)))

        expect(page.locator("#board-verdict")).to_have_class(re.compile("badge--danger"))
        expect(page.locator("#trip-VB-1 .load.is-over")).to_have_count(1)
        expect(page.locator("#board-faults")).to_contain_text("VB-1")

        page.locator("a[href$='/compare/']").click()

        expect(page.locator("form[action$='/accept/'] button")).to_be_disabled()


def test_stops_leave_their_trip_join_from_none_and_open_a_new_one(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher, {"width": 1280, "height": 1800}) as (page, _):
        open_board(page)
        drag(page, stop(page, unserved_key(plan)), page.locator("[data-to='VZ/1']"))

        expect(page.locator("#day-VZ .drop")).to_have_count(1)
        expect(page.locator("#board-unserved .drop")).to_have_count(0)

        drag(page, stop(page, key_at(plan, 3, 1)), page.locator("#board-unserved h2"))

        expect(page.locator("#board-unserved .drop")).to_have_count(1)
        expect(page.locator("#day-VC .drop")).to_have_count(STOPS - 1)
        expect(page.locator("#board-map path.trip-line")).to_have_count(TRIPS + 1)


def test_a_finger_drags_by_the_grip(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        open_board(page)
        moved = key_at(plan, 1, 1)
        grip = stop(page, moved).locator(".drop__grip").bounding_box()
        target = stop(page, key_at(plan, 2, 1)).bounding_box()
        assert grip is not None
        assert target is not None
        touch = page.context.new_cdp_session(page)
        x, y = grip["x"] + 10, grip["y"] + 15
        touch.send("Input.dispatchTouchEvent", _finger("touchStart", x, y))
        for part in (0.3, 0.6, 1.0):
            to_x = x + part * (target["x"] + 40 - x)
            to_y = y + part * (target["y"] + 3 - y)
            touch.send("Input.dispatchTouchEvent", _finger("touchMove", to_x, to_y))
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        expect(page.locator("#day-VB .drop").first).to_have_attribute("data-stop", moved)


def test_escape_lets_a_stop_fall_back(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        open_board(page)
        box = stop(page, key_at(plan, 1, 1)).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 120, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 420, box["y"] + 60, steps=5)
        expect(page.locator(".drop--ghost")).to_be_visible()

        page.keyboard.press("Escape")
        page.mouse.up()

        expect(page.locator(".drop--ghost")).to_have_count(0)
        expect(page.locator("#board-moved")).to_have_text("0")


def test_a_stop_explains_itself_moves_and_is_locked(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, heard):
        open_board(page)
        key = key_at(plan, 1, 1)
        stop(page, key).locator("[data-open]").click()
        panel = page.locator("dialog[open]")
        expect(panel.locator("#why")).to_contain_text("VA-1")

        panel.locator("button[value=vehicle]").click()

        expect(stop(page, key).locator(".badge--info")).to_have_count(1)
        assert Drop.objects.get(pk=key).lock == DropLock.VEHICLE

        stop(page, key).locator("[data-open]").click()
        panel.locator("#to").select_option("VB/1")
        panel.locator(".panel__form button").click()

        expect(page.locator("#day-VB .drop")).to_have_count(STOPS + 1)
        expect(page.locator("#board-verdict")).to_have_class(re.compile("badge--danger"))
        assert heard.complaints == []


def test_what_if_with_one_vehicle_less_is_searched_compared_accepted_and_published(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, heard):
        page.goto(PLANS)
        form = page.locator("form:has(input[value=one_less])")
        form.locator("select").select_option("10")
        form.locator("button").click()
        draft = PlanDraft.objects.get()
        expect(page.locator(f"#draft-{draft.pk} progress")).to_be_visible()

        PlanDraft.objects.filter(pk=draft.pk).update(
            request={**draft.request, "engine": "savings", "seconds": 1}
        )
        draft_solve(draft_id=draft.pk)

        page.locator(f"#draft-{draft.pk} a[href$='/compare/']").click()
        expect(page.locator("#compare")).to_be_visible()
        page.locator("form[action$='/accept/'] button").click()
        page.wait_for_url("**/routes/D-C1/")
        plan.refresh_from_db()
        assert plan.revision == 2
        assert 0 < plan.trips.values("vehicle").distinct().count() < TRIPS

        page.locator("form[action$='/publish/'] button").click()

        expect(page.locator("#publish.notice--success")).to_be_visible()
        plan.refresh_from_db()
        assert plan.published_at is not None
        assert heard.complaints == []
        assert heard.strangers == []


def test_a_search_is_cancelled(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        page.goto(PLANS)
        page.locator("form:has(input[value=afresh]) button").click()
        page.locator("form[action$='/cancel/'] button").click()

        expect(page.locator(".draft progress")).to_have_count(0)
        assert PlanDraft.objects.get().state == PlanDraftState.DROPPED


def test_the_second_of_two_dispatchers_is_told_and_sees_what_the_first_did(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    other: User = UserFactory.create(role=Role.DISPATCHER)
    with (
        workplace(browser, live_server, dispatcher) as (first, _),
        workplace(browser, live_server, other) as (second, _heard),
    ):
        open_board(first)
        open_board(second)
        drag(first, stop(first, key_at(plan, 1, 1)), stop(first, key_at(plan, 2, 1)))
        expect(first.locator("#board-moved")).to_have_text("1")

        drag(second, stop(second, key_at(plan, 1, 2)), stop(second, key_at(plan, 2, 2)))

        expect(second.locator(".board__said.is-refusal")).to_be_visible()
        expect(second.locator("#day-VB .drop")).to_have_count(STOPS + 1)
        expect(second.locator("#board-moved")).to_have_text("1")


def test_the_board_says_so_when_the_server_does_not_answer(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        open_board(page)
        page.route("**/move/", lambda route: route.abort())

        drag(page, stop(page, key_at(plan, 1, 1)), stop(page, key_at(plan, 2, 1)))

        expect(page.locator(".board__said.is-refusal")).to_be_visible()
        expect(page.locator("#day-VA .drop")).to_have_count(STOPS)


def test_one_trip_can_be_looked_at_alone_on_the_map(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher) as (page, _heard):
        open_board(page)

        page.locator("[data-look='VB-1']").click()
        expect(page.locator("#board-map path.trip-line")).to_have_count(1)

        page.locator("[data-look='VB-1']").click()
        expect(page.locator("#board-map path.trip-line")).to_have_count(TRIPS)


def test_without_scripts_a_form_moves_a_stop(
    browser: Browser, live_server: LiveServer, dispatcher: User, plan: DeliveryRun
) -> None:
    with workplace(browser, live_server, dispatcher, has_scripts=False) as (page, _heard):
        page.goto(PLANS)
        page.locator("form[action$='/open/'] button").click()
        key = key_at(plan, 1, 1)
        stop(page, key).locator("a").click()
        page.locator("#to").select_option("VB/1")
        page.locator("#position").fill("2")
        page.locator(".panel__form button").click()

        expect(page.locator("#day-VB .drop").nth(1)).to_have_attribute("data-stop", key)
        expect(page.locator("#board-moved")).to_have_text("1")

        page.locator("#undo").click()

        expect(page.locator("#board-moved")).to_have_text("0")


@pytest.mark.parametrize("viewport", [PHONE, TABLET, DESK])
def test_nothing_runs_off_the_screen(
    browser: Browser,
    live_server: LiveServer,
    dispatcher: User,
    plan: DeliveryRun,
    viewport: ViewportSize,
) -> None:
    with workplace(browser, live_server, dispatcher, viewport) as (page, heard):
        open_board(page)
        board = page.url
        for address in (PLANS, board, f"{board}compare/", f"{board}stops/{key_at(plan, 1, 1)}/"):
            page.goto(address)
            page.wait_for_load_state("networkidle")

            assert overflow_px(page) == 0
        assert heard.complaints == []


def _finger(kind: str, x: float, y: float) -> dict[str, object]:
    return {"type": kind, "touchPoints": [{"x": x, "y": y}]}
