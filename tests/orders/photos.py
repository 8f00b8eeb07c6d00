"""Small photos, each of another colour."""

import io
import random

from PIL import Image


def photo(shade: int) -> bytes:
    """A picture as a phone would send it; another shade is another picture."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 30)).save(written, format="PNG")
    return written.getvalue()


def scene(number: int) -> Image.Image:
    """A picture with light and dark places, as of a crate; another number is another scene."""
    draw = random.Random(number)
    rough = Image.new("L", (7, 6))
    rough.putdata([draw.randrange(20, 236) for _pixel in range(42)])
    smooth = rough.resize((640, 480), Image.Resampling.BICUBIC)
    warm = smooth.point([value * 3 // 4 for value in range(256)])
    return Image.merge("RGB", (smooth, warm, warm.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))


def saved(picture: Image.Image, **options: int) -> bytes:
    """A picture as a phone would send it, after its camera saved it."""
    written = io.BytesIO()
    picture.save(written, format="JPEG", **options)
    return written.getvalue()
