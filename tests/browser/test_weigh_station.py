"""The weigh station and the label page on a small phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import SortTask
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import portions_standing
from leaders.models.accounts import Role, User
from tests.browser.workplaces import PHONE, overflow_px, workplace
from tests.factories.leaders import UserFactory
from tests.factories.weighing import ScaleFactory, melon_day
from tests.fulfillment.services.days import played

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run() -> CutoffRun:
    return played(melon_day())


@pytest.fixture
def scale(run: CutoffRun) -> Scale:
    until = timezone.localdate() + timedelta(days=30)
    made: Scale = ScaleFactory.create(warehouse=run.warehouse, verified_until=until)
    return made


@pytest.fixture
def weigher(scale: Scale) -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts_case", "plain_case"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_portions_are_weighed_with_one_figure_and_enter(
    browser: Browser,
    live_server: LiveServer,
    weigher: User,
    settings: Settings,
    language: str,
    has_scripts: bool,
) -> None:
    settings.LANGUAGE_CODE = language
    task = SortTask.objects.get(sku__code="K3")
    with workplace(browser, live_server, weigher, PHONE, has_scripts=has_scripts) as (page, heard):
        page.goto(f"/warehouse/C1/weighing/{task.pk}/")
        page.locator("[name=tare]").fill("20")
        page.locator("[name=reading]").fill("1.732")
        page.locator("[name=reading]").press("Enter")
        expect(page.locator(".weigh-last__figure")).to_contain_text("1.712 kg")
        expect(page.locator("[name=reading]")).to_have_value("")
        assert overflow_px(page) == 0

        page.locator("[name=reading]").fill("ST,GS,+ 1.770kg")
        page.locator("[name=reading]").press("Enter")
        expect(page.locator(".weigh-last__figure")).to_contain_text("1.750 kg")

        page.locator(".weigh-last form button").click()
        expect(page.locator(".weigh-last__figure")).to_contain_text("1.712 kg")
        assert heard.complaints == []
        assert heard.strangers == []

    assert WeighedPortion.objects.count() == 3
    assert [portion.net_g for portion in portions_standing()] == [1712]


def test_the_supervisors_words_stand_above_the_thumb_bar(
    browser: Browser, live_server: LiveServer, weigher: User
) -> None:
    task = SortTask.objects.get(sku__code="K3")
    with workplace(browser, live_server, weigher, PHONE) as (page, _heard):
        page.goto(f"/warehouse/C1/weighing/{task.pk}/")
        page.locator("[name=reading]").fill("1.6")
        page.locator("[name=reading]").press("Enter")

        note = page.locator("[name=note]")
        expect(note).to_be_focused()
        box, bar = note.bounding_box(), page.locator(".act-bar").bounding_box()
        assert box is not None
        assert bar is not None
        assert box["y"] + box["height"] <= bar["y"]
        note.fill("只剩小瓜")
        note.press("Enter")
        expect(page.locator(".weigh-last__figure")).to_contain_text("1.600 kg")

    assert WeighedPortion.objects.get().approval_note == "只剩小瓜"


@pytest.mark.parametrize("kind", ["pallet", "weigh", "tote", "household", "item"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_of_label_fits_the_phone(
    browser: Browser,
    live_server: LiveServer,
    weigher: User,
    settings: Settings,
    language: str,
    kind: str,
) -> None:
    settings.LANGUAGE_CODE = language
    with workplace(browser, live_server, weigher, PHONE) as (page, heard):
        page.goto(f"/warehouse/C1/labels/?kind={kind}")

        expect(page.locator("[name=size]")).to_be_visible()
        assert overflow_px(page) == 0
        assert heard.complaints == []
        assert heard.strangers == []
