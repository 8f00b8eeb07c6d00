"""A driver's whole trip on a phone, with the network cut in the middle: nothing lost or doubled."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.delivery import Stop
from fulfillment.models.driving import DeliveryProof, DriverEvent
from fulfillment.models.handover import Handover
from fulfillment.services.driving import endings_apply
from fulfillment.services.handover_codes import handover_code
from leaders.models.accounts import User
from tests.browser.workplaces import PHONE, Heard, overflow_px, workplace
from tests.factories.docks import Dock
from tests.factories.driving import loaded_dock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The smallest JPEG that is a picture.
PHOTO = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c19"
    "12130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b08"
    "0001000101011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000"
    "000000ffda0008010100003f0054dfffd9"
)


@pytest.fixture
def road(transactional_db: None) -> Dock:
    """A published trip of four stops, loaded and signed for."""
    return loaded_dock(trips=1, stops=4)


@pytest.fixture
def driver(road: Dock) -> User:
    """Whose trip it is."""
    driver = road.trips[0].driver
    assert driver is not None
    assert driver.user is not None
    return driver.user


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, driver: User) -> Iterator[tuple[Page, Heard]]:
    """A small phone of the driver's, with scripts."""
    with workplace(browser, live_server, driver, PHONE) as (page, heard):
        yield page, heard


def stop_of(road: Dock, nth: int) -> Stop:
    return road.stop_of(road.drops[nth])


def trip_url(road: Dock) -> str:
    return f"/drive/trips/{road.trips[0].pk}/"


def states(road: Dock) -> list[str]:
    return [stop_of(road, nth).state for nth in range(len(road.drops))]


def kept_offline(page: Page) -> None:
    """Wait until the phone says that it could do without a network."""
    expect(page.locator("[data-kept]")).to_be_visible()


def cut_network(context: BrowserContext) -> None:
    """Take the network away; a tab that is opened later has none from its first moment."""
    context.route("**/*", lambda route: route.abort())
    context.set_offline(True)


def mend_network(context: BrowserContext) -> None:
    """Give it back."""
    context.unroute("**/*")
    context.set_offline(False)


def open_stop(page: Page, road: Dock, nth: int) -> None:
    page.locator(f'li[data-stop="{stop_of(road, nth).pk}"] a').click()
    expect(page.locator("[data-page-of-stop]")).to_be_visible()


def arrive(page: Page) -> None:
    page.locator('[data-event="arrive"] button').click()
    expect(page.locator('[data-event="hand_over"]')).to_be_visible()


def hand_over(page: Page, road: Dock, nth: int, *, totes: int = 3) -> None:
    page.locator('[data-event="hand_over"] [name="totes"]').fill(str(totes))
    page.locator('[data-event="hand_over"] [name="empties"]').fill("1")
    page.locator('[name="code"]').fill(handover_code(stop_of(road, nth), timezone.now()))
    page.locator('[data-event="hand_over"] [type="submit"]').last.click()
    page.wait_for_url(f"**{trip_url(road)}")


def hand_over_signed(page: Page, road: Dock) -> None:
    page.locator('[data-event="hand_over"] [name="totes"]').fill("3")
    sign(page)
    page.locator('[data-event="hand_over"] [type="submit"]').last.click()
    page.wait_for_url(f"**{trip_url(road)}")


def fail_with_photo(page: Page, road: Dock) -> None:
    page.locator(".drive-more", has=page.locator('[data-event="fail"]')).locator("summary").click()
    page.locator('[data-event="fail"] [value="absent"]').check()
    page.locator('[data-event="fail"] [name="photo"]').set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    )
    page.locator('[data-event="fail"] [type="submit"]').click()
    page.wait_for_url(f"**{trip_url(road)}")


def sign(page: Page) -> None:
    canvas = page.locator("[data-sign]")
    page.locator('[data-event="hand_over"] [value="signature"]').check()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 20, steps=5)
    page.mouse.move(box["x"] + 200, box["y"] + 80, steps=5)
    page.mouse.up()


def test_a_whole_trip_with_the_network_cut_in_the_middle(
    phone: tuple[Page, Heard], road: Dock
) -> None:
    page, heard = phone
    page.goto(trip_url(road))
    kept_offline(page)
    page.locator('[data-event="depart"] button').click()
    expect(page.locator('[data-event="depart"]')).to_be_hidden()

    # The first stop, online, by the code of the leader's page.
    open_stop(page, road, 0)
    arrive(page)
    hand_over(page, road, 0)
    assert states(road) == ["delivered", "planned", "planned", "planned"]

    # No network from here: the second stop with a signature.
    cut_network(page.context)
    open_stop(page, road, 1)
    arrive(page)
    hand_over_signed(page, road)
    expect(page.locator("[data-queue]")).to_have_attribute("data-unsent", "3")

    # A reload does not lose it, and the next stop is known.
    page.reload()
    expect(page.locator("[data-queue]")).to_have_attribute("data-unsent", "3")
    expect(page.locator("[data-next]")).to_have_attribute("data-stop", str(stop_of(road, 2).pk))

    # The third fails, with a photo; then the phone's tab is closed and opened again.
    open_stop(page, road, 2)
    fail_with_photo(page, road)
    tab = page.context.new_page()
    page.close()
    tab.goto(trip_url(road))
    # A tab that closes may get a report through: the browser lifts the cut with it.
    expect(tab.locator("[data-queue]")).to_have_attribute("data-unsent", re.compile("[1-5]"))
    expect(tab.locator("[data-failed]")).to_have_text("1")
    assert states(road)[2:] == ["planned", "planned"]

    # Back online everything arrives by itself, in order, once.
    back_online(tab, road)
    expect(tab.locator(".notice--success")).to_be_visible()
    assert_once(heard)


