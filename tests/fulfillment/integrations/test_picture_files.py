"""Pictures are drawn once for what stands on them."""

from datetime import date
from pathlib import Path

from fulfillment.integrations.picture_files import picture_kept

TODAY = date(2026, 3, 10)


def test_the_same_content_is_drawn_once(tmp_path: Path) -> None:
    drawn: list[int] = []

    def draw() -> bytes:
        drawn.append(1)
        return b"png"

    pictures = [picture_kept(tmp_path / "new", "eggs", TODAY, draw) for _at in range(3)]

    assert pictures == [b"png"] * 3
    assert len(drawn) == 1
    assert picture_kept(tmp_path / "new", "tofu", TODAY, lambda: b"other") == b"other"


def test_old_pictures_are_thrown_away(tmp_path: Path) -> None:
    for day in ("2026-03-07", "2026-03-08", "not-a-day"):
        (tmp_path / day).mkdir()

    picture_kept(tmp_path, "eggs", TODAY, lambda: b"png")

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["2026-03-08", "2026-03-10", "not-a-day"]


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert picture_kept(tmp_path / "file", "eggs", TODAY, lambda: b"png") == b"png"
