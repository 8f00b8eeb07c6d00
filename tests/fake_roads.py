"""A little OSRM and Valhalla for tests: a real server on a real port, with scripted faults.

Its roads are a fifth longer than the straight line, 100 m longer still when
they lead east, and driven at 10 m/s.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from fulfillment.routing.travel import geodesic_m
from leaders.domain.coordinates import Place

OSRM_NAME, VALHALLA_NAME = "osrm", "valhalla"
SPEED_M_PER_S = 10
# A status and a body, sent instead of the table or made from it.
Answer = tuple[int, bytes]
Fault = Callable[["Visit", Answer], None]


def road_m(here: Place, there: Place) -> int:
    """How far the fake's roads lead from one place to another."""
    return roads_m([here], [there])[0][0]


def road_s(here: Place, there: Place) -> int:
    """How long that takes."""
    return round(road_m(here, there) / SPEED_M_PER_S)


def roads_m(sources: Sequence[Place], destinations: Sequence[Place]) -> list[list[int]]:
    """All distances from the ones to the others."""
    straight = geodesic_m([*sources, *destinations])[: len(sources), len(sources) :]
    return [
        [
            0 if here == there else round(apart * 1.2) + (100 if there.lng > here.lng else 0)
            for there, apart in zip(destinations, row, strict=True)
        ]
        for here, row in zip(sources, straight.tolist(), strict=True)
    ]


@dataclass
class FakeRoads:
    """What the server knows, what it shall do wrong next, and what it was asked."""

    port: int = 0
    most_pairs: int = 10_000
    roadless: set[Place] = field(default_factory=set)
    off_map: set[Place] = field(default_factory=set)
    unknown: set[Place] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    asked: list[tuple[int, int]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pairs_asked(self) -> int:
        """How many cells were asked for, over all questions."""
        return sum(sources * destinations for sources, destinations in self.asked)


@contextmanager
def fake_roads() -> Iterator[FakeRoads]:
    """Serve until the block ends."""
    roads = FakeRoads()

    class Handler(Visit):
        fake = roads

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    roads.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield roads
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Visit(BaseHTTPRequestHandler):
    """One connection; `fake` is the server's knowledge."""

    fake: FakeRoads
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """Answer as OSRM's table service."""
        self.fake.paths.append(self.path)
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        places = [
            Place(*map(float, pair.split(",")))
            for pair in unquote(parts.path).rsplit("/", 1)[1].split(";")
        ]
        sources, destinations = (
            [places[int(number)] for number in query[side][0].split(";")]
            for side in ("sources", "destinations")
        )
        self._serve(sources, destinations, self._osrm)

    def do_POST(self) -> None:
        """Answer as Valhalla's matrix service."""
        self.fake.paths.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sources, destinations = (
            [Place(place["lon"], place["lat"]) for place in body[side]]
            for side in ("sources", "targets")
        )
        self._serve(sources, destinations, self._valhalla)

    def _serve(
        self,
        sources: Sequence[Place],
        destinations: Sequence[Place],
        speak: Callable[[Sequence[Place], Sequence[Place]], dict[str, Any]],
    ) -> None:
        self.fake.asked.append((len(sources), len(destinations)))
        if len(sources) * len(destinations) > self.fake.most_pairs:
            answer = (400, b'{"code":"TooBig","message":"Too many table coordinates"}')
        elif self.fake.unknown.intersection([*sources, *destinations]):
            answer = (400, b'{"code":"NoSegment","message":"No segment for coordinate"}')
        else:
            answer = (200, json.dumps(speak(sources, destinations)).encode())
        fault = self.fake.faults.pop(0) if self.fake.faults else self.fake.always
        (fault or send)(self, answer)

    def _osrm(self, sources: Sequence[Place], destinations: Sequence[Place]) -> dict[str, Any]:
        metres = self._metres(sources, destinations)
        return {
            "code": "Ok",
            "distances": metres,
            "durations": [[_seconds(length) for length in row] for row in metres],
            "sources": [self._waypoint(place) for place in sources],
            "destinations": [self._waypoint(place) for place in destinations],
        }

    def _valhalla(self, sources: Sequence[Place], destinations: Sequence[Place]) -> dict[str, Any]:
        return {
            "sources_to_targets": [
                [
                    {
                        "distance": None if length is None else length / 1000,
                        "time": _seconds(length),
                        "from_index": row,
                        "to_index": column,
                    }
                    for column, length in enumerate(lengths)
                ]
                for row, lengths in enumerate(self._metres(sources, destinations))
            ],
            "units": "kilometers",
        }

    def _metres(
        self, sources: Sequence[Place], destinations: Sequence[Place]
    ) -> list[list[int | None]]:
        roadless = self.fake.roadless
        return [
            [
                None if {here, there} & roadless else length
                for there, length in zip(destinations, row, strict=True)
            ]
            for here, row in zip(sources, roads_m(sources, destinations), strict=True)
        ]

    def _waypoint(self, place: Place) -> dict[str, Any]:
        apart_m = 40_000.5 if place in self.fake.off_map else 12.5
        return {"distance": apart_m, "name": "", "location": [place.lng, place.lat]}

    def say(self, status: int, body: bytes, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def _seconds(length: int | None) -> int | None:
    return None if length is None else round(length / SPEED_M_PER_S)


def send(visit: Visit, answer: Answer) -> None:
    """Nothing wrong: the answer as it is."""
    visit.say(*answer)


def status(number: int, words: str = "{}") -> Fault:
    """Answer with this status instead."""
    return lambda visit, _answer: visit.say(number, words.encode())


def words(body: str) -> Fault:
    """Answer with this body instead."""
    return lambda visit, _answer: visit.say(200, body.encode())


def moved_to(url: str) -> Fault:
    """Send the caller elsewhere."""
    return lambda visit, _answer: visit.say(302, b"", Location=url)


def changed(change: Callable[[dict[str, Any]], object]) -> Fault:
    """Answer with a table that `change` has spoiled."""

    def spoil(visit: Visit, answer: Answer) -> None:
        decoded = json.loads(answer[1])
        change(decoded)
        visit.say(answer[0], json.dumps(decoded).encode())

    return spoil


def late(seconds: float) -> Fault:
    """Answer after a while."""

    def wait(visit: Visit, answer: Answer) -> None:
        time.sleep(seconds)
        _despite_hanging_up(lambda: visit.say(*answer))

    return wait


def trickling(every_s: float) -> Fault:
    """Send a byte now and then, never enough to look silent."""

    def trickle(visit: Visit, answer: Answer) -> None:
        visit.send_response(200)
        visit.send_header("Content-Length", str(len(answer[1])))
        visit.end_headers()
        for byte in answer[1]:
            time.sleep(every_s)
            if not _despite_hanging_up(partial(visit.wfile.write, bytes([byte]))):
                return

    return trickle


def cut_short(visit: Visit, answer: Answer) -> None:
    """Announce a whole answer, send half, hang up."""
    visit.send_response(answer[0])
    visit.send_header("Content-Length", str(len(answer[1])))
    visit.end_headers()
    visit.wfile.write(answer[1][: len(answer[1]) // 2])
    visit.close_connection = True


def endless(visit: Visit, _answer: Answer) -> None:
    """Send spaces until the caller has had enough."""
    visit.send_response(200)
    visit.end_headers()
    while _despite_hanging_up(lambda: visit.wfile.write(b" " * 1_000_000)):
        pass
    visit.close_connection = True


def _despite_hanging_up(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True
