"""Nominatim, Baidu and Amap in small, for tests: a real server on a real port.

Each answers in the JSON its service documents. They know one address, at one
place, and what they shall answer instead of it.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from leaders.domain.coordinates import CoordSystem, Place, from_wgs84

KEY = "our-key"
ADDRESS = "郑州市金水区花园路8号"
PLACE = Place(113.681234, 34.791234)


@dataclass
class FakeGeocoders:
    """What the server was asked, and what it does wrong."""

    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    # Sent instead of every answer: a status and a body.
    instead: tuple[int, bytes] | None = None
    late_s: float = 0.0
    trickles_s: float = 0.0
    knows_more: tuple[Place, ...] = ()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def places(self, address: str) -> tuple[Place, ...]:
        """What it knows of an address."""
        return (PLACE, *self.knows_more) if address == ADDRESS else ()


@contextmanager
def fake_geocoders() -> Iterator[FakeGeocoders]:
    """Serve until the block ends."""
    known = FakeGeocoders()

    class Handler(_Visit):
        fake = known

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Visit(BaseHTTPRequestHandler):
    fake: FakeGeocoders

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """Answer as the service whose path is asked for."""
        parts = urlsplit(self.path)
        query = {name: words[0] for name, words in parse_qs(parts.query).items()}
        self.fake.asked.append(query)
        self.fake.agents.append(self.headers["User-Agent"])
        time.sleep(self.fake.late_s)
        speak = {
            "/search": self._nominatim,
            "/osm/search": self._nominatim,
            "/geocoding/v3/": self._baidu,
            "/v3/geocode/geo": self._amap,
        }[parts.path]
        status, body = self.fake.instead or (200, json.dumps(speak(query)).encode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", f"{self.fake.url}/elsewhere")
        self.end_headers()
        try:
            for byte in body if self.fake.trickles_s else ():
                self.wfile.write(bytes([byte]))
                time.sleep(self.fake.trickles_s)
            if not self.fake.trickles_s:
                self.wfile.write(body)
        except OSError:
            return

    def _nominatim(self, query: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "place_id": 1,
                "licence": "Data © OpenStreetMap contributors, ODbL 1.0",
                "osm_type": "way",
                "lat": str(place.lat),
                "lon": str(place.lng),
                "class": "building",
                "type": "yes",
                "display_name": f"{ADDRESS}, 中国",
                "boundingbox": ["34.7911", "34.7913", "113.6811", "113.6813"],
            }
            for place in self.fake.places(query["q"])
        ]

    def _baidu(self, query: dict[str, str]) -> dict[str, Any]:
        if query["ak"] != KEY:
            return {"status": 200, "message": "APP不存在，AK有误请检查再重试"}
        for place in self.fake.places(query["address"]):
            there = from_wgs84(place, CoordSystem.BD09)
            return {
                "status": 0,
                "result": {
                    "location": {"lng": there.lng, "lat": there.lat},
                    "precise": 1,
                    "confidence": 80,
                    "comprehension": 100,
                    "level": "门址",
                },
            }
        return {"status": 1, "msg": "Internal Service Error:无相关结果", "results": []}

    def _amap(self, query: dict[str, str]) -> dict[str, Any]:
        if query["key"] != KEY:
            return {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
        places = self.fake.places(query["address"])
        if not places:
            info = "ENGINE_RESPONSE_DATA_ERROR"
            return {"status": "0", "info": info, "infocode": "30001"}
        found = [from_wgs84(place, CoordSystem.GCJ02) for place in places]
        return {
            "status": "1",
            "info": "OK",
            "infocode": "10000",
            "count": str(len(found)),
            "geocodes": [
                {
                    "formatted_address": f"河南省{ADDRESS}",
                    "country": "中国",
                    "province": "河南省",
                    "citycode": "0371",
                    "city": "郑州市",
                    "district": "金水区",
                    "township": [],
                    "neighborhood": {"name": [], "type": []},
                    "building": {"name": [], "type": []},
                    "adcode": "410105",
                    "street": "花园路",
                    "number": "8号",
                    "location": f"{there.lng:.6f},{there.lat:.6f}",
                    "level": "门牌号",
                }
                for there in found
            ],
        }
