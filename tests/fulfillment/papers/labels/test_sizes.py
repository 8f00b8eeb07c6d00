"""Sizes and sheets of labels."""

import pytest

from fulfillment.errors import LabelSheetUnknown
from fulfillment.papers.labels.sizes import (
    A4_MM,
    MEDIA,
    LabelGrid,
    Offset,
    Printing,
    medium_named,
    printer_offsets,
)

GRIDS = [medium for medium in MEDIA.values() if isinstance(medium, LabelGrid)]


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.name)
def test_the_labels_of_a_sheet_lie_on_it_and_beside_each_other(grid: LabelGrid) -> None:
    boxes = [grid.box(position) for position in range(1, grid.per_page + 1)]

    for box in boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= A4_MM[0] + 0.01
        assert box.y + box.height <= A4_MM[1] + 0.01
    assert grid.pitch_x >= grid.width
    assert grid.pitch_y >= grid.height
    assert len({(box.x, box.y) for box in boxes}) == grid.per_page


def test_positions_count_along_the_rows() -> None:
    grid = medium_named("a4-3x7")

    assert (grid.box(1).x, grid.box(1).y) == (7.25, 15.15)
    assert (grid.box(2).x, grid.box(2).y) == (73.25, 15.15)
    assert grid.box(4).x == 7.25
    assert grid.box(4).y == pytest.approx(53.25)


@pytest.mark.parametrize("name", ["", "60X40", "a4", "50x30"])
def test_a_size_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(LabelSheetUnknown):
        medium_named(name)


@pytest.mark.parametrize(("medium", "start"), [("60x40", 0), ("60x40", 2), ("a4-3x8", 25)])
def test_a_position_that_a_sheet_does_not_have_is_refused(medium: str, start: int) -> None:
    with pytest.raises(LabelSheetUnknown):
        Printing(medium=MEDIA[medium], start=start)


def test_printers_have_offsets_of_their_own() -> None:
    assert printer_offsets(["dock=0.5:-1", " office =0:0"]) == {
        "dock": Offset(0.5, -1),
        "office": Offset(0, 0),
    }
    assert printer_offsets([]) == {}


@pytest.mark.parametrize("entry", ["dock", "dock=1", "=1:1", "dock=a:b", "dock=11:0", "dock=nan:0"])
def test_an_offset_of_another_form_is_refused(entry: str) -> None:
    with pytest.raises(LabelSheetUnknown):
        printer_offsets([entry])


def test_every_medium_is_named_for_its_size() -> None:
    assert [medium.title for medium in MEDIA.values()] == [
        "60 × 40 mm",
        "80 × 60 mm",
        "100 × 100 mm",
        "A4 2 × 5 (105 × 57 mm)",
        "A4 3 × 8 (70 × 37 mm)",
        "A4 3 × 7 (63.5 × 38.1 mm)",
    ]
