"""Fingerprints of what a picture shows: near pictures have near fingerprints.

The difference hash: grey, nine by eight, and one bit for each pixel that is
lighter than its left neighbour. Saving a picture again, another size, or a
trimmed edge change few of the 64 bits.
"""

import io

from PIL import Image, ImageStat

WIDTH, HEIGHT = 9, 8
# A wall, a dark pocket: pictures without anything on them are all alike.
CONTRAST_MIN = 4.0
SIGN_BIT = 1 << 63


def fingerprint(picture: bytes) -> int | None:
    """Return the fingerprint as a signed 64-bit number; None for a picture of nothing.

    The bytes must be a picture that `photo_clean` wrote.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        grey = opened.convert("L")
    small = grey.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    if ImageStat.Stat(small).stddev[0] < CONTRAST_MIN:
        return None
    pixels = small.tobytes()
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            left = row * WIDTH + column
            bits = bits << 1 | (pixels[left + 1] > pixels[left])
    return bits - (1 << 64) if bits & SIGN_BIT else bits