def back_online(tab: Page, road: Dock) -> None:
    """Send what waits, do the last stop, and return."""
    mend_network(tab.context)
    expect(tab.locator("[data-queue]")).to_be_hidden(timeout=20_000)
    assert states(road) == ["delivered", "delivered", "failed", "planned"]
    open_stop(tab, road, 3)
    arrive(tab)
    hand_over(tab, road, 3)
    tab.locator('[data-event="return"] button').click()


def assert_once(heard: Heard) -> None:
    """Everything that was done is in the rows, in its order and once."""
    events = DriverEvent.objects.order_by("pk").values_list("kind", "result__outcome")
    door = ["arrive", "hand_over"]
    kinds = ["depart", *door, *door, "fail", *door, "return"]
    assert list(events) == [(kind, "applied") for kind in kinds]
    proofs = DeliveryProof.objects.order_by("pk").values_list("kind", flat=True)
    assert list(proofs) == ["signature", "photo"]
    methods = Handover.objects.order_by("stop__stop_seq").values_list("method", "state")
    assert list(methods)[:2] == [("code", "signed"), ("signature", "signed")]
    assert heard.strangers == []


def test_what_was_done_offline_is_taken_back_offline(phone: tuple[Page, Heard], road: Dock) -> None:
    page, _heard = phone
    page.goto(trip_url(road))
    kept_offline(page)
    cut_network(page.context)
    open_stop(page, road, 0)
    arrive(page)
    hand_over(page, road, 0)
    open_stop(page, road, 0)

    page.locator('[data-event="undo"] button').click()
    expect(page.locator('[data-event="hand_over"]')).to_be_visible()

    mend_network(page.context)
    expect(page.locator("[data-queue]")).to_be_hidden(timeout=20_000)
    assert states(road)[0] == "arrived"
    assert endings_apply(now=timezone.now() + timedelta(hours=1)) == 0


def test_a_refused_code_is_said_and_the_entry_stays(phone: tuple[Page, Heard], road: Dock) -> None:
    page, _heard = phone
    page.goto(trip_url(road))
    open_stop(page, road, 0)
    arrive(page)
    form = page.locator('[data-event="hand_over"]')
    form.locator('[name="totes"]').fill("2")
    form.locator('[name="code"]').fill("000000")
    form.locator('[type="submit"]').last.click()
    expect(form.locator("[data-problem]")).to_have_text(re.compile("3"))
    assert not DriverEvent.objects.filter(kind="hand_over").exists()

    form.locator('[name="totes"]').fill("3")
    form.locator('[type="submit"]').last.click()

    expect(page.locator('[data-log-rows] [data-status="refused"]')).to_have_count(1)
    expect(form.locator("[data-problem]")).to_be_visible()
    expect(form.locator('[name="totes"]')).to_have_value("3")
    assert DriverEvent.objects.get(kind="hand_over").result.outcome == "refused"


def test_logged_out_on_the_road_the_queue_stays_and_says_so(
    phone: tuple[Page, Heard], road: Dock
) -> None:
    page, _heard = phone
    page.goto(trip_url(road))
    open_stop(page, road, 0)
    page.context.clear_cookies(name="sessionid")

    page.locator('[data-event="arrive"] button').click()

    expect(page.locator("[data-login-again]")).to_be_visible()
    kept = page.evaluate(
        """() => new Promise((resolve) => {
          const request = indexedDB.open('drive', 1);
          request.onsuccess = () => {
            const all = request.result.transaction('queue').objectStore('queue').getAll();
            all.onsuccess = () => resolve(all.result.map((row) => [row.kind, row.status]));
          };
        })"""
    )
    assert kept == [["arrive", "unsent"]]
    assert states(road)[0] == "planned"


def test_every_page_fits_the_phone_and_breaks_no_rule(
    phone: tuple[Page, Heard], road: Dock
) -> None:
    page, heard = phone
    stop = stop_of(road, 0)
    for address in ["/drive/", trip_url(road), f"{trip_url(road)}stops/{stop.pk}/"]:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")

        assert overflow_px(page) == 0, address
    assert heard.complaints == []
    assert heard.strangers == []


def test_a_phone_without_scripts_does_a_stop(
    browser: Browser, live_server: LiveServer, driver: User, road: Dock
) -> None:
    with workplace(browser, live_server, driver, PHONE, has_scripts=False) as (page, heard):
        page.goto(trip_url(road))
        page.locator('[data-event="depart"] button').click()
        open_stop(page, road, 0)
        page.locator('[data-event="arrive"] button').click()
        hand_over(page, road, 0)

        assert states(road)[0] == "delivered"
        assert overflow_px(page) == 0
        assert heard.complaints == []
