"""Uploaded photos come out as our own pictures, or not at all."""

import io
import struct
import zlib

import pytest
from PIL import Image

from leaders.errors import PhotoRefused
from leaders.services.photos import BYTES_MAX, photo_clean, photo_file

GPS_TAG = 0x8825
ORIENTATION_TAG = 0x0112


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_what_the_camera_wrote_is_gone_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    exif[0x010F] = "Phone of a resident"
    exif[GPS_TAG] = {1: "N", 2: (34.0, 45.0, 0.0)}
    data = encoded(Image.new("RGB", (40, 20), "red"), exif=exif, comment=b"secret")

    cleaned = photo_clean(data)

    assert opened(cleaned).size == (20, 40)
    assert dict(opened(cleaned).getexif()) == {}
    assert b"resident" not in cleaned
    assert b"secret" not in cleaned


def test_bytes_behind_the_picture_are_gone() -> None:
    data = encoded(Image.new("RGB", (10, 10))) + b"<script>alert(1)</script>"

    assert b"script" not in photo_clean(data)


def test_a_large_photo_becomes_a_small_one() -> None:
    cleaned = photo_clean(encoded(Image.new("RGB", (4000, 2000), "green")))

    assert opened(cleaned).size == (1280, 640)
    assert opened(cleaned).format == "JPEG"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    assert opened(photo_clean(encoded(Image.new(mode, (10, 10)), "PNG"))).mode == "RGB"


def test_what_was_transparent_becomes_white() -> None:
    cleaned = photo_clean(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))

    assert opened(cleaned).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(encoded(Image.new("RGB", (10, 10)), "GIF"), id="gif"),
        pytest.param(encoded(Image.new("RGB", (99, 99)))[:500], id="cut_off"),
        pytest.param(b"\xff" * (BYTES_MAX + 1), id="too_many_bytes"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRefused):
        photo_clean(data)


def test_a_picture_that_would_unpack_into_gigabytes_is_refused_unread() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
    )

    with pytest.raises(PhotoRefused):
        photo_clean(bomb)


def test_no_two_files_have_a_name_somebody_could_guess() -> None:
    data = encoded(Image.new("RGB", (10, 10)))

    names = {photo_file(data).name for _file in range(2)}

    assert len(names) == 2
    assert all(name and name.endswith(".jpg") and len(name) > 20 for name in names)
