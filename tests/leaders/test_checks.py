"""What is checked before the address search is used."""

import pytest
from django.core.checks.registry import registry
from pytest_django import Settings

from leaders.checks import check_geocoder


def complaints() -> list[str]:
    return [check.msg for check in check_geocoder()]


def test_the_start_looks_at_it() -> None:
    known: list[object] = list(registry.get_checks())

    assert check_geocoder in known


@pytest.mark.parametrize(
    ("name", "key", "url"),
    [
        ("none", "", ""),
        ("baidu", "k", ""),
        ("amap", "k", "http://127.0.0.1:8080"),
        ("nominatim", "", "https://nominatim.example"),
    ],
)
def test_a_search_that_can_work_passes(settings: Settings, name: str, key: str, url: str) -> None:
    settings.GEOCODER, settings.GEOCODER_KEY, settings.GEOCODER_URL = name, key, url

    assert complaints() == []


@pytest.mark.parametrize(
    ("name", "key", "url", "words"),
    [
        ("google", "k", "", "there are none, nominatim, baidu, amap"),
        ("baidu", "", "", "GEOCODER_KEY"),
        ("amap", "", "", "GEOCODER_KEY"),
        ("nominatim", "", "", "GEOCODER_URL"),
        ("amap", "k", "amap.example", "GEOCODER_URL"),
    ],
)
def test_a_search_that_cannot_work_stops_the_start(
    settings: Settings, name: str, key: str, url: str, words: str
) -> None:
    settings.GEOCODER, settings.GEOCODER_KEY, settings.GEOCODER_URL = name, key, url

    (complaint,) = complaints()

    assert words in complaint
