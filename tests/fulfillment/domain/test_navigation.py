"""Every map app is started with the coordinates it understands."""

from urllib.parse import parse_qs, urlsplit

from fulfillment.domain.navigation import MapApp, navigation_links
from leaders.domain.coordinates import CoordSystem, Place, to_wgs84

DOOR = Place(113.665412, 34.757977)
# A ten-thousandth of a degree is about ten metres.
NEAR = 2e-5


def links() -> dict[MapApp, tuple[str, str, str]]:
    return {
        link.app: (link.web, link.android, link.ios) for link in navigation_links(DOOR, "锦绣 2期")
    }


def asked(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]


def is_door(lng: str, lat: str, system: CoordSystem) -> bool:
    place = to_wgs84(float(lng), float(lat), system)
    return abs(place.lng - DOOR.lng) < NEAR and abs(place.lat - DOOR.lat) < NEAR


def test_amap_takes_longitude_first_in_gcj02() -> None:
    web, android, ios = links()[MapApp.AMAP]

    lng, lat, name = asked(web, "to").split(",")
    assert is_door(lng, lat, CoordSystem.GCJ02)
    assert (name, asked(web, "coordinate"), asked(web, "callnative")) == ("锦绣 2期", "gaode", "1")
    assert (android, ios) == ("", "")


def test_baidu_takes_latitude_first_in_bd09() -> None:
    web, android, ios = links()[MapApp.BAIDU]

    lat, lng = asked(web, "location").split(",")
    assert is_door(lng, lat, CoordSystem.BD09)
    for app in (android, ios):
        name, place = asked(app, "destination").split("|latlng:")
        lat, lng = place.split(",")
        assert is_door(lng, lat, CoordSystem.BD09)
        assert (name, asked(app, "coord_type")) == ("name:锦绣 2期", "bd09ll")
    assert android.startswith("bdapp://map/direction?")
    assert ios.startswith("baidumap://map/direction?")


def test_tencent_takes_latitude_first_in_gcj02() -> None:
    for address in links()[MapApp.TENCENT]:
        lat, lng = asked(address, "tocoord").split(",")
        assert is_door(lng, lat, CoordSystem.GCJ02)
        assert asked(address, "to") == "锦绣 2期"
