"""Small photos, each of another colour."""

import io

from PIL import Image


def photo(shade: int) -> bytes:
    """A picture as a phone would send it; another shade is another picture."""
    written = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 30)).save(written, format="PNG")
    return written.getvalue()
