"""A browser already logged in, for the pages of staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from leaders.models.accounts import User

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


@dataclass(slots=True)
class Heard:
    """What a page complained about, and whom it asked beside our own server."""

    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


@contextmanager
def workplace(
    browser: Browser,
    server: LiveServer,
    user: User,
    viewport: ViewportSize = DESK,
    *,
    has_scripts: bool = True,
) -> Iterator[tuple[Page, Heard]]:
    """A page of a browser in which the user is logged in, and what it says."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(
        viewport=viewport, base_url=server.url, locale="zh-CN", java_script_enabled=has_scripts
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    page = context.new_page()
    heard = Heard()
    page.on(
        "console",
        lambda line: heard.complaints.append(line.text) if line.type == "error" else None,
    )
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    page.on("request", lambda request: _note_stranger(heard, request.url, server.url))
    try:
        yield page, heard
    finally:
        context.close()


def overflow_px(page: Page) -> int:
    """By how much the page is wider than the screen, once it is there."""
    page.wait_for_load_state()
    width = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert isinstance(width, int)
    return width


def _note_stranger(heard: Heard, url: str, ours: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc != urlsplit(ours).netloc:
        heard.strangers.append(url)
