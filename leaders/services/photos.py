"""Photos that people upload: looked into, turned upright, encoded anew.

What comes out was written by us, pixel by pixel: no place, no date, no name
of a phone, and nothing that was hidden behind the picture.
"""

import io
import secrets
import warnings

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from leaders.errors import PhotoRefused

BYTES_MAX = 10 * 1024 * 1024
PIXELS_MAX = 40_000_000
SIDE_MAX = 1280
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


def photo_clean(data: bytes) -> bytes:
    """Return the photo as a JPEG of at most 1280 pixels a side, without what was attached to it.

    Raises `PhotoRefused` for more than 10 MiB or 40 million pixels, and for
    anything that is not a JPEG, PNG or WebP picture that can be read to its end.
    """
    if len(data) > BYTES_MAX:
        raise PhotoRefused("The photo is larger than 10 MB.")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a picture that would unpack into gigabytes.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > PIXELS_MAX:
                    raise PhotoRefused("The photo has too many pixels.")
                picture = _on_white(ImageOps.exif_transpose(opened))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PhotoRefused("This file is not a photo we can read.") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PhotoRefused("The photo has too many pixels.") from error
    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    # Pillow hands a comment on to the copy unless it is told to forget it.
    picture.info.clear()
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def photo_file(data: bytes) -> "ContentFile[bytes]":
    """Return the cleaned photo as a file with a name nobody can guess."""
    return ContentFile(photo_clean(data), name=f"{secrets.token_urlsafe(16)}.jpg")


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours; what was transparent becomes white."""
    if picture.mode not in ("RGBA", "LA", "P"):
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
