"""The checker finds what it looks for, each fault alone; and a good page has none."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.page_quality import dead_controls_of, faults_of
from tests.browser.workplaces import PHONE

pytestmark = pytest.mark.browser

HEAD = '<title>Page</title><meta name="viewport" content="width=device-width">'
GOOD = '<h1>Page</h1><a href="/" style="display:block;height:44px">Home</a>'


@pytest.fixture
def phone(browser: Browser) -> Page:
    return browser.new_context(viewport=PHONE).new_page()


def faults(phone: Page, body: str, head: str = HEAD) -> list[str]:
    phone.set_content(f'<!doctype html><html lang="zh-hans"><head>{head}</head>{body}</html>')
    return faults_of(phone)


def test_a_good_page_has_no_fault(phone: Page) -> None:
    assert faults(phone, GOOD) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<p style="color:#888">pale</p>', "contrast 3.54"),
        ('<div style="background:#000"><p>dark on dark</p></div>', "contrast 1.00"),
        ('<p style="color:rgb(0 0 0 / 40%)">thin</p>', "contrast 2.8"),
        ('<input style="height:44px;width:90px">', "no name"),
        ('<button style="height:44px;width:44px"><svg></svg></button>', "no name"),
        ('<button style="height:20px;width:90px">low</button>', "target 90×20"),
        (
            '<button style="height:30px;width:90px">a</button><br>'
            '<button style="height:30px;width:90px">b</button>',
            "target 90×30",
        ),
        ('<div style="width:400px;height:9px"></div>', "wider than the screen by"),
        ('<img src="">', "no alt"),
        ('<i id="x"></i><i id="x"></i>', "id twice: x"),
        ("<h1>Second</h1>", "not one h1"),
    ],
    ids=[
        "pale_text",
        "text_on_its_own_colour",
        "half_transparent_text",
        "field_without_a_name",
        "button_without_a_name",
        "low_button",
        "low_buttons_close_together",
        "wide_box",
        "picture_without_words",
        "doubled_id",
        "two_titles",
    ],
)
def test_every_fault_is_found(phone: Page, body: str, found: str) -> None:
    heard = faults(phone, GOOD + body)

    assert heard
    assert all(fault.startswith(found) for fault in heard)


def test_a_smaller_button_that_stands_alone_is_fine(phone: Page) -> None:
    button = '<button style="height:30px;width:90px;margin:20px">alone</button>'

    assert faults(phone, GOOD + button) == []


def test_a_link_in_a_sentence_is_as_high_as_its_line(phone: Page) -> None:
    assert faults(phone, f'{GOOD}<p>Read <a href="/">the rules</a> first.</p>') == []


def test_a_page_that_cannot_be_enlarged_is_a_fault(phone: Page) -> None:
    head = '<title>Page</title><meta name="viewport" content="width=device-width,user-scalable=no">'

    assert faults(phone, GOOD, head) == ["cannot be enlarged"]


def test_a_button_outside_a_form_is_dead_without_scripts(phone: Page) -> None:
    faults(
        phone,
        "<button>dead</button><button type='button' hidden>unseen</button>"
        "<form><button>alive</button></form>",
    )

    assert dead_controls_of(phone) == ["does nothing without scripts: <button>dead</button>"]
