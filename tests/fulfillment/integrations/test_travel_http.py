"""The wire to a road service, over real HTTP to a server that misbehaves."""

import time
from collections.abc import Iterator

import pytest

from fulfillment.integrations import travel_http
from fulfillment.integrations.travel_http import RoadLine
from fulfillment.route_errors import TravelQuestionRefused, TravelUnavailable
from tests.fake_roads import (
    FakeRoads,
    Fault,
    cut_short,
    endless,
    fake_roads,
    late,
    moved_to,
    status,
    trickling,
    words,
)

PATH = "/table/v1/driving/113.6,34.7;113.7,34.8?sources=0&destinations=1"

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def roads() -> Iterator[FakeRoads]:
    with fake_roads() as served:
        yield served


def ask(roads: FakeRoads, *, within_s: float = 5.0) -> dict[str, object]:
    return RoadLine(roads.url).ask(PATH, within_s=within_s)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(status(500), id="it_fails"),
        pytest.param(status(503), id="it_is_starting"),
        pytest.param(status(429), id="it_is_asked_too_often"),
        pytest.param(words('{"code": "Ok", "distan'), id="its_json_is_cut"),
        pytest.param(cut_short, id="it_hangs_up"),
    ],
)
def test_what_may_be_over_in_a_moment_is_asked_again(roads: FakeRoads, fault: Fault) -> None:
    roads.faults = [fault]

    answer = ask(roads)

    assert answer["code"] == "Ok"
    assert len(roads.asked) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(status(500), r"fails \(status 500\)", id="it_fails"),
        pytest.param(words("<html>"), "cannot be read", id="a_page"),
        pytest.param(cut_short, "does not answer", id="it_hangs_up"),
    ],
)
def test_a_second_failure_is_the_last(roads: FakeRoads, fault: Fault, said: str) -> None:
    roads.always = fault

    with pytest.raises(TravelUnavailable, match=said):
        ask(roads)

    assert len(roads.asked) == 2


def test_a_refusal_is_final_and_keeps_the_services_words(roads: FakeRoads) -> None:
    roads.always = status(400, '{"code":"InvalidQuery","message":"Query string malformed"}')

    with pytest.raises(TravelQuestionRefused, match="Query string malformed"):
        ask(roads)

    assert len(roads.asked) == 1


def test_nobody_is_followed_to_another_host(roads: FakeRoads) -> None:
    with fake_roads() as elsewhere:
        roads.always = moved_to(elsewhere.url + PATH)

        with pytest.raises(TravelUnavailable, match=r"elsewhere \(status 302\)"):
            ask(roads)

        assert elsewhere.asked == []


def test_json_that_is_no_object_is_no_answer(roads: FakeRoads) -> None:
    roads.always = words("[1, 2]")

    with pytest.raises(TravelUnavailable, match="cannot be read"):
        ask(roads)


def test_a_silent_service_is_given_up_in_time(roads: FakeRoads) -> None:
    roads.always = late(2.0)

    began = time.monotonic()
    with pytest.raises(TravelUnavailable, match="does not answer"):
        ask(roads, within_s=0.2)

    assert time.monotonic() - began < 1.5


def test_a_trickling_service_is_given_up_in_time(roads: FakeRoads) -> None:
    roads.always = trickling(0.05)

    began = time.monotonic()
    with pytest.raises(TravelUnavailable, match=r"too slow|does not answer"):
        ask(roads, within_s=0.3)

    assert time.monotonic() - began < 2.0


def test_an_endless_answer_is_not_read_to_its_end(
    roads: FakeRoads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travel_http, "MOST_BYTES", 3_000_000)
    roads.always = endless

    with pytest.raises(TravelUnavailable, match="too large"):
        ask(roads)

    assert len(roads.asked) == 1


def test_nobody_there_is_unavailable() -> None:
    with fake_roads() as gone:
        url = gone.url

    with pytest.raises(TravelUnavailable, match="does not answer"):
        RoadLine(url).ask(PATH, within_s=1.0)
