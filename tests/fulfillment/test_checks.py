"""The checks at the start of a process."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings


def test_a_house_with_fonts_and_no_templates_starts() -> None:
    call_command("check")


def test_missing_fonts_stop_the_start(settings: Settings, tmp_path: Path) -> None:
    settings.FONTS_DIR = tmp_path

    with pytest.raises(SystemCheckError, match=r"fulfillment\.E001"):
        call_command("check")


def test_a_font_without_chinese_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    latin = next(Path(django_settings.BASE_DIR).glob(".venv/lib/*/site-packages/**/Vera.ttf"))
    for name in ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf"):
        shutil.copy(latin, tmp_path / name)
    settings.FONTS_DIR = tmp_path

    with pytest.raises(SystemCheckError, match="has no glyphs for 汉字"):
        call_command("check")


def test_a_template_that_cannot_be_used_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "load_sheet.toml").write_text("title = 1", encoding="utf-8")
    settings.PAPER_TEMPLATES_DIR = tmp_path

    with pytest.raises(SystemCheckError, match=r"load_sheet\.toml, key title"):
        call_command("check")


def test_a_house_that_asks_a_road_service_starts(settings: Settings) -> None:
    settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "osrm", "http://127.0.0.1:5000/roads"

    call_command("check")


def test_an_unknown_provider_of_roads_stops_the_start(settings: Settings) -> None:
    settings.TRAVEL_PROVIDER = "horse"

    with pytest.raises(
        SystemCheckError, match=r"E003.*'horse'; there are estimate, osrm, valhalla"
    ):
        call_command("check")


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:5000", "ftp://roads", "http://", "http://me:secret@roads", "http://r/?a=1"],
)
def test_a_provider_of_roads_needs_an_address(settings: Settings, url: str) -> None:
    settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "valhalla", url

    with pytest.raises(SystemCheckError, match=r"fulfillment\.E004"):
        call_command("check")


@pytest.mark.parametrize(
    "name", ["TRAVEL_TIMEOUT_S", "TRAVEL_TOTAL_S", "TRAVEL_CACHE_DAYS", "TRAVEL_TABLE_SIZE"]
)
def test_limits_of_a_road_service_are_positive(settings: Settings, name: str) -> None:
    settings.TRAVEL_PROVIDER, settings.TRAVEL_URL = "osrm", "http://127.0.0.1:5000"
    setattr(settings, name, -1)

    with pytest.raises(SystemCheckError, match=r"fulfillment\.E005"):
        call_command("check")
