"""Every provider, asked over a real line, answers in WGS-84 or says why not."""

import json
import logging
import math
import time
from collections.abc import Iterator

import pytest

from leaders.domain.coordinates import Place
from leaders.errors import GeocodingUnavailable
from leaders.integrations.geocoding import GEOCODERS, GeocoderSettings, GeocodingProvider
from tests.fake_geocoders import ADDRESS, KEY, PLACE, FakeGeocoders, fake_geocoders

pytestmark = pytest.mark.usefixtures("english")

NAMES = ["nominatim", "baidu", "amap"]


@pytest.fixture
def fake() -> Iterator[FakeGeocoders]:
    with fake_geocoders() as server:
        yield server


def provider(name: str, fake: FakeGeocoders, *, timeout_s: float = 5.0) -> GeocodingProvider:
    given = GeocoderSettings(name=name, key=KEY, url=f"{fake.url}/", timeout_s=timeout_s)
    return GEOCODERS[name](given)


def apart_m(here: Place, there: Place) -> float:
    """How far two places near Zhengzhou lie apart."""
    east = (here.lng - there.lng) * math.cos(math.radians(here.lat))
    return math.hypot(east, here.lat - there.lat) * 111_320


@pytest.mark.parametrize("name", NAMES)
def test_an_address_is_found_where_it_is(name: str, fake: FakeGeocoders) -> None:
    (found,) = provider(name, fake).places(ADDRESS)

    # Amap rounds to six digits, a tenth of a metre.
    assert apart_m(found.place, PLACE) < 0.2
    assert ADDRESS in found.label


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_address_is_no_failure(name: str, fake: FakeGeocoders) -> None:
    assert provider(name, fake).places("天上人间 1 号") == ()


def test_each_service_is_asked_in_its_own_words(fake: FakeGeocoders) -> None:
    for name in NAMES:
        provider(name, fake).places(ADDRESS)

    nominatim, baidu, amap = fake.asked
    assert nominatim == {
        "q": ADDRESS,
        "format": "json",
        "limit": "5",
        "countrycodes": "cn",
        "accept-language": "zh",
    }
    assert baidu == {"ak": KEY, "output": "json", "address": ADDRESS}
    assert amap == {"key": KEY, "output": "JSON", "address": ADDRESS}
    assert fake.agents[0] == "tuanpei"


def test_a_nominatim_below_a_path_is_asked_there(fake: FakeGeocoders) -> None:
    given = GeocoderSettings(name="nominatim", key="", url=f"{fake.url}/osm", timeout_s=5)

    assert GEOCODERS["nominatim"](given).places(ADDRESS)


@pytest.mark.parametrize("name", ["nominatim", "amap"])
def test_several_places_come_likeliest_first_and_those_abroad_not_at_all(
    name: str, fake: FakeGeocoders
) -> None:
    nearby = Place(113.7, 34.8)
    fake.knows_more = (Place(2.35, 48.86), nearby)

    first, second = provider(name, fake).places(ADDRESS)

    assert apart_m(first.place, PLACE) < 0.2
    assert apart_m(second.place, nearby) < 0.2


def test_more_than_five_places_are_too_many(fake: FakeGeocoders) -> None:
    fake.knows_more = tuple(Place(113.7, 34.8 + n / 100) for n in range(9))

    assert len(provider("amap", fake).places(ADDRESS)) == 5


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("baidu", {"status": 302, "message": "天配额超限，限制访问"}),
        ("baidu", {"status": 401, "message": "当前并发量已经超过约定并发配额"}),
        ("amap", {"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"}),
        ("amap", {"status": "0", "info": "CUQPS_HAS_EXCEEDED_THE_LIMIT", "infocode": "10021"}),
    ],
)
def test_a_spent_quota_is_told_as_that(
    name: str, answer: dict[str, object], fake: FakeGeocoders
) -> None:
    fake.instead = (200, json.dumps(answer).encode())

    with pytest.raises(GeocodingUnavailable, match="Too many addresses"):
        provider(name, fake).places(ADDRESS)


def test_a_busy_nominatim_is_told_as_that(fake: FakeGeocoders) -> None:
    fake.instead = (429, b"Too many requests")

    with pytest.raises(GeocodingUnavailable, match="Too many addresses"):
        provider("nominatim", fake).places(ADDRESS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, b"<html>proxy</html>", id="no_json"),
        pytest.param(200, b'"a word"', id="other_json"),
        pytest.param(500, b"{}", id="broken"),
        pytest.param(302, b"", id="sent_elsewhere"),
        pytest.param(200, b" " * 1_100_000, id="too_large"),
    ],
)
def test_a_strange_answer_is_no_answer(
    name: str, status: int, body: bytes, fake: FakeGeocoders
) -> None:
    fake.instead = (status, body)

    with pytest.raises(GeocodingUnavailable, match="does not answer"):
        provider(name, fake).places(ADDRESS)
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("baidu", {"status": 200, "message": "AK有误"}),
        ("baidu", {"status": 5, "message": "ak不存在"}),
        ("baidu", {"status": 1, "message": "服务器内部错误"}),
        ("amap", {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}),
        ("amap", {"status": "0", "info": "UNKNOWN", "infocode": "39999"}),
    ],
)
def test_a_refusal_that_is_no_fault_of_the_words_is_a_failure(
    name: str,
    answer: dict[str, object],
    fake: FakeGeocoders,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.instead = (200, json.dumps(answer).encode())

    with caplog.at_level(logging.WARNING), pytest.raises(GeocodingUnavailable):
        provider(name, fake).places(ADDRESS)

    assert name in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("baidu", {"status": 2, "message": "Parameter Invalid"}),
        ("amap", {"status": "0", "info": "INVALID_PARAMS", "infocode": "20000"}),
    ],
)
def test_words_a_service_cannot_read_are_an_unknown_address(
    name: str, answer: dict[str, object], fake: FakeGeocoders
) -> None:
    fake.instead = (200, json.dumps(answer).encode())

    assert provider(name, fake).places("？？？") == ()


def test_nobody_waits_longer_than_was_said(fake: FakeGeocoders) -> None:
    fake.trickles_s = 0.05
    began = time.monotonic()

    with pytest.raises(GeocodingUnavailable):
        provider("amap", fake, timeout_s=0.2).places(ADDRESS)

    # The whole answer would trickle for half a minute.
    assert time.monotonic() - began < 5


def test_a_silent_service_is_given_up(fake: FakeGeocoders) -> None:
    fake.late_s = 0.5

    with pytest.raises(GeocodingUnavailable):
        provider("baidu", fake, timeout_s=0.05).places(ADDRESS)


def test_nobody_there_is_told_as_that() -> None:
    given = GeocoderSettings(name="amap", key=KEY, url="http://127.0.0.1:9", timeout_s=1)

    with pytest.raises(GeocodingUnavailable):
        GEOCODERS["amap"](given).places(ADDRESS)


def test_without_a_service_there_is_no_search() -> None:
    given = GeocoderSettings(name="none", key="", url="", timeout_s=1)

    with pytest.raises(GeocodingUnavailable, match="no address search"):
        GEOCODERS["none"](given).places(ADDRESS)
