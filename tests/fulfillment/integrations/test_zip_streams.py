"""A ZIP that is on its way before it is finished."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

from fulfillment.integrations.zip_streams import zip_streamed

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def test_every_member_arrives_whole() -> None:
    members = [("a.txt", [b"one ", b"two"]), ("鸡蛋/b.png", [b"\x89PNG"])]

    packed = b"".join(zip_streamed(members, AT))

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a.txt": b"one two",
            "鸡蛋/b.png": b"\x89PNG",
        }


def test_a_member_is_made_when_its_turn_comes() -> None:
    made: list[str] = []

    def members() -> Iterator[tuple[str, list[bytes]]]:
        for name in ("a", "b"):
            made.append(name)
            yield name, [b"content"]

    stream = zip_streamed(members(), AT)

    assert made == []
    assert b"content" in next(stream)
    assert made == ["a"]
