"""Copies the few files we serve or print with out of node_modules."""

import shutil
from pathlib import Path

from install.errors import InstallationError

FONTS = "@expo-google-fonts/noto-sans-sc"
# From npm package and path to the place below static/vendor. Licences travel along.
FILES = {
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "echarts/dist/echarts.common.min.js": "echarts/echarts.common.min.js",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.js.map": "leaflet/leaflet.js.map",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    f"{FONTS}/LICENSE_FONT": "fonts/noto-sans-sc/LICENSE",
    f"{FONTS}/400Regular/NotoSansSC_400Regular.ttf": (
        "fonts/noto-sans-sc/NotoSansSC_400Regular.ttf"
    ),
    f"{FONTS}/700Bold/NotoSansSC_700Bold.ttf": "fonts/noto-sans-sc/NotoSansSC_700Bold.ttf",
}


def copy_vendor_files(packages: Path, target: Path) -> None:
    """Replace `target` by exactly the listed files of `packages`.

    Raises
    ------
    InstallationError
        If a listed file is missing; `target` is then left as it was.
    """
    missing = [source for source in FILES if not (packages / source).is_file()]
    if missing:
        raise InstallationError(f"not in the npm packages: {', '.join(missing)}")
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    for source, place in FILES.items():
        (half / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / source, half / place)
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
