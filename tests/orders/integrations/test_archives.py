"""What a packed file becomes."""

import io
import zipfile

import pytest

from orders.integrations.archives import unpacked_bytes


def archive(*members: bytes) -> bytes:
    """A zip archive of these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, member in enumerate(members):
            packed.writestr(f"{number}", member)
    return written.getvalue()


def test_it_tells_the_size_of_everything_unpacked() -> None:
    assert unpacked_bytes(archive(b"abc", b"", b"de")) == 5


def test_a_bomb_is_known_by_what_it_says_of_itself() -> None:
    bomb = archive(b"\0" * 50_000_000)

    assert len(bomb) < 100_000
    assert unpacked_bytes(bomb) == 50_000_000


def test_a_member_that_lies_about_its_size_cannot_be_read() -> None:
    honest = archive(b"\0" * 1_000_000)
    lying = honest.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert unpacked_bytes(lying) == 10
    with zipfile.ZipFile(io.BytesIO(lying)) as packed, pytest.raises(zipfile.BadZipFile):
        packed.read("0")


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(zipfile.BadZipFile):
        unpacked_bytes(b"no archive")
