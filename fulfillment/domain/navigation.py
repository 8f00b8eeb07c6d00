"""Links that start a driver's map app on the way to a place.

Every maker has its own address and its own coordinates: Amap and Tencent take
GCJ-02, Baidu takes BD-09. A place given in the wrong system lies some hundred
metres beside the door. The web addresses work everywhere; Amap's starts the
app by itself (`callnative`), the others have an address for the app, too.

Sources: Amap URI API (uri.amap.com/navigation), Baidu Maps URI API
(bdapp:// for Android, baidumap:// for iOS, api.map.baidu.com/marker), Tencent
Maps URI API (qqmap://, apis.map.qq.com/uri/v1/routeplan).
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from leaders.domain.coordinates import CoordSystem, Place, from_wgs84

SOURCE = "tuanpei"


class MapApp(StrEnum):
    """A map app drivers use."""

    AMAP = "amap"
    BAIDU = "baidu"
    TENCENT = "tencent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationLink:
    """How one app is started; `android` and `ios` are empty where `web` does it itself."""

    app: MapApp
    web: str
    android: str = ""
    ios: str = ""


def navigation_links(place: Place, name: str) -> tuple[NavigationLink, ...]:
    """Return the links to a WGS-84 place, the most used app first."""
    gcj, bd = from_wgs84(place, CoordSystem.GCJ02), from_wgs84(place, CoordSystem.BD09)
    baidu = urlencode(
        {
            "destination": f"name:{name}|latlng:{bd.lat:.6f},{bd.lng:.6f}",
            "coord_type": "bd09ll",
            "mode": "driving",
        }
    )
    tencent = urlencode(
        {
            "type": "drive",
            "to": name,
            "tocoord": f"{gcj.lat:.6f},{gcj.lng:.6f}",
            "referer": SOURCE,
        }
    )
    return (
        NavigationLink(app=MapApp.AMAP, web=_amap(gcj, name)),
        NavigationLink(
            app=MapApp.BAIDU,
            web=_baidu_marker(bd, name),
            android=f"bdapp://map/direction?{baidu}&src=andr.{SOURCE}.{SOURCE}",
            ios=f"baidumap://map/direction?{baidu}&src=ios.{SOURCE}.{SOURCE}",
        ),
        NavigationLink(
            app=MapApp.TENCENT,
            web=f"https://apis.map.qq.com/uri/v1/routeplan?{tencent}",
            android=f"qqmap://map/routeplan?{tencent}",
            ios=f"qqmap://map/routeplan?{tencent}",
        ),
    )


def _amap(gcj: Place, name: str) -> str:
    query = {
        "to": f"{gcj.lng:.6f},{gcj.lat:.6f},{name}",
        "mode": "car",
        "coordinate": "gaode",
        "src": SOURCE,
        "callnative": "1",
    }
    return f"https://uri.amap.com/navigation?{urlencode(query)}"


def _baidu_marker(bd: Place, name: str) -> str:
    query = {
        "location": f"{bd.lat:.6f},{bd.lng:.6f}",
        "title": name,
        "content": name,
        "coord_type": "bd09ll",
        "output": "html",
        "src": f"webapp.{SOURCE}.{SOURCE}",
    }
    return f"https://api.map.baidu.com/marker?{urlencode(query)}"
