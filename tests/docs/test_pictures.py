"""The pictures of the README stay small."""

import random
from pathlib import Path

import pytest
from PIL import Image

from docs.pictures import PictureTooLarge, picture_write, side_by_side


def noise(side: int) -> Image.Image:
    """A picture that hardly compresses."""
    return Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))


def test_screens_stand_beside_each_other_with_a_margin() -> None:
    red, blue = Image.new("RGB", (100, 50), "red"), Image.new("RGB", (60, 80), "blue")

    sheet = side_by_side([red, blue])

    assert sheet.size == (100 + 60 + 3 * 40, 80 + 2 * 40)
    assert sheet.getpixel((40, 40)) == (255, 0, 0)
    assert sheet.getpixel((180, 40)) == (0, 0, 255)


def test_a_picture_is_written_with_the_colours_that_fit(tmp_path: Path) -> None:
    rich = picture_write(noise(64), tmp_path / "rich.png")
    poor = picture_write(noise(64), tmp_path / "img" / "poor.png", max_bytes=rich - 500)

    assert poor <= rich - 500
    assert (tmp_path / "img" / "poor.png").stat().st_size == poor


def test_a_picture_that_cannot_shrink_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureTooLarge):
        picture_write(noise(64), tmp_path / "huge.png", max_bytes=100)
