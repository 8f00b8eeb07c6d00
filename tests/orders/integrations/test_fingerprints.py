"""The same picture is known again; other pictures are not taken for it."""

from itertools import combinations

import pytest
from PIL import Image

from leaders.services.photos import photo_clean
from orders.integrations.fingerprints import fingerprint
from orders.selectors.claim_photos import NEAR_BITS
from tests.orders.photos import photo, saved, scene


def distance(one: int, other: int) -> int:
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def known(picture: Image.Image, **options: int) -> int:
    found = fingerprint(photo_clean(saved(picture, **options)))
    assert found is not None
    return found


def trimmed(picture: Image.Image, percent: int) -> Image.Image:
    """The picture without so much of each of its edges."""
    dx, dy = picture.width * percent // 100, picture.height * percent // 100
    return picture.crop((dx, dy, picture.width - dx, picture.height - dy))


@pytest.mark.parametrize("number", range(12))
def test_a_picture_saved_again_made_smaller_or_trimmed_is_near(number: int) -> None:
    picture = scene(number)
    first = known(picture, quality=92)

    again = {
        "saved at half the quality": known(picture, quality=40),
        "half the size": known(picture.resize((picture.width // 2, picture.height // 2))),
        "a third of the size, saved badly": known(
            picture.resize((picture.width // 3, picture.height // 3)), quality=50
        ),
        "trimmed by 1 %": known(trimmed(picture, 1), quality=80),
        "trimmed by 2 %": known(trimmed(picture, 2), quality=80),
    }

    far = {how: distance(first, other) for how, other in again.items()}
    assert {how: bits for how, bits in far.items() if bits > NEAR_BITS} == {}


def test_other_pictures_are_far() -> None:
    prints = [known(scene(number)) for number in range(30)]

    nearest = min(distance(one, other) for one, other in combinations(prints, 2))

    assert nearest > NEAR_BITS


def test_a_picture_of_nothing_has_none() -> None:
    assert fingerprint(photo_clean(photo(1))) is None


def test_it_fits_a_signed_column() -> None:
    prints = [known(scene(number)) for number in range(30)]

    assert all(-(1 << 63) <= one < 1 << 63 for one in prints)
    assert min(prints) < 0 < max(prints)
