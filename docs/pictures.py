"""The README's pictures, one per role, taken from a running demo.

    make demo
    python -m docs.pictures --url http://127.0.0.1:8000 --leader CODE --password WORD

The demo prints the leader's log-in and the password. Written are
docs/img/{leader,shop,order,warehouse,dispatcher,buyer}.png, each small enough to
load on a phone. For the resident's pictures an order is placed and paid.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parent / "img"
MAX_BYTES = 200_000
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
TALL_DESK: ViewportSize = {"width": 1280, "height": 1080}
MOBILE_AGENT = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
)
# A number of a segment that is given to nobody; the demo shows the code.
RESIDENT_PHONE = "19906912480"
GOODS = 4
GAP_PX = 40
BACKDROP = (226, 232, 228)
COLOURS = (256, 192, 128, 64)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


class PictureTooLarge(Exception):
    """No number of colours makes the picture small enough."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A log-in at a demo."""

    browser: Browser
    url: str
    username: str
    password: str

    def take(
        self, size: ViewportSize, scale: float, *ways: Callable[[Page], object]
    ) -> list[Image.Image]:
        """Log in, go each way and return one picture for each."""
        context = self.browser.new_context(
            viewport=size,
            device_scale_factor=scale,
            base_url=self.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        with closing(context):
            page = context.new_page()
            page.goto("/login/")
            page.locator("[name=username]").fill(self.username)
            page.locator("[name=password]").fill(self.password)
            page.locator("main button[type=submit]").click()
            page.wait_for_load_state("networkidle")
            return [self._picture(page, way) for way in ways]

    def _picture(self, page: Page, way: Callable[[Page], object]) -> Image.Image:
        way(page)
        return picture_of(page)


class Shopper:
    """A resident's phone at a leader's page."""

    def __init__(self, browser: Browser, shop_url: str) -> None:
        self._context = browser.new_context(
            viewport=PHONE,
            device_scale_factor=1.5,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            user_agent=MOBILE_AGENT,
        )
        self._page = self._context.new_page()
        self._page.goto(shop_url)

    def close(self) -> None:
        """Put the phone away."""
        self._context.close()

    def choose(self) -> list[Image.Image]:
        """Put goods into the basket; the shop from above, the shelf, and the basket."""
        page = self._page
        top = picture_of(page)
        goods = page.locator(".stepper__more").all()
        for good in goods[:: len(goods) // GOODS][:GOODS]:
            good.click()
        page.locator(".cart-bar__count", has_text=str(GOODS)).wait_for()
        shelf = picture_of(page)
        page.locator("#cart-bar a").click()
        return [top, shelf, picture_of(page)]

    def order(self) -> list[Image.Image]:
        """Check out and pay; the last look at the basket, the cashier, the paid order."""
        page = self._page
        page.locator("a[href*='/checkout/']").first.click()
        page.locator("[name=phone]").fill(RESIDENT_PHONE)
        page.locator("[name=has_agreed]").check()
        page.locator("form.form button[type=submit]").click()
        page.locator("[name=code]").fill(page.locator("[data-code]").inner_text())
        page.locator("form.form button[type=submit]").click()
        page.locator("[name=name]").fill("陈海燕")
        page.locator("[name=building]").fill("3栋")
        page.locator("[name=room]").fill("501")
        checkout = picture_of(page)
        page.locator("form[data-once] button[type=submit]").click()
        page.locator("[data-go]").click()
        cashier = picture_of(page)
        page.locator("button").click()
        page.locator("[data-state=paid]").wait_for()
        return [checkout, cashier, picture_of(page)]


def picture_of(page: Page) -> Image.Image:
    """What the screen shows once nothing is loading any more."""
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def main() -> None:
    """Take all pictures."""
    options = _options()
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        for name, picture in _pictures(browser, options).items():
            size = picture_write(picture, FOLDER / f"{name}.png")
            sys.stdout.write(f"docs/img/{name}.png {size // 1000} kB\n")
        browser.close()


def _pictures(browser: Browser, options: argparse.Namespace) -> dict[str, Image.Image]:
    def visit(username: str) -> Visit:
        return Visit(browser, options.url, username, options.password)

    phone = visit(options.leader).take(
        PHONE,
        1.5,
        lambda page: page.goto("/leader/"),
        lambda page: page.goto("/leader/pickups/"),
        lambda page: page.goto("/leader/kit/"),
    )
    with closing(Shopper(browser, f"{options.url}/g/{options.leader.upper()}/")) as shopper:
        shop, order = shopper.choose(), shopper.order()
    [warehouse] = visit("warehouse").take(DESK, 1, lambda page: page.goto("/papers/"))
    [dispatcher] = visit("dispatcher").take(TALL_DESK, 1, _newest_plan)
    [buyer] = visit("buyer").take(
        DESK, 1, lambda page: page.goto("/admin/fulfillment/purchaseorder/")
    )
    return {
        "leader": side_by_side(phone),
        "shop": side_by_side(shop),
        "order": side_by_side(order),
        "warehouse": warehouse,
        "dispatcher": dispatcher,
        "buyer": buyer,
    }


def _newest_plan(page: Page) -> None:
    """Open the newest route plan and wait for its map."""
    page.goto("/routes/")
    if page.locator("main .leaflet-container").count() == 0:
        page.locator("main a[href^='/routes/']").first.click()
    page.locator("main .leaflet-container").wait_for()


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Return one picture of several screens with a margin around each."""
    width = sum(picture.width for picture in pictures) + GAP_PX * (len(pictures) + 1)
    height = max(picture.height for picture in pictures) + 2 * GAP_PX
    sheet = Image.new("RGB", (width, height), BACKDROP)
    left = GAP_PX
    for picture in pictures:
        sheet.paste(picture, (left, GAP_PX))
        left += picture.width + GAP_PX
    return sheet


def picture_write(picture: Image.Image, path: Path, max_bytes: int = MAX_BYTES) -> int:
    """Save with as many colours as fit into the bytes allowed; return the bytes used.

    Raises
    ------
    PictureTooLarge
        If even the fewest colours need more.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in COLOURS:
        buffer = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= max_bytes:
            path.write_bytes(buffer.getvalue())
            return buffer.tell()
    raise PictureTooLarge(f"{path.name} stays above {max_bytes} bytes.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m docs.pictures", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the running demo")
    parser.add_argument(
        "--leader", required=True, help="user name of a leader, as told by the demo"
    )
    parser.add_argument("--password", required=True, help="as told by the demo")
    return parser.parse_args()


if __name__ == "__main__":
    main()
